"""SmartRecruiters, an applicant tracking system, read for what it has and written with what recruiters did."""

from landbridge.connectors.description import Connector
from landbridge.connectors.smartrecruiters.client import NAME
from landbridge.connectors.smartrecruiters.settings import ALLOWANCES, FIELDS
from landbridge.connectors.smartrecruiters.source import open_source
from landbridge.connectors.smartrecruiters.writing import open_writing

SMARTRECRUITERS = Connector(
    name=NAME,
    title="SmartRecruiters",
    fields=FIELDS,
    allowances=ALLOWANCES,
    source=open_source,
    writing=open_writing,
    tells_teams=True,
)

__all__ = ["SMARTRECRUITERS"]
