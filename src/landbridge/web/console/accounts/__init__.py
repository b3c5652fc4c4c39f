"""All accounts of the installation, for those who run it."""
