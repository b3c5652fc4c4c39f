"""The desk: what came from LinkedIn and waits for a word of the company."""
