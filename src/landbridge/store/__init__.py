"""The database: its models by subject, its migrations, the SQL of the hot paths and the encryption of secrets."""
