"""Databases for tests: one throw-away PostgreSQL per test process, one fresh copy of the migrated database per test."""

from __future__ import annotations

import base64
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hypothesis
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from landbridge.settings import Settings, load
from landbridge.store.database import Database
from landbridge.store.embedded import Embedded
from landbridge.store.migrate import migrate
from landbridge.store.secrets import Vault, unlock

DEBIAN_PROGRAMS = Path("/usr/lib/postgresql/15/bin")
STORE = Path(__file__).parent / "store"
TEST_URL = os.environ.get("LANDBRIDGE_TEST_DATABASE_URL")

# How long an example takes says something about the machine, not about what is tested.
hypothesis.settings.register_profile("landbridge", deadline=None)
hypothesis.settings.load_profile("landbridge")

# Tests that ask for durability start a server of their own.
QUICK = {
    "fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB", "autovacuum": "off",
    "wal_level": "minimal", "max_wal_senders": "0",
}  # fmt: skip


KEY = base64.b64encode(b"a key that is only used by tests").decode()


def settings_for(database_url: str, **further: str) -> Settings:
    """Settings that point at ``database_url``, as an environment would give them."""
    return load({"LANDBRIDGE_DATABASE_URL": database_url, "LANDBRIDGE_ENCRYPTION_KEY": KEY, **further})


class Server:
    """A PostgreSQL with a migrated template database, and the copies made of it."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._template = f"landbridge_template_{os.getpid()}"
        self._numbers = itertools.count(1)
        self._execute(f"CREATE DATABASE {self._template}")
        # In a thread of its own: Django refuses to work where a loop runs, and a browser's loop may run around tests.
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(migrate, settings_for(self.url(self._template))).result()

    def url(self, name: str) -> str:
        parts = conninfo_to_dict(self._admin_url)
        if str(parts.get("host", "")).startswith("/"):
            return f"postgresql://{parts['user']}@/{name}?host={parts['host']}"
        password = f":{parts['password']}" if parts.get("password") else ""
        return f"postgresql://{parts['user']}{password}@{parts['host']}:{parts.get('port', 5432)}/{name}"

    def copy(self) -> str:
        """The name of a fresh copy of the migrated database."""
        return self.create(self._template)

    def create(self, template: str = "template1") -> str:
        """The name of a new database, without any table where no template is given."""
        name = f"landbridge_test_{os.getpid()}_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        self.drop(self._template)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(make_conninfo(self._admin_url), autocommit=True) as connection:
            connection.execute(statement.encode())


class Servers:
    """The servers of this test process, each started when the first test wants it."""

    def __init__(self) -> None:
        self._servers: dict[str, Server] = {}
        self._embedded: list[Embedded] = []

    def get(self, engine: str) -> Server:
        if engine not in self._servers:
            self._servers[engine] = Server(TEST_URL if engine == "configured" and TEST_URL else self._start(engine))
        return self._servers[engine]

    def _start(self, engine: str) -> str:
        # Not pytest's own directory: as root the server runs as another user, who could not get there.
        directory = Path(tempfile.mkdtemp(prefix="landbridge-test-"))
        embedded = Embedded(directory, programs=DEBIAN_PROGRAMS if engine == "debian" else None, options=QUICK)
        self._embedded.append(embedded)
        return embedded.start()

    def close(self) -> None:
        for server in self._servers.values():
            server.close()
        for embedded in self._embedded:
            embedded.stop()
            shutil.rmtree(embedded.data_dir)


def engines() -> list[str]:
    """The kinds of PostgreSQL this machine can test on."""
    if TEST_URL:
        return ["embedded", "configured"]
    return ["embedded", "debian"] if DEBIAN_PROGRAMS.is_dir() else ["embedded"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "every_engine: runs on each PostgreSQL this machine has, as tests/store does")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    everywhere = STORE in metafunc.definition.path.parents or metafunc.definition.get_closest_marker("every_engine")
    if everywhere and "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", engines())


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    servers = Servers()
    yield servers
    servers.close()


@pytest.fixture
def engine() -> str:
    """Which PostgreSQL a test runs on: all of them in tests/store and where a test is marked ``every_engine``."""
    return "embedded"


@pytest.fixture
def database_url(servers: Servers, engine: str) -> Iterator[str]:
    """The address of a fresh, migrated, empty database."""
    server = servers.get(engine)
    name = server.copy()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings that point at the test's own database and data directory."""
    return settings_for(database_url, LANDBRIDGE_DATA_DIR=str(tmp_path))


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The test's own database, opened."""
    async with await Database.open(settings) as database:
        yield database


@pytest.fixture
async def vault(settings: Settings, database: Database) -> Vault:
    """The vault of the test's own database."""
    return await unlock(settings, database)
