"""Export to…: a member goes to a job of an ATS, chosen by typing."""
