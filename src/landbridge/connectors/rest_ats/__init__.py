"""Any home-grown applicant tracking system: it pushes its records into Landbridge's JSON API, so nothing is read."""

from landbridge.connectors.description import Connector
from landbridge.connectors.rest_ats.source import NAME, open_source

REST_ATS = Connector(
    name=NAME,
    title="An ATS of your own",
    fields=(),
    source=open_source,
)

__all__ = ["REST_ATS"]
