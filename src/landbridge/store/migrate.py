"""Bringing a database up to date: Django's migrations, Procrastinate's among them, by one process at a time.

Procrastinate's schema comes through its own Django migrations (``procrastinate.contrib.django``): then an upgrade of
Procrastinate brings its changes in order, and one table tells what a database has.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.rows import scalar_row

from landbridge.errors import SettingError
from landbridge.settings import Settings
from landbridge.store.database import check_reachable, database_errors
from landbridge.store.embedded import Embedded
from landbridge.store.project import configure
from landbridge.store.secrets import ensure_key

# Any number will do, as long as all Landbridge processes take the same one.
TURN = 0x6C616E64_62726467


def migrate(settings: Settings) -> list[str]:
    """Bring the database of ``settings`` up to date; the names of the migrations applied. Blocking.

    A new database is bound to its encryption key. Raises SettingError, UnavailableError. Safe to run from several
    processes at once: they take turns.
    """
    with server(settings) as url:
        check_reachable(url)
        with database_errors(), psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [TURN])
            missing = missing_migrations(connection)
            if missing:
                _apply(settings, url)
            ensure_key(settings, connection)
            return missing


@contextmanager
def server(settings: Settings) -> Iterator[str]:
    """The address of the database in use, with the embedded server held where it is that."""
    if settings.database_url is not None:
        yield settings.database_url.reveal()
        return
    with Embedded(settings.data_dir) as url:
        yield url


def missing_migrations(connection: psycopg.Connection) -> list[str]:
    """What this Landbridge expects and the database lacks, told without Django."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        known = cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
        rows = cursor.execute("SELECT app || '.' || name FROM django_migrations").fetchall() if known else []
    return [name for name in expected_migrations() if name not in set(rows)]


def expected_migrations() -> list[str]:
    """All migrations of the apps with tables, as ``app.name``, in the order of apps and names."""
    folders = {
        "contenttypes": _folder("django.contrib.contenttypes.migrations"),
        "auth": _folder("django.contrib.auth.migrations"),
        "sessions": _folder("django.contrib.sessions.migrations"),
        "account": _folder("allauth.account.migrations"),
        "mfa": _folder("allauth.mfa.migrations"),
        "socialaccount": _folder("allauth.socialaccount.migrations"),
        "usersessions": _folder("allauth.usersessions.migrations"),
        "procrastinate": _folder("procrastinate.contrib.django.migrations"),
        "store": _folder("landbridge.store.migrations"),
    }
    return [f"{app}.{name}" for app, folder in folders.items() for name in _modules(folder)]


def check_migrated(connection: psycopg.Connection) -> None:
    """Raises SettingError where ``landbridge migrate`` has to be run first."""
    missing = missing_migrations(connection)
    if missing:
        raise SettingError(
            f"The database lacks {len(missing)} migrations of this Landbridge.",
            code="not_migrated",
            hint="Run: landbridge migrate",
            facts={"count": len(missing)},
        )


def _folder(package: str) -> str:
    # The top package is imported, the rest is a path: importing Django apps here would need configured settings.
    top, *rest = package.split(".")
    return str(Path(importlib.import_module(top).__path__[0]).joinpath(*rest))


def _modules(folder: str) -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules([folder]))


def _apply(settings: Settings, url: str) -> None:
    configure(settings, url)
    from django.core.management import call_command
    from django.db import connections

    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connections["default"].close()
