"""More, Admin Settings."""
