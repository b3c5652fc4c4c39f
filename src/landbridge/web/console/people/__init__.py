"""People & access: who may do what in this workspace, and who is invited."""
