"""What Landbridge has imported of a member whose LinkedIn account is closed, and forgetting it, with a receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from landbridge.store.arrivals import Due
from landbridge.store.database import Connection
from landbridge.store.erasures import DIGEST
from landbridge.store.finding import by_number
from landbridge.store.scope import scoped

FORGOTTEN = "forgotten"


class Imported(Struct, frozen=True, kw_only=True):
    """``candidates`` are keys of those on whom it was put; ``kinds`` counts ``elements``."""

    elements: list[Due]
    candidates: list[str]

    @property
    def anything(self) -> bool:
        return bool(self.elements or self.candidates)

    @property
    def candidate(self) -> str | None:
        return self.candidates[0] if self.candidates else None

    @property
    def kinds(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for one in self.elements:
            counts[one.kind] = counts.get(one.kind, 0) + 1
        return counts

    def __repr__(self) -> str:
        return f"Imported({self.kinds})"


# LinkedIn may name the member by the person's URN, or by the profile's address alone.
_WHOSE = """
WITH theirs AS (
    SELECT %(whose)s AS whose
    UNION
    SELECT whose FROM arrival
    WHERE workspace_id = %(workspace)s AND kind = 'export' AND lower(body->>'profile_url') = lower(%(profile)s)
)
"""


_ON_WHOM = """ARRAY(
    SELECT record_id FROM match WHERE workspace_id = (SELECT %(workspace)s) AND person_urn = %(whose)s
    UNION
    SELECT record_id FROM arrival WHERE workspace_id = (SELECT %(workspace)s) AND record_id IS NOT NULL
        AND whose IN (SELECT whose FROM theirs))"""


@scoped
async def load_imported(connection: Connection, workspace: int, closed: Due) -> Imported:
    about = {"workspace": workspace, "whose": closed.whose, "profile": closed.body.get("profile_url")}
    async with connection.cursor(row_factory=class_row(Due)) as cursor:
        await cursor.execute(
            f"""{_WHOSE}
            SELECT id, kind, far_id, subject, person_urn, at, body, revision, attempts, choice, whose, received_at
            FROM arrival WHERE workspace_id = (SELECT %(workspace)s) AND whose IN (SELECT whose FROM theirs)
              AND kind <> 'closed' AND forgotten_at IS NULL ORDER BY id""",  # noqa: S608 - constants
            about,
        )
        elements = await cursor.fetchall()
    found = await connection.execute(
        f"""{_WHOSE}
        SELECT r.key FROM {by_number("record", _ON_WHOM)} AS r WHERE r.kind = 'candidate' AND NOT r.gone
        ORDER BY r.key""",  # noqa: S608 - constants
        about,
    )
    return Imported(elements=elements, candidates=[key for (key,) in await found.fetchall()])


@scoped
async def forget(connection: Connection, workspace: int, element: Due, closed: Due, *, now: datetime) -> None:
    """Empty an element. That it was there stays known, so that a later read does not bring it back; the decision it
    is emptied for counts it."""
    await connection.execute(
        """UPDATE arrival a SET body = '{}', raw = '', facts = '{}', choice = NULL, person_urn = NULL, at = NULL,
               state = 'set_aside', reason = %(reason)s, revision = revision + 1, attempts = 0, next_at = NULL,
               decision_id = (SELECT c.decision_id FROM arrival c WHERE c.id = %(closed)s),
               forgotten_at = %(now)s, changed_at = %(now)s
           WHERE workspace_id = %(workspace)s AND id = %(element)s""",
        {"reason": FORGOTTEN, "closed": closed.id, "now": now, "workspace": workspace, "element": element.id},
    )


@scoped
async def close_receipt(connection: Connection, workspace: int, closed: Due, found: Imported, *, now: datetime) -> None:
    """Write down what was deleted, forget the member, and let nothing of before be taken in again."""
    row = await (
        await connection.execute(
            "SELECT decision_id FROM arrival WHERE workspace_id = %s AND id = %s", [workspace, closed.id]
        )
    ).fetchone()
    decision = row[0] if row else None
    receipt = await _receipt(connection, workspace, decision, found, now)
    await connection.execute(
        """UPDATE decision SET facts = %s, whose = %s WHERE workspace_id = %s AND id = %s""",
        [Jsonb({"receipt": receipt}), FORGOTTEN, workspace, decision],
    )
    if closed.person_urn:
        await connection.execute(
            f"""INSERT INTO erased_person (workspace_id, digest, erased_at)
                VALUES (%(workspace)s, {DIGEST.format(urn="%(person)s")}, %(now)s)
                ON CONFLICT (workspace_id, digest) DO UPDATE SET erased_at = excluded.erased_at""",  # noqa: S608
            {"workspace": workspace, "person": closed.person_urn, "now": now},
        )
        await connection.execute(
            "DELETE FROM match WHERE workspace_id = %s AND person_urn = %s", [workspace, closed.person_urn]
        )
    await connection.execute(
        """UPDATE arrival SET body = '{}', raw = '', facts = '{}', choice = NULL, person_urn = NULL, state = 'done',
               reason = '', done_revision = revision, attempts = 0, next_at = NULL, forgotten_at = %s, changed_at = %s
           WHERE workspace_id = %s AND id = %s""",
        [now, now, workspace, closed.id],
    )


async def _receipt(
    connection: Connection, workspace: int, decision: int | None, found: Imported, now: datetime
) -> dict[str, Any]:
    """Counts alone, and marks of notes that only a person can delete: nothing about the member."""
    kinds: dict[str, int] = {}
    cursor = await connection.execute(
        """SELECT kind, count(*) FROM arrival
           WHERE workspace_id = %s AND decision_id = %s AND reason = %s GROUP BY kind""",
        [workspace, decision, FORGOTTEN],
    )
    kinds.update(dict(await cursor.fetchall()))
    cursor = await connection.execute(
        """SELECT count(*) FILTER (WHERE e.name = 'post_note' AND e.state = 'undone'),
                  coalesce(array_agg(e.marker) FILTER (WHERE e.name = 'post_note' AND e.state <> 'undone'), '{}'),
                  count(*) FILTER (WHERE e.name = 'add_contact' AND e.state = 'done'),
                  count(*) FILTER (WHERE e.name = 'create_candidate' AND e.state = 'done')
           FROM effect e JOIN arrival a ON a.id = e.arrival_id
           WHERE e.workspace_id = %s AND a.decision_id = %s AND a.reason = %s""",
        [workspace, decision, FORGOTTEN],
    )
    notes, by_hand, contacts, created = await cursor.fetchone() or (0, [], 0, 0)
    return {
        "at": now.isoformat(),
        "kinds": kinds,
        "notes": notes,
        "by_hand": sorted(by_hand),
        "contacts": contacts,
        "created": created,
        "candidates": found.candidates,
    }


class Watch(Struct, frozen=True, kw_only=True):
    """How the list of closed accounts is read: when last, when next, and what hinders it ("" for nothing)."""

    read_at: datetime | None
    next_at: datetime
    problem: str


@scoped
async def load_watch(connection: Connection, workspace: int) -> Watch | None:
    """None: no contract is enabled, so nothing is read."""
    async with connection.cursor(row_factory=class_row(Watch)) as cursor:
        await cursor.execute(
            "SELECT read_at, next_at, problem FROM stream WHERE workspace_id = %s AND kind = 'closed' AND wanted "
            "ORDER BY id LIMIT 1",
            [workspace],
        )
        return await cursor.fetchone()
