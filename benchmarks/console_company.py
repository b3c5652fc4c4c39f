"""The large company the console is measured with: made by COPY, so that a million candidates take minutes.

A candidate has one application with three steps; there is one job per 100 candidates. Six records in ten are delivered,
two are due, two are held. Half of the seats are connected, a fiftieth of the users is deactivated.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from psycopg import sql

from landbridge.store.accounts import ensure_admin, make_sign_in_token
from landbridge.store.database import Connection, Database
from landbridge.store.tokens import Scope, make_token
from landbridge.store.workspaces import create_workspace, find_workspace

SLUG = "large"
AT_A_TIME = 20_000
STATES = (("delivered", ""), ("delivered", ""), ("delivered", ""), ("due", ""), ("held", "email_missing"))
RECORD = "COPY record (id, workspace_id, kind, key, parent_key, job_key, body, first_seen_at, changed_at) FROM STDIN"
DELIVERY = "COPY delivery (record_id, workspace_id, kind, state, reason, priority, changed_at) FROM STDIN"
BIG = ("delivery", "record")  # in the order in which they are emptied

# What there are thousands of, not millions: made where it is to be.
PEOPLE = """
INSERT INTO contract (workspace_id, urn, organization_urn, name, state, added_by, added_at, changed_at, enabled_at)
SELECT 1, 'urn:li:contract:' || n, 'urn:li:organization:1', 'Contract ' || n, 'enabled', 'ada', %(now)s, %(now)s,
       %(now)s FROM generate_series(1, %(contracts)s) AS n;
INSERT INTO ats_user (workspace_id, key, first_name, last_name, email, active, seen_at)
SELECT 1, 'u' || n, 'Anna', 'Berg ' || n, 'anna' || n || '@example.org', n %% 50 > 0, %(now)s
FROM generate_series(1, %(seats)s) AS n;
INSERT INTO seat (workspace_id, contract, urn, first_name, last_name, email, seen_at)
SELECT 1, 'urn:li:contract:' || 1 + n %% %(contracts)s, 'urn:li:seat:' || n, 'Anna', 'Berg ' || n,
       'anna' || n || '@example.org', %(now)s FROM generate_series(1, %(seats)s) AS n;
INSERT INTO seat_link (workspace_id, seat_id, user_id, reason, made_by, made_at)
SELECT 1, s.id, u.id, 'same_email', 'ada', %(now)s FROM seat s JOIN ats_user u ON u.email = s.email WHERE s.id %% 2 = 0;
INSERT INTO stream (workspace_id, kind, subject, began_at, read_until, past_since, past_until, next_at, past_next_at)
SELECT 1, 'inmails', 'urn:li:seat:' || n, %(now)s, %(now)s, %(now)s - interval '90 days',
       %(now)s - interval '30 days', %(now)s, %(now)s FROM generate_series(1, %(seats)s, 2) AS n;
INSERT INTO arrival (workspace_id, kind, far_id, subject, person_urn, at, body, raw, state, reason, received_at,
                     changed_at)
SELECT 1, (ARRAY['inmail', 'note', 'contact'])[1 + n %% 3], 'f' || n, 'urn:li:seat:1', 'urn:li:person:' || n, %(now)s,
       '{"text": "Hello"}', '\\x7b7d', (ARRAY['done', 'done', 'done', 'desk'])[1 + n %% 4],
       (ARRAY['', '', '', 'unmatched'])[1 + n %% 4], %(now)s, %(now)s FROM generate_series(1, %(seats)s * 20) AS n;
INSERT INTO connection (workspace_id, system, state, checked_at) VALUES (1, 'smartrecruiters', 'ok', %(now)s),
    (1, 'linkedin', 'ok', %(now)s);
INSERT INTO integration (workspace_id, context, type, status, checked_at)
SELECT 1, 'urn:li:organization:1', type, 'ENABLED', %(now)s
FROM unnest(ARRAY['ONE_CLICK_EXPORT', 'IN_ATS_INDICATOR', 'PROFILE_PLUGIN']) AS type;
INSERT INTO integration (workspace_id, context, type, status, checked_at)
SELECT 1, 'urn:li:contract:' || n, 'CSA_API', 'ENABLED', %(now)s FROM generate_series(1, %(contracts)s) AS n;
INSERT INTO sweep (workspace_id, mode, state, pass_name, started_at)
VALUES (1, 'full', 'running', 'applications', %(now)s);
INSERT INTO sweep_pass (sweep_id, name, ordinal, title, total, done, calls, started_at)
SELECT id, 'applications', 1, 'Applications', %(people)s, %(people)s / 2, %(people)s, %(now)s FROM sweep;
INSERT INTO reading (workspace_id, pass_name, key, state, reason)
SELECT 1, 'applications', 'c' || n || '.j', CASE WHEN n %% 1000 = 0 THEN 'set_aside' ELSE 'due' END,
       CASE WHEN n %% 1000 = 0 THEN 'unreadable' ELSE '' END FROM generate_series(1, %(people)s / 2) AS n;
INSERT INTO call (workspace_id, at, system, method, route, status, duration_ms, records)
SELECT 1, %(now)s - n * interval '1 second', 'linkedin', 'POST', '/v2/atsCandidates', 200, 120, 100
FROM generate_series(1, 100000) AS n;
INSERT INTO reconciliation (workspace_id, at, report) VALUES (1, %(now)s, '{"candidates": {"ats": 1, "linkedin": 1}}');
INSERT INTO lane (workspace_id, resource, epoch, last_sent_at)
SELECT 1, resource, 1, %(now)s FROM unnest(ARRAY['jobs', 'candidates', 'applications', 'stages']) AS resource;
INSERT INTO audit_event (at, workspace_id, who, act)
SELECT %(now)s, 1, 'ada', 'seat.linked' FROM generate_series(1, %(seats)s * 20)
"""


class Company(Struct, frozen=True, kw_only=True):
    candidates: int
    contracts: int
    seats: int


async def found(database: Database, wished: Company) -> None:
    """Make the company in a migrated database, unless it is there."""
    now = datetime.now(UTC)
    async with database.transaction() as connection:
        if await find_workspace(connection, SLUG) is not None:
            return
        await create_workspace(connection, slug=SLUG, name="Large", foreign_id="lb-large", now=now)
        await connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
        async with _bare(connection):
            await _copy(connection, wished.candidates, now)
        facts = {"now": now, "people": wished.candidates, "contracts": wished.contracts, "seats": wished.seats}
        for statement in PEOPLE.split(";"):
            await connection.execute(statement.encode(), facts)
    async with database.connection() as connection:
        await connection.execute("VACUUM ANALYZE")


async def ways_in(database: Database) -> tuple[str, str]:
    """The path that signs the admin in, and a token of the API."""
    now = datetime.now(UTC)
    async with database.transaction() as connection:
        admin = await ensure_admin(connection, now)
        link = await make_sign_in_token(connection, admin, now)
        token = await make_token(connection, 1, label="bench", scopes=[Scope.READ], by="ada", now=now)
    return f"/sign-in/{link}", token


@asynccontextmanager
async def _bare(connection: Connection) -> AsyncIterator[None]:
    """The big tables without their indexes and references, which are made anew at the end: twice as quick."""
    cursor = await connection.execute(
        """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
           WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u', 'p') OR confrelid = ANY(%s::regclass[])
           ORDER BY contype""",
        [list(BIG), list(BIG)],
    )
    constraints = await cursor.fetchall()
    for table, name, _ in constraints:
        await connection.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(name))
        )
    cursor = await connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)", [list(BIG)]
    )
    indexes = await cursor.fetchall()
    for name, _ in indexes:
        await connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    for _, definition in indexes:
        await connection.execute(definition)
    # Primary keys were dropped before those that refer to them, so they come last in that order.
    for table, name, definition in reversed(constraints):
        statement = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} ").format(sql.Identifier(table), sql.Identifier(name))
        await connection.execute(statement + sql.SQL(definition))


async def _copy(connection: Connection, people: int, now: datetime) -> None:
    count = 0
    stamp = now.isoformat()
    batch: list[str] = []
    for count, row in enumerate(_records(people, now), start=1):
        batch.append(f"{count}\t1\t{row}\t{stamp}\t{stamp}\n")
        if len(batch) == AT_A_TIME:
            await _send(connection, batch, stamp)
            batch = []
    await _send(connection, batch, stamp)
    await connection.execute("SELECT setval(pg_get_serial_sequence('record', 'id'), %s)", [max(count, 1)])


async def _send(connection: Connection, batch: list[str], stamp: str) -> None:
    async with connection.cursor() as cursor:
        async with cursor.copy(RECORD) as copy:
            await copy.write("".join(batch))
        async with cursor.copy(DELIVERY) as copy:
            await copy.write("".join(_delivery(row, stamp) for row in batch))


def _delivery(row: str, stamp: str) -> str:
    number, _, kind, _ = row.split("\t", 3)
    state, reason = STATES[int(number) % len(STATES)]
    return f"{number}\t1\t{kind}\t{state}\t{reason}\t2\t{stamp}\n"


def _records(people: int, now: datetime) -> Iterator[str]:
    """Kind, key, parent key, job key and body of each, as COPY wants them; candidates come first, as in a sweep."""
    jobs = max(people // 100, 1)
    months = [f"{now - timedelta(days=30 * n):%Y-%m-%dT%H:%M:%SZ}" for n in range(72)]
    for n in range(people):
        yield (
            f'candidate\tc{n}\t\\N\t\\N\t{{"first_name": "Anna", "last_name": "Berg {n}", "email": "a{n}@example.org", '
            f'"created_at": "{months[n % 72]}", "updated_at": "{months[n % 36]}"}}'
        )
    for n in range(jobs):
        hidden = "true" if n % 20 == 0 else "false"
        yield (
            f'job\tj{n}\t\\N\t\\N\t{{"title": "Tram driver", "status": "{"open" if n % 4 else "closed"}", '
            f'"visibility": "public", "confidential": {hidden}, "template": false, "description": "{"x" * 500}"}}'
        )
    for n in range(people):
        yield f'application\ta{n}\tc{n}\tj{n % jobs}\t{{"created_at": "{months[n % 72]}", "status": "IN_REVIEW"}}'
        for step in (1, 2, 3):
            yield f'stage\ta{n}.{step}\ta{n}\t\\N\t{{"name": "Interview", "at": "{months[n % 36]}"}}'
