"""LinkedIn Recruiter, written: jobs, candidates, applications and stages for Recruiter System Connect."""

from landbridge.connectors.linkedin.destination import LINKEDIN, LinkedIn
from landbridge.connectors.linkedin.reasons import REASONS

__all__ = ["LINKEDIN", "REASONS", "LinkedIn"]
