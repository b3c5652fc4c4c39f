"""SmartRecruiters, an applicant tracking system, as a source of records."""

from landbridge.connectors.description import Connector
from landbridge.connectors.smartrecruiters.client import NAME
from landbridge.connectors.smartrecruiters.settings import ALLOWANCES, FIELDS
from landbridge.connectors.smartrecruiters.source import open_source

SMARTRECRUITERS = Connector(
    name=NAME,
    title="SmartRecruiters",
    fields=FIELDS,
    allowances=ALLOWANCES,
    source=open_source,
)

__all__ = ["SMARTRECRUITERS"]
