"""Where every workspace a person may enter is listed."""
