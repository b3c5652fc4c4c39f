"""The pool, the transaction, and what a failing server turns into."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from landbridge.errors import LandbridgeError, SettingError, UnavailableError
from landbridge.store.database import Database, check_reachable, sorted_error


async def test_transaction_saves_nothing_when_it_fails_half_way(database: Database) -> None:
    async def fail_half_way() -> None:
        async with database.transaction() as connection:
            await connection.execute("INSERT INTO sign_in_attempt (source, at) VALUES ('\\x00', '2026-01-01Z')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_half_way()
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT count(*) FROM sign_in_attempt")
        assert await cursor.fetchone() == (0,)


async def test_times_come_back_in_utc_whatever_the_server_thinks(database: Database) -> None:
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT '2026-01-01T12:00:00+05'::timestamptz")
        row = await cursor.fetchone()
    assert row is not None
    assert row[0].isoformat() == "2026-01-01T07:00:00+00:00"


async def test_pool_replaces_a_connection_the_server_has_ended(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute("SELECT 1")
        pid = connection.info.backend_pid
    with psycopg.connect(database.url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT 1")
        assert await cursor.fetchone() == (1,)


def test_unreachable_server_is_told_without_repeating_the_address() -> None:
    with pytest.raises(UnavailableError) as caught:
        check_reachable("postgresql://someone:hunter2@127.0.0.1:1/nowhere")
    assert caught.value.code == "database_unreachable"
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"


def test_missing_database_needs_a_person(database_url: str) -> None:
    with pytest.raises(SettingError, match="refuses"):
        check_reachable(database_url.replace("landbridge_test", "no_such"))


@pytest.mark.parametrize(
    ("failure", "expected", "code"),
    [
        (errors.DiskFull(), SettingError, "disk_full"),
        (errors.AdminShutdown(), UnavailableError, "database_unreachable"),
        (errors.ReadOnlySqlTransaction(), UnavailableError, "database_read_only"),
        (errors.UndefinedTable(), SettingError, "not_migrated"),
    ],
)
def test_failures_of_the_server_are_sorted(failure: Exception, expected: type[LandbridgeError], code: str) -> None:
    known = sorted_error(failure)
    assert type(known) is expected
    assert known.code == code


def test_mistakes_in_statements_stay_what_they_are() -> None:
    assert sorted_error(errors.UniqueViolation()) is None


async def test_connection_that_the_server_has_ended_is_replaced_before_use(database: Database) -> None:
    async with database.connection() as connection:
        idle = connection.info.backend_pid
    with psycopg.connect(database.url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [idle])
    async with database.connection() as connection:
        assert connection.info.backend_pid != idle
        cursor = await connection.execute("SELECT 1")
        assert await cursor.fetchone() == (1,)
