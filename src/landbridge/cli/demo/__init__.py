"""The whole story in one command: two far sides, one company, a historical sync, and proof at its end."""
