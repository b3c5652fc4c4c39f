"""Erased: what was deleted of people the ATS no longer has, where and when."""
