"""Notes that recruiters write about people."""
