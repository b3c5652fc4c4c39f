"""What the choices would affect, counted from the mirror."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from landbridge.store.census import is_small, is_stale, load_census, load_samples, take_census
from landbridge.store.database import Connection, Database
from tests.store.conftest import NOW


async def put(connection: Connection, workspace: int, kind: str, key: str, job: str | None = None, **body: Any) -> None:
    await connection.execute(
        """
        INSERT INTO record (workspace_id, kind, key, job_key, parent_key, body, first_seen_at, changed_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [workspace, kind, key, job, body.get("candidate_id"), Jsonb(body), NOW, NOW],
    )


async def fill(connection: Connection, workspace: int) -> None:
    await put(connection, workspace, "job", "j1", status="open", visibility="public")
    await put(connection, workspace, "job", "j2", status="open", visibility="private", confidential=True)
    await put(connection, workspace, "job", "j3", status="closed", visibility="unpublished", template=True)
    await put(connection, workspace, "candidate", "c1", created_at="2020-01-05T00:00:00Z")
    await put(
        connection, workspace, "candidate", "c2",
        created_at="2019-01-05T00:00:00Z", updated_at="2025-12-31T23:59:59.5Z",
    )  # fmt: skip
    await put(connection, workspace, "candidate", "c3")
    await put(
        connection, workspace, "application", "a1", "j2", candidate_id="c1",
        created_at="2020-01-05T00:00:00Z", status_changed_at="2024-03-31T00:00:00Z",
    )  # fmt: skip


async def test_census_tells_what_each_choice_would_leave_out(database: Database, acme: int, globex: int) -> None:
    async with database.transaction() as connection:
        await fill(connection, acme)
        await put(connection, globex, "candidate", "c1", created_at="2001-01-01T00:00:00Z")
        assert await load_census(connection, acme) is None
        census = await take_census(connection, acme, NOW)
        assert await load_census(connection, acme) == census
    assert (census.total("candidates"), census.total("applications")) == (3, 1)
    oldest = datetime(2024, 4, 1, tzinfo=UTC)
    # No time is known of c3: it cannot be called too old.
    assert (census.older_than("candidates", oldest), census.older_than("applications", oldest)) == (1, 1)
    assert census.older_than("applications", datetime(2024, 3, 31, tzinfo=UTC)) == 0
    assert (census.jobs, census.jobs_open, census.jobs_public) == (3, 2, 1)
    assert (census.jobs_confidential, census.jobs_template, census.applications_of_confidential) == (1, 1, 1)
    assert not is_stale(census, NOW + timedelta(minutes=1))
    assert is_stale(census, NOW + timedelta(hours=1))


async def test_samples_come_with_what_they_are_rendered_with(database: Database, acme: int) -> None:
    async with database.transaction() as connection:
        await fill(connection, acme)
        assert await is_small(connection, acme)
        [sample] = await load_samples(connection, acme, "application")
        assert sample.parent is not None
        assert sample.job is not None
        assert ("2020-01-05" in sample.parent, "confidential" in sample.job) == (True, True)
        assert [one.key for one in await load_samples(connection, acme, "candidate", limit=2)] == ["c3", "c2"]
