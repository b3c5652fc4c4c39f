"""Connect users: whose Recruiter seat is whose user of the ATS."""
