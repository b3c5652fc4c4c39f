"""Activity: who did what in this workspace, and when."""
