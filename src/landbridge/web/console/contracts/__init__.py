"""LinkedIn Recruiter System Connect: the contracts, where each stands, whose turn it is, and LinkedIn's window."""
