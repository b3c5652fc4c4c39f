"""The status page: what every workspace is doing, and whose turn it is."""
