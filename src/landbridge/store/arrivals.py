"""What has come from LinkedIn, each element once and in its newest state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from landbridge.store.database import Connection
from landbridge.store.erasures import DIGEST
from landbridge.store.finding import by_key, by_number
from landbridge.store.scope import scoped

ArrivalKind = Literal["inmail", "note", "contact", "closed", "export"]


ArrivalState = Literal["due", "done", "desk", "set_aside"]

# A workspace behind a SELECT, and OFFSET 0, keep statistics from choosing the way in: see store.finding.


class Arrived(Struct, frozen=True, kw_only=True):
    """One element to keep. ``version_at`` tells an older state from a newer one, where the far side says so."""

    kind: ArrivalKind
    far_id: str
    subject: str
    body: dict[str, Any]
    raw: bytes
    person_urn: str | None = None
    at: datetime | None = None
    version_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Arrived({self.kind})"


_KEEP = """
INSERT INTO arrival AS a (workspace_id, kind, far_id, subject, person_urn, at, version_at, body, raw, received_at,
                          changed_at)
SELECT DISTINCT ON (x.kind, x.far_id) %(workspace)s, x.kind, x.far_id, x.subject, x.person_urn, x.at, x.version_at,
       x.body, x.raw, %(now)s, %(now)s
FROM unnest(%(kinds)s::text[], %(far_ids)s::text[], %(subjects)s::text[], %(persons)s::text[],
            %(ats)s::timestamptz[], %(versions)s::timestamptz[], %(bodies)s::jsonb[], %(raws)s::bytea[])
    WITH ORDINALITY AS x(kind, far_id, subject, person_urn, at, version_at, body, raw, place)
-- Of somebody who was erased, nothing of before comes back. An export is somebody's new wish, and told once only.
WHERE x.kind = 'export' OR x.person_urn IS NULL OR NOT EXISTS (
    SELECT FROM erased_person e WHERE e.workspace_id = %(workspace)s AND e.digest = __DIGEST__
      AND coalesce(x.at, x.version_at, e.erased_at) <= e.erased_at)
ORDER BY x.kind, x.far_id, x.version_at DESC NULLS LAST, x.place DESC
ON CONFLICT (workspace_id, kind, far_id) DO UPDATE
SET body = excluded.body, raw = excluded.raw, version_at = excluded.version_at, at = coalesce(excluded.at, a.at),
    person_urn = coalesce(excluded.person_urn, a.person_urn), revision = a.revision + 1, state = 'due', reason = '',
    attempts = 0, next_at = NULL, changed_at = excluded.changed_at
WHERE a.body IS DISTINCT FROM excluded.body AND a.forgotten_at IS NULL
  AND (a.version_at IS NULL OR excluded.version_at IS NULL OR excluded.version_at >= a.version_at)
""".replace("__DIGEST__", DIGEST.format(urn="x.person_urn"))


@scoped
async def keep(connection: Connection, workspace: int, rows: Sequence[Arrived], *, now: datetime) -> int:
    """Keep elements; how many are new or have changed. The same again changes nothing, and so does an older state."""
    if not rows:
        return 0
    cursor = await connection.execute(
        _KEEP,
        {
            "workspace": workspace,
            "now": now,
            "kinds": [row.kind for row in rows],
            "far_ids": [row.far_id for row in rows],
            "subjects": [row.subject for row in rows],
            "persons": [row.person_urn for row in rows],
            "ats": [row.at for row in rows],
            "versions": [row.version_at for row in rows],
            "bodies": [Jsonb(row.body) for row in rows],
            "raws": [row.raw for row in rows],
        },
    )
    return cursor.rowcount


@scoped
async def count_arrivals(connection: Connection, workspace: int) -> dict[tuple[str, str, str], int]:
    """How many elements stand where, by (kind, state, reason)."""
    cursor = await connection.execute(
        "SELECT kind, state, reason, count(*) FROM arrival WHERE workspace_id = %s GROUP BY kind, state, reason",
        [workspace],
    )
    return {(kind, state, reason): count for kind, state, reason, count in await cursor.fetchall()}


class Due(Struct, frozen=True, kw_only=True):
    """An element whose effect is to be looked at. ``choice``: what a person has said about it. ``lacking``: the
    permission for want of which the ATS refused it last, "" where that has no name, None where it did not."""

    id: int
    kind: ArrivalKind
    far_id: str
    subject: str
    person_urn: str | None
    at: datetime | None
    body: dict[str, Any]
    revision: int
    attempts: int
    choice: dict[str, Any] | None
    whose: str
    received_at: datetime
    lacking: str | None = None

    def __repr__(self) -> str:
        return f"Due({self.kind} {self.id})"


@scoped
async def due_arrivals(connection: Connection, workspace: int, *, now: datetime, limit: int) -> list[Due]:
    """What is to be looked at now. Exports first: they make the candidates others belong to. Then by their own time."""
    async with connection.cursor(row_factory=class_row(Due)) as cursor:
        await cursor.execute(
            """SELECT id, kind, far_id, subject, person_urn, at, body, revision, attempts, choice, whose,
                   received_at, facts->>'lacking' AS lacking
               FROM arrival WHERE workspace_id = (SELECT %s) AND state = 'due' AND (next_at IS NULL OR next_at <= %s)
               ORDER BY kind <> 'export', at NULLS FIRST, id LIMIT %s""",
            [workspace, now, limit],
        )
        return await cursor.fetchall()


@scoped
async def next_arrival_at(connection: Connection, workspace: int) -> datetime | None:
    """When the next one is due; the beginning of time for one that is due at once."""
    cursor = await connection.execute(
        "SELECT min(coalesce(next_at, received_at)) FROM arrival WHERE workspace_id = (SELECT %s) AND state = 'due'",
        [workspace],
    )
    row = await cursor.fetchone()
    return row[0] if row else None


@scoped
async def settle_arrival(
    connection: Connection,
    workspace: int,
    arrival: Due,
    state: ArrivalState,
    *,
    now: datetime,
    reason: str = "",
    candidate: str | None = None,
    facts: Mapping[str, Any] | None = None,
    lacking: str | None = None,
) -> None:
    """What became of an element in the state it was looked at; one that has changed meanwhile stays due.

    ``facts`` are what a person needs to know to answer; None: those of before. What was taken back is so once.
    ``lacking`` is the permission for want of which the ATS refused it, "" for one without a name.
    """
    await connection.execute(
        f"""UPDATE arrival SET state = CASE WHEN revision = %(revision)s THEN %(state)s ELSE 'due' END,
               reason = CASE WHEN revision = %(revision)s THEN %(reason)s ELSE '' END, attempts = 0, next_at = NULL,
               done_revision = CASE WHEN %(state)s = 'done' THEN %(revision)s ELSE done_revision END,
               facts = (coalesce(%(facts)s, facts) - 'lacking') || %(lacking)s,
               choice = CASE WHEN revision = %(revision)s AND choice->>'undo' = %(reason)s THEN NULL ELSE choice END,
               ats_id = coalesce(%(candidate)s, ats_id), changed_at = %(now)s,
               record_id = coalesce((SELECT r.id FROM {by_key("'candidate'", "%(candidate)s")} AS r), record_id)
           WHERE workspace_id = (SELECT %(workspace)s) AND id = %(arrival)s AND forgotten_at IS NULL""",  # noqa: S608 - built from constants
        {
            "workspace": workspace,
            "arrival": arrival.id,
            "revision": arrival.revision,
            "state": state,
            "reason": reason,
            "candidate": candidate,
            "facts": Jsonb(dict(facts)) if facts is not None else None,
            "lacking": Jsonb({"lacking": lacking} if lacking is not None else {}),
            "now": now,
        },
    )


@scoped
async def put_off_arrival(
    connection: Connection, workspace: int, arrival: Due, *, until: datetime, problem: str
) -> None:
    await connection.execute(
        """UPDATE arrival SET attempts = attempts + 1, next_at = %s, reason = %s
           WHERE workspace_id = (SELECT %s) AND id = %s AND revision = %s AND state = 'due'""",
        [until, problem, workspace, arrival.id, arrival.revision],
    )


@scoped
async def wake_arrivals(connection: Connection, workspace: int) -> int:
    """Look again at what waited for a candidate or an address that has come since; how many."""
    cursor = await connection.execute(
        """UPDATE arrival a SET state = 'due', reason = ''
           WHERE a.workspace_id = %(workspace)s AND a.state = 'desk'
             -- A known candidate without an address has none because nobody knows one.
             AND NOT (a.reason = 'needs_email' AND a.ats_id IS NOT NULL)
             AND ((a.reason IN ('unmatched', 'needs_email') AND (
                 EXISTS (SELECT FROM match m JOIN record r ON r.id = m.record_id AND NOT r.gone
                         WHERE m.workspace_id = (SELECT %(workspace)s) AND m.person_urn = a.person_urn OFFSET 0)
                 OR EXISTS (SELECT FROM arrival b WHERE b.workspace_id = (SELECT %(workspace)s)
                            AND b.whose = a.whose AND b.state = 'done' AND b.ats_id IS NOT NULL OFFSET 0)))
               OR (a.reason = 'needs_email' AND EXISTS (
                   SELECT FROM arrival c WHERE c.workspace_id = (SELECT %(workspace)s) AND c.kind = 'contact'
                   AND c.person_urn = a.person_urn AND c.body->'emails' <> '[]'::jsonb OFFSET 0)))""",
        {"workspace": workspace},
    )
    return cursor.rowcount


@scoped
async def try_lacking(connection: Connection, workspace: int, *, before: datetime) -> int:
    """Have one element of each missing permission tried once more, the one whose last try is longest ago; how many.

    Only those that were tried ``before``: what was refused a moment ago would be refused again.
    """
    cursor = await connection.execute(
        """UPDATE arrival SET state = 'due', reason = '' WHERE workspace_id = %(workspace)s AND id IN (
               SELECT DISTINCT ON (facts->>'lacking') id FROM arrival
               WHERE workspace_id = %(workspace)s AND state = 'desk' AND reason = 'not_permitted'
                 AND changed_at <= %(before)s
               ORDER BY facts->>'lacking', changed_at, id)""",
        {"workspace": workspace, "before": before},
    )
    return cursor.rowcount


@scoped
async def wake_lacking(connection: Connection, workspace: int, permission: str) -> int:
    """A permission is there: have everything that waits for it tried again; how many."""
    cursor = await connection.execute(
        """UPDATE arrival SET state = 'due', reason = ''
           WHERE workspace_id = %s AND state = 'desk' AND reason = 'not_permitted' AND facts->>'lacking' = %s""",
        [workspace, permission],
    )
    return cursor.rowcount


_FOUND = """ARRAY(
    SELECT record_id FROM match WHERE workspace_id = (SELECT %(workspace)s) AND person_urn = %(person)s
    UNION ALL
    SELECT record_id FROM arrival WHERE workspace_id = (SELECT %(workspace)s) AND whose = %(whose)s
        AND state = 'done' AND record_id IS NOT NULL)"""


@scoped
async def candidates_of(connection: Connection, workspace: int, person_urn: str | None, whose: str) -> list[str]:
    """Keys of the candidates this member is known to be: matched by LinkedIn, or found for an earlier element."""
    cursor = await connection.execute(
        f"""SELECT DISTINCT r.key FROM {by_number("record", _FOUND)} AS r
            WHERE r.kind = 'candidate' AND NOT r.gone ORDER BY r.key""",  # noqa: S608 - built from constants
        {"workspace": workspace, "person": person_urn, "whose": whose},
    )
    return [key for (key,) in await cursor.fetchall()]


class Followed(Struct, frozen=True, kw_only=True):
    """What a person has decided for everything of somebody; see ``models.Follow``."""

    decision: int
    does: Literal["attach", "dismiss", "ask"]
    candidate: str | None


@scoped
async def followed(connection: Connection, workspace: int, arrival: Due) -> Followed | None:
    """The newest decision about this person. One that names a candidate the ATS no longer has counts for nothing."""
    identities = [arrival.whose]
    if arrival.body.get("profile_url"):
        identities.append(f"profile:{arrival.body['profile_url'].lower()}")
    if arrival.body.get("thread"):
        identities.append(f"thread:{arrival.body['thread']}")
    async with connection.cursor(row_factory=class_row(Followed)) as cursor:
        await cursor.execute(
            f"""SELECT f.decision_id AS decision, f.does, f.candidate FROM follow f
                LEFT JOIN {by_key("'candidate'", "f.candidate")} AS r ON true
                WHERE f.workspace_id = %(workspace)s AND f.identity = ANY(%(identities)s) AND r.gone IS NOT TRUE
                ORDER BY f.id DESC LIMIT 1""",  # noqa: S608 - built from constants
            {"workspace": workspace, "identities": identities},
        )
        return await cursor.fetchone()


@scoped
async def note_follower(connection: Connection, workspace: int, arrival: Due, decision: int) -> None:
    """So that undoing the decision takes this element along."""
    await connection.execute(
        "UPDATE arrival SET decision_id = %s WHERE workspace_id = (SELECT %s) AND id = %s AND decision_id IS NULL",
        [decision, workspace, arrival.id],
    )


@scoped
async def shared_emails(connection: Connection, workspace: int, person_urn: str) -> list[str]:
    """Addresses this member has shared, the newest first."""
    cursor = await connection.execute(
        """SELECT email FROM arrival, jsonb_array_elements_text(body->'emails') AS email
           WHERE workspace_id = (SELECT %s) AND kind = 'contact' AND person_urn = %s
           ORDER BY at DESC NULLS LAST, id DESC""",
        [workspace, person_urn],
    )
    return list(dict.fromkeys(email for (email,) in await cursor.fetchall()))
