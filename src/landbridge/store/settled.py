"""What was decided on the desk, with what an undo takes away and leaves; and what was placed without anybody's word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.decisions import UNDOABLE, Did
from landbridge.store.finding import by_key
from landbridge.store.scope import scoped


class Decision(Struct, frozen=True, kw_only=True):
    """One thing that was said. ``waiting`` of its elements are not done yet; ``stays`` says what an undo leaves."""

    id: int
    whose: str
    reason: str
    did: Did
    candidate: str | None
    candidate_name: str | None
    name: str
    elements: int
    facts: dict[str, Any]
    made_by: str
    made_at: datetime
    undone_by: str
    undone_at: datetime | None
    waiting: int
    notes: int
    notes_by_hand: int
    created: int
    attached: int
    contacts: int

    @property
    def undoable(self) -> bool:
        return self.undone_at is None and self.did in UNDOABLE

    def __repr__(self) -> str:
        return f"Decision({self.did} {self.id})"


@scoped
async def load_decisions(
    connection: Connection,
    workspace: int,
    *,
    before: int | None = None,
    limit: int = 20,
    decision: int | None = None,
    did: str | None = None,
) -> list[Decision]:
    """The newest first; ``before`` is the id below which the next page begins."""
    async with connection.cursor(row_factory=class_row(Decision)) as cursor:
        await cursor.execute(
            f"""
            SELECT d.id, d.whose, d.reason, d.did, d.candidate, d.elements, d.facts, d.made_by, d.made_at, d.undone_by,
                   d.undone_at, coalesce(n.name, '') AS name,
                   nullif(concat_ws(' ', r.body->>'first_name', r.body->>'last_name'), '') AS candidate_name, m.*
            FROM decision d
            LEFT JOIN {by_key("'candidate'", "d.candidate")} AS r ON true
            LEFT JOIN LATERAL (
                SELECT concat_ws(' ', b.body->>'first_name', b.body->>'last_name') AS name FROM arrival b
                WHERE b.workspace_id = d.workspace_id AND b.whose = d.whose AND b.body->>'last_name' <> '' LIMIT 1
            ) n ON true
            CROSS JOIN LATERAL (
                SELECT count(DISTINCT a.id) FILTER (WHERE a.state = 'due') AS waiting,
                       count(e.id) FILTER (WHERE e.name = 'post_note' AND e.state = 'done' AND e.far_id IS NOT NULL)
                           AS notes,
                       count(e.id) FILTER (WHERE e.name = 'post_note' AND e.state = 'done' AND e.far_id IS NULL)
                           AS notes_by_hand,
                       count(e.id) FILTER (WHERE e.name = 'create_candidate' AND e.state = 'done') AS created,
                       count(e.id) FILTER (WHERE e.name = 'attach_to_job' AND e.state = 'done') AS attached,
                       count(e.id) FILTER (WHERE e.name = 'add_contact' AND e.state = 'done') AS contacts
                FROM arrival a LEFT JOIN effect e ON e.arrival_id = a.id
                WHERE a.workspace_id = d.workspace_id AND a.decision_id = d.id
            ) m
            WHERE d.workspace_id = %(workspace)s AND (%(before)s::bigint IS NULL OR d.id < %(before)s)
              AND (%(decision)s::bigint IS NULL OR d.id = %(decision)s) AND (%(did)s::text IS NULL OR d.did = %(did)s)
            ORDER BY d.id DESC LIMIT %(limit)s
            """,  # noqa: S608 - built from constants
            {"workspace": workspace, "before": before, "limit": limit, "decision": decision, "did": did},
        )
        return await cursor.fetchall()


class Placed(Struct, frozen=True, kw_only=True):
    """What was placed lately without anybody's word: everything of one person on one candidate."""

    number: int
    candidate: str
    candidate_name: str
    name: str
    kinds: dict[str, int]
    at: datetime

    def __repr__(self) -> str:
        return f"Placed({self.number})"


@scoped
async def load_placed(connection: Connection, workspace: int, *, limit: int = 20) -> list[Placed]:
    """The newest first, of the last few hundred elements."""
    async with connection.cursor(row_factory=class_row(Placed)) as cursor:
        await cursor.execute(
            """
            WITH newest AS (
                SELECT id, whose, kind, ats_id, settled_at, changed_at, body FROM arrival
                WHERE workspace_id = %(workspace)s AND state = 'done' ORDER BY id DESC LIMIT 500
            ), kinds AS (
                SELECT whose, ats_id, kind, count(*) AS n, max(id) AS number, max(changed_at) AS at,
                       max(concat_ws(' ', nullif(body->>'first_name', ''), nullif(body->>'last_name', ''))) AS name
                FROM newest WHERE ats_id IS NOT NULL GROUP BY 1, 2, 3
            )
            SELECT max(k.number) AS number, k.ats_id AS candidate, jsonb_object_agg(k.kind, k.n) AS kinds,
                   max(k.at) AS at, coalesce(max(k.name), '') AS name,
                   coalesce(max(concat_ws(' ', r.body->>'first_name', r.body->>'last_name')), k.ats_id)
                       AS candidate_name
            FROM kinds k LEFT JOIN record r
              ON r.workspace_id = %(workspace)s AND r.kind = 'candidate' AND r.key = k.ats_id
            GROUP BY k.whose, k.ats_id ORDER BY 4 DESC, 1 DESC LIMIT %(limit)s
            """,
            {"workspace": workspace, "limit": limit},
        )
        return await cursor.fetchall()
