"""LinkedIn Recruiter: what Recruiter System Connect asks for is written, what recruiters do there is read."""

from landbridge.connectors.description import Connector
from landbridge.connectors.linkedin.destination import LinkedIn, open_linkedin
from landbridge.connectors.linkedin.incoming import open_incoming
from landbridge.connectors.linkedin.reasons import REASONS
from landbridge.connectors.linkedin.settings import FIELDS

LINKEDIN = Connector(
    name="linkedin",
    title="LinkedIn Recruiter",
    fields=FIELDS,
    destination=open_linkedin,
    incoming=open_incoming,
)

__all__ = ["LINKEDIN", "REASONS", "LinkedIn"]
