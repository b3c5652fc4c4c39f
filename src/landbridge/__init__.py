"""Landbridge joins an applicant tracking system with LinkedIn Recruiter."""

__version__ = "0.1.0"
