"""Any home-grown applicant tracking system: it pushes its records into Landbridge's JSON API, so nothing is read.

What recruiters do in LinkedIn reaches it as signed events, at the address it names.
"""

from landbridge.connectors.description import Connector, Field
from landbridge.connectors.rest_ats.endpoint import NAME
from landbridge.connectors.rest_ats.signature import new_secret
from landbridge.connectors.rest_ats.source import open_source
from landbridge.connectors.rest_ats.writing import open_writing

REST_ATS = Connector(
    name=NAME,
    title="An ATS of your own",
    fields=(
        Field(
            name="url",
            title="Where events go",
            help="An https address of your ATS that takes exports, InMails and notes as signed events. Empty: none.",
        ),
        Field(
            name="secret",
            title="Signing secret",
            help="whsec_ and 24 to 64 random bytes as base64. Left out, one is made and shown once.",
            secret=True,
            made=new_secret,
        ),
    ),
    source=open_source,
    writing=open_writing,
    written_by="url",
)

__all__ = ["REST_ATS"]
