"""Deterministic worlds. ``build_world(name, seed, candidates)`` gives a world; its ``network`` is LinkedIn's side."""
