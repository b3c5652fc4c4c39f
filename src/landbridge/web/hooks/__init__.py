"""Addresses for far systems: what they push is checked, kept and acknowledged; nobody is called on the way."""
