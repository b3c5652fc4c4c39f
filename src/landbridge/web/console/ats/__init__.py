"""Connect your ATS: the credential, tried before it is saved."""
