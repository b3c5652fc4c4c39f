"""Signing in and out, and the choice of the contract."""
