"""Coming in for the first time: the first admin, and people who were invited."""
