"""InMails of a recruiter: writing one, the inbox, one conversation."""
