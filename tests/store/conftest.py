"""What tests of the database room share: workspaces to put things into."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from landbridge.store.database import Connection, Database
from landbridge.store.workspaces import create_workspace

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


async def make_workspace(database: Database, slug: str) -> int:
    async with database.transaction() as connection:
        return await create_workspace(
            connection,
            slug=slug,
            name=slug.title(),
            foreign_id=f"lb-{slug}",
            now=NOW,
            choices={"job_availability": "PUBLIC"},
        )


@pytest.fixture
async def acme(database: Database) -> int:
    return await make_workspace(database, "acme")


@pytest.fixture
async def globex(database: Database) -> int:
    """Another workspace, whose data must never show up in the first one's."""
    return await make_workspace(database, "globex")


async def fill(connection: Connection, workspace: int) -> None:
    """One row in each table that belongs to a workspace and has no query of its own for it."""
    row = {"workspace": workspace, "now": NOW}
    for statement in FILLING.split(";"):
        await connection.execute(statement.encode(), row)


FILLING = """
INSERT INTO access_entry (workspace_id, part, list, subject) VALUES (%(workspace)s, 'job', 'l', 'j1');
WITH made AS (
    INSERT INTO record (workspace_id, kind, key, body, first_seen_at, changed_at)
    VALUES (%(workspace)s, 'candidate', 'c1', '{}', %(now)s, %(now)s) RETURNING id
), delivered AS (
    INSERT INTO delivery (record_id, workspace_id, kind, state, priority, changed_at)
    SELECT id, %(workspace)s, 'candidate', 'due', 2, %(now)s FROM made
)
INSERT INTO match (record_id, workspace_id, read_at) SELECT id, %(workspace)s, %(now)s FROM made;
INSERT INTO reading (workspace_id, pass_name, key) VALUES (%(workspace)s, 'jobs', 'j1');
INSERT INTO call (workspace_id, at, system, method, route, duration_ms)
VALUES (%(workspace)s, %(now)s, 'linkedin', 'GET', '/', 1);
INSERT INTO lane (workspace_id, resource) VALUES (%(workspace)s, 'jobs');
INSERT INTO budget (workspace_id, system, resource, next_at, day)
VALUES (%(workspace)s, 'linkedin', 'jobs', %(now)s, '2026-03-04');
INSERT INTO integration (workspace_id, context, type, status, checked_at)
VALUES (%(workspace)s, 'urn:li:contract:1', 'CSA_API', 'ENABLED', %(now)s);
WITH made AS (
    INSERT INTO sweep (workspace_id, mode, started_at) VALUES (%(workspace)s, 'full', %(now)s) RETURNING id
)
INSERT INTO sweep_pass (sweep_id, name, ordinal, title) SELECT id, 'jobs', 1, 'Jobs' FROM made;
INSERT INTO consent (workspace_id, given_at, given_by, text_version, text, fields, choices)
VALUES (%(workspace)s, %(now)s, 'ann', '1', 'I recognize', '[]', '{}');
INSERT INTO contract (workspace_id, urn, added_by, added_at, changed_at)
VALUES (%(workspace)s, 'urn:li:contract:1', 'ann', %(now)s, %(now)s);
INSERT INTO handover (workspace_id, token_hash, made_by, made_at, expires_at)
VALUES (%(workspace)s, decode(md5(%(workspace)s::text), 'hex'), 'ann', %(now)s, %(now)s);
INSERT INTO webhook (workspace_id) VALUES (%(workspace)s);
INSERT INTO census (workspace_id, taken_at, report) VALUES (%(workspace)s, %(now)s, '{}');
INSERT INTO inbox (workspace_id, system, event_id, type, body, received_at)
VALUES (%(workspace)s, 'linkedin', 'e1', 'INTEGRATION_STATUS_CHANGE', '{}', %(now)s);
WITH seat AS (
    INSERT INTO seat (workspace_id, contract, urn, seen_at)
    VALUES (%(workspace)s, 'urn:li:contract:1', 'urn:li:seat:1', %(now)s) RETURNING id
), person AS (
    INSERT INTO ats_user (workspace_id, key, first_name, last_name, seen_at)
    VALUES (%(workspace)s, 'u1', 'Ann', 'Lee', %(now)s) RETURNING id
)
INSERT INTO seat_link (workspace_id, seat_id, user_id, reason, made_by, made_at)
SELECT %(workspace)s, seat.id, person.id, 'chosen', 'ann', %(now)s FROM seat, person;
WITH made AS (
    INSERT INTO erasure (workspace_id, kind, key, told_by, noticed_at)
    VALUES (%(workspace)s, 'candidate', 'c9', 'event', %(now)s) RETURNING id
)
INSERT INTO erasure_item (erasure_id, place, kind, key) SELECT id, 'linkedin', 'candidate', 'c9' FROM made;
INSERT INTO erased_person (workspace_id, digest, erased_at) VALUES (%(workspace)s, sha256('x'), %(now)s);
INSERT INTO stream (workspace_id, kind, subject, began_at, read_until, past_since, past_until, next_at, past_next_at)
VALUES (%(workspace)s, 'notes', 'urn:li:contract:1', %(now)s, %(now)s, %(now)s, %(now)s, %(now)s, %(now)s);
WITH made AS (
    INSERT INTO arrival (workspace_id, kind, far_id, subject, body, raw, record_id, received_at, changed_at)
    SELECT %(workspace)s, 'note', 'n1', 'urn:li:contract:1', '{}', '', id, %(now)s, %(now)s FROM record
    WHERE workspace_id = %(workspace)s AND key = 'c1' RETURNING id
)
INSERT INTO effect (workspace_id, arrival_id, name, marker, intended_at)
SELECT %(workspace)s, id, 'note', 'm1', %(now)s FROM made;
WITH made AS (
    INSERT INTO decision (workspace_id, whose, reason, did, elements, made_by, made_at)
    VALUES (%(workspace)s, 'urn:li:person:1', 'unmatched', 'dismiss', 1, 'ann', %(now)s) RETURNING id
)
INSERT INTO follow (workspace_id, decision_id, identity, does)
SELECT %(workspace)s, id, 'urn:li:person:1', 'dismiss' FROM made;
WITH made AS (
    INSERT INTO api_token (workspace_id, label, start, token_hash, scopes, made_by, made_at)
    VALUES (%(workspace)s, 'ci', 'lb_', sha256(%(workspace)s::text::bytea), '[]', 'ann', %(now)s) RETURNING id
)
INSERT INTO api_answer (workspace_id, token_id, key, call, at) SELECT %(workspace)s, id, 'k1', '', %(now)s FROM made;
INSERT INTO invitation (workspace_id, role, label, token_hash, invited_by, made_at, expires_at)
VALUES (%(workspace)s, 'viewer', 'Bea', decode(md5(%(workspace)s::text), 'hex'), 'ann', %(now)s, %(now)s);
WITH made AS (
    INSERT INTO auth_user (username, password, first_name, last_name, email, is_superuser, is_staff, is_active,
                           date_joined)
    VALUES ('ann' || %(workspace)s::text, '!', '', '', '', false, false, true, %(now)s) RETURNING id
)
INSERT INTO membership (workspace_id, user_id, role, since) SELECT %(workspace)s, id, 'owner', %(now)s FROM made;
INSERT INTO audit_event (at, workspace_id, who, act) VALUES (%(now)s, %(workspace)s, 'ann', 'sync.paused')
"""


async def tables_with_a_workspace(connection: Connection) -> list[str]:
    cursor = await connection.execute(
        """
        SELECT table_name FROM information_schema.columns
        WHERE column_name = 'workspace_id' AND table_schema = 'public'
        """
    )
    return [row[0] for row in await cursor.fetchall()]


async def rows_of(connection: Connection, table: str, workspace: int) -> int:
    cursor = await connection.execute(f"SELECT count(*) FROM {table} WHERE workspace_id = %s".encode(), [workspace])
    row = await cursor.fetchone()
    return int(row[0]) if row else 0
