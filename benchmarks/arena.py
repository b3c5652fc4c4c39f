"""The ground of a measurement: an embedded PostgreSQL with the candidates in it, and the sink, each its own process."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import psycopg
from msgspec import Struct

from benchmarks.people import COLUMNS, Shape, candidates, columns_of, row_of
from landbridge.settings import Settings
from landbridge.store.migrate import migrate, server

ROOT = Path(__file__).resolve().parents[1]
ORGANIZATION = "urn:li:organization:1337"
LOADED_AT = datetime(2026, 1, 1, tzinfo=UTC)


class Received(Struct, frozen=True):
    """What the sink has counted."""

    requests: int
    records: int
    distinct: int
    checksum: int


class Sink:
    """The sink process, seen from the side that measures."""

    def __init__(self, url: str) -> None:
        self.url = url

    def reset(self) -> None:
        self._get("/_reset")

    def received(self) -> Received:
        return msgspec.json.decode(self._get("/_count"), type=Received)

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path) as answer:
            body: bytes = answer.read()
            return body


@contextmanager
def running_sink() -> Iterator[Sink]:
    command = [sys.executable, "-m", "benchmarks.sink"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        try:
            yield Sink(f"http://127.0.0.1:{int(process.stdout.readline())}")
        finally:
            process.terminate()


@contextmanager
def running_database() -> Iterator[str]:
    """A fresh embedded PostgreSQL with the product's own settings and tables; its address."""
    with TemporaryDirectory(prefix="landbridge-bench-") as directory:
        settings = Settings(data_dir=Path(directory))
        with server(settings) as url:
            migrate(settings)
            yield url


def load_people(url: str, count: int, shape: Shape, *, table: bool = True) -> None:
    """Put the candidates into the mirror, due for LinkedIn, and beside it into a plain table with typed columns."""
    with psycopg.connect(url) as connection:
        _load_workspace(connection)
        _load_mirror(connection, count, shape)
        if table:
            _load_table(connection, count, shape)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def make_due(url: str) -> None:
    """Undo what a run of the engine has written down, on tables as compact as the first run found them."""
    with psycopg.connect(url) as connection:
        connection.execute("TRUNCATE delivery, lane, budget, call")
        _load_ledger(connection)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) delivery")
        connection.execute("CHECKPOINT")


def _load_workspace(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO workspace (id, slug, name, organization_urn, foreign_id, choices, created_at)"
        " VALUES (1, 'bench', 'Bench', %s, 'bench', %s, %s)",
        (ORGANIZATION, json.dumps({}), LOADED_AT),
    )


def _load_mirror(connection: psycopg.Connection, count: int, shape: Shape) -> None:
    encoder = msgspec.json.Encoder()
    copy = "COPY record (workspace_id, kind, key, body, first_seen_at, changed_at) FROM STDIN"
    with connection.cursor().copy(copy) as rows:
        for person in candidates(count, shape):
            rows.write_row((1, "candidate", person.id, encoder.encode(person).decode(), LOADED_AT, LOADED_AT))
    _load_ledger(connection)


def _load_ledger(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO delivery (record_id, workspace_id, kind, state, priority, changed_at)"
        " SELECT id, workspace_id, kind, 'due', 2, %s FROM record ORDER BY id",
        (LOADED_AT,),
    )


def _load_table(connection: psycopg.Connection, count: int, shape: Shape) -> None:
    names = columns_of(shape)
    declared = ", ".join(f"{name} {COLUMNS[name]}" for name in names)
    connection.execute(f"CREATE TABLE person (number bigint NOT NULL UNIQUE, {declared})".encode())
    with connection.cursor().copy(f"COPY person (number, {', '.join(names)}) FROM STDIN".encode()) as rows:
        for number, person in enumerate(candidates(count, shape)):
            rows.write_row((number, *row_of(person, names)))
