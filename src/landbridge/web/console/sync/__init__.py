"""The historical sync: how far it is, what binds it, and the proof at its end."""
