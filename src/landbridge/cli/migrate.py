"""landbridge migrate: bring the database up to date."""

from __future__ import annotations

from landbridge.cli.outcome import say, told


def migrate() -> None:
    """Bring the database up to date. Safe to repeat, also while Landbridge runs."""
    from landbridge.settings import load
    from landbridge.store.migrate import migrate as migrate_database

    with told():
        applied = migrate_database(load())
        say(f"{len(applied)} migrations applied." if applied else "The database is up to date.")
