"""One's own account: how it is entered, from where, second factors, and proving who one is once more."""
