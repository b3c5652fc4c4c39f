"""Bringing a database up to date, by one process or several, and saying clearly when that cannot be."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from landbridge.errors import SettingError, UnavailableError
from landbridge.settings import Settings, load
from landbridge.store import database as database_room
from landbridge.store.database import Database
from landbridge.store.migrate import check_migrated, expected_migrations, migrate, missing_migrations
from landbridge.store.secrets import KEY_FILE, unlock
from tests.conftest import KEY, Servers

OTHER_KEY = base64.b64encode(bytes(32)).decode()
MIGRATE = (
    "from landbridge.settings import load; from landbridge.store.migrate import migrate; print(len(migrate(load())))"
)


@pytest.fixture
def empty(servers: Servers, engine: str) -> Iterator[str]:
    """The address of a database without any table."""
    server = servers.get(engine)
    name = server.create()
    yield server.url(name)
    server.drop(name)


def settings_of(url: str, data_dir: Path) -> Settings:
    return load({
        "LANDBRIDGE_DATABASE_URL": url, "LANDBRIDGE_ENCRYPTION_KEY": KEY, "LANDBRIDGE_DATA_DIR": str(data_dir)
    })  # fmt: skip


def test_migrating_twice_does_it_once(empty: str, tmp_path: Path) -> None:
    settings = settings_of(empty, tmp_path)
    assert migrate(settings) == expected_migrations()
    assert migrate(settings) == []


def test_two_processes_migrating_at_once_take_turns(empty: str, tmp_path: Path) -> None:
    environment = {
        "LANDBRIDGE_DATABASE_URL": empty, "LANDBRIDGE_ENCRYPTION_KEY": KEY, "LANDBRIDGE_DATA_DIR": str(tmp_path)
    }  # fmt: skip
    started = [
        subprocess.Popen([sys.executable, "-c", MIGRATE], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    applied = sorted(int(process.communicate(timeout=90)[0]) for process in started)
    assert [process.returncode for process in started] == [0, 0]
    assert applied == [0, len(expected_migrations())]


def test_procrastinate_and_sign_in_tables_come_along(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert {"record", "delivery", "procrastinate_jobs", "auth_user", "django_session"} <= {row[0] for row in rows}


def test_models_and_migrations_agree(database_url: str) -> None:
    code = (
        "import sys; from landbridge.settings import load; from landbridge.store.project import configure\n"
        "configure(load(), sys.argv[1]); from django.core.management import call_command\n"
        "call_command('makemigrations', 'store', check=True, dry_run=True)"
    )
    done = subprocess.run([sys.executable, "-c", code, database_url], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_database_behind_is_told_with_the_command_to_run(empty: str) -> None:
    with psycopg.connect(empty) as connection:
        assert missing_migrations(connection) == expected_migrations()
        with pytest.raises(SettingError) as caught:
            check_migrated(connection)
    assert caught.value.code == "not_migrated"
    assert "landbridge migrate" in caught.value.hint


def test_current_database_lacks_nothing(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        check_migrated(connection)


def test_unreachable_database_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be reached"):
        migrate(settings_of("postgresql://nobody@127.0.0.1:1/none", tmp_path))


def test_too_old_database_is_told(empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_room, "OLDEST_POSTGRES", 99)
    with pytest.raises(SettingError, match="needs 99 or newer"):
        migrate(settings_of(empty, tmp_path))


def test_new_database_elsewhere_needs_a_key_and_says_how_to_make_one(empty: str, tmp_path: Path) -> None:
    settings = load({"LANDBRIDGE_DATABASE_URL": empty, "LANDBRIDGE_DATA_DIR": str(tmp_path)})
    with pytest.raises(SettingError) as caught:
        migrate(settings)
    assert caught.value.code == "encryption_key_missing"
    assert "openssl rand" in caught.value.hint
    assert not (tmp_path / KEY_FILE).exists()


async def test_start_with_another_key_is_refused(database: Database, settings: Settings) -> None:
    other = load({"LANDBRIDGE_DATABASE_URL": database.url, "LANDBRIDGE_ENCRYPTION_KEY": OTHER_KEY})
    with pytest.raises(SettingError) as caught:
        await unlock(other, database)
    assert caught.value.code == "encryption_key_wrong"
    assert (await unlock(settings, database)).key_id


async def test_start_without_the_key_is_refused(database: Database, tmp_path: Path) -> None:
    none = load({"LANDBRIDGE_DATABASE_URL": database.url, "LANDBRIDGE_DATA_DIR": str(tmp_path)})
    with pytest.raises(SettingError) as caught:
        await unlock(none, database)
    assert caught.value.code == "encryption_key_missing"
    assert str(tmp_path / KEY_FILE) in caught.value.hint


def test_migrating_with_another_key_is_refused(database_url: str, tmp_path: Path) -> None:
    other = load(
        {
            "LANDBRIDGE_DATABASE_URL": database_url,
            "LANDBRIDGE_ENCRYPTION_KEY": OTHER_KEY,
            "LANDBRIDGE_DATA_DIR": str(tmp_path),
        }
    )
    with pytest.raises(SettingError, match="not the one"):
        migrate(other)
