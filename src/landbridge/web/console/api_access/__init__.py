"""API access: tokens of the JSON API, and the door for an ATS of one's own."""
