"""What people say about cases of the desk: noted with who and when, handed to the engine, and taken back.

Nothing is done to the ATS here. A decision makes its elements due with a ``choice``, and the effects engine follows:

    {"candidate": key}          it is this candidate
    {"email": address}          the exported person has this address
    {"job": key}                the job the person is to be put on; it stays said, whatever is answered after it
    {"create": {...}}           nobody has this person yet: make a candidate (first_name, last_name, email, job)
    {"replace": true} / {"keep": true}      contact details: LinkedIn's, or the ATS's own
    {"posted": bool} / {"removed": true}    what somebody has seen in, or done by hand to, the ATS
    {"clear": true}             delete what was imported of a closed account
    {"dismissed": true}         nothing is to be done
    {"undo": reason}            take off what was done, and wait for that reason again

``revision`` grows with each, so that an engine that is at work on an older word looks again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from landbridge.store import matches
from landbridge.store.database import Connection
from landbridge.store.desk import FOR_MANY, WHO, Case, load_case
from landbridge.store.scope import scoped

Did = Literal[
    "attach", "email", "create", "job", "dismiss", "again", "replace", "keep", "posted", "not_posted", "removed",
    "clear", "take_off",
]  # fmt: skip
Status = Literal["done", "same", "taken", "placed", "changed", "unfit", "missing"]
UNDOABLE: frozenset[str] = frozenset({"attach", "email", "create", "job", "dismiss", "keep", "replace", "take_off"})
_CHOICES: Mapping[str, dict[str, Any]] = {
    "replace": {"replace": True},
    "keep": {"keep": True},
    "posted": {"posted": True},
    "not_posted": {"posted": False},
    "removed": {"removed": True},
    "clear": {"clear": True},
    "dismiss": {"dismissed": True},
}
# Answers that add to what was said before instead of taking its place.
_ADDING = frozenset({"job", "posted", "not_posted", "removed", "again"})


class Said(Struct, frozen=True, kw_only=True):
    """What became of an answer.

    done     noted, and the engine follows
    same     it was said before, in the same words
    taken    somebody else (``by``, ``at``) has said something else (``did``) before
    placed   it was placed without anybody's word meanwhile
    changed  something has come since the asker looked
    unfit    no answer to what is asked
    missing  there is no such thing here
    """

    status: Status
    decision: int | None = None
    elements: int = 0
    did: str = ""
    by: str = ""
    at: datetime | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """``candidate`` goes with attach, ``email`` with email, ``job`` with job, ``person`` with create."""

    did: Did
    candidate: str | None = None
    email: str | None = None
    job: str | None = None
    person: Mapping[str, str] = {}

    @property
    def print(self) -> str:
        """What tells it from another answer, and cannot be read: addresses and names are not kept twice."""
        return sha256(msgspec.json.encode([self.did, self.choice], order="deterministic")).hexdigest()

    @property
    def choice(self) -> dict[str, Any]:
        match self.did:
            case "attach":
                return {"candidate": self.candidate}
            case "email":
                return {"email": self.email}
            case "job":
                return {"job": self.job}
            case "create":
                return {"create": dict(self.person)}
            case _:
                return dict(_CHOICES.get(self.did, {}))


@scoped
async def decide(
    connection: Connection, workspace: int, number: int, answer: Answer, *, stamp: str = "", by: str, now: datetime
) -> Said:
    """Answer one case. To be called in a transaction; two who answer the same take turns, and the second is told."""
    cursor = await connection.execute(
        "SELECT whose, state, decision_id FROM arrival WHERE workspace_id = %s AND id = %s", [workspace, number]
    )
    found = await cursor.fetchone()
    if found is None:
        return Said(status="missing")
    await _take_turns(connection, workspace, found[0])
    case = await load_case(connection, workspace, number)
    if case is None:
        return await _what_was_said(connection, workspace, number, answer)
    if stamp and stamp != case.stamp:
        return Said(status="changed")
    if answer.did not in case.answers:
        return Said(status="unfit")
    return await _note(connection, workspace, case, answer, by=by, now=now)


async def _take_turns(connection: Connection, workspace: int, whose: str) -> None:
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [f"desk {whose}", workspace])


async def _what_was_said(connection: Connection, workspace: int, number: int, answer: Answer) -> Said:
    cursor = await connection.execute(
        """SELECT d.id, d.did, d.candidate, d.facts->>'said', d.made_by, d.made_at, d.elements
           FROM arrival a LEFT JOIN decision d ON d.id = a.decision_id AND d.undone_at IS NULL
           WHERE a.workspace_id = %s AND a.id = %s""",
        [workspace, number],
    )
    row = await cursor.fetchone()
    if row is None or row[0] is None:
        return Said(status="placed")
    same = row[1] == answer.did and row[3] == answer.print
    return Said(status="same" if same else "taken", decision=row[0], did=row[1], by=row[4], at=row[5], elements=row[6])


async def _note(connection: Connection, workspace: int, case: Case, answer: Answer, *, by: str, now: datetime) -> Said:
    about_whom = case.reason in WHO
    identities = await _identities(connection, workspace, case.whose) if about_whom else [case.whose]
    decision = await _insert(connection, workspace, case, answer, by=by, now=now)
    reasons = list(WHO) if about_whom else [case.reason]
    count = await _hand_over(connection, workspace, decision, identities, reasons, answer, by=by, now=now)
    if not count:
        # The engine has placed it since we looked.
        await connection.execute("DELETE FROM decision WHERE id = %s", [decision])
        return Said(status="placed")
    if about_whom and answer.did in {"attach", "dismiss"}:
        does = "attach" if answer.did == "attach" else "dismiss"
        await _follow(connection, workspace, decision, identities, does, answer.candidate)
    if answer.did == "attach" and case.person_urn and answer.candidate:
        await _tell_match(connection, workspace, decision, case.person_urn, answer.candidate, now)
    await connection.execute("UPDATE decision SET elements = %s WHERE id = %s", [count, decision])
    return Said(status="done", decision=decision, elements=count, did=answer.did, by=by, at=now)


async def _identities(connection: Connection, workspace: int, whose: str) -> list[str]:
    """Everything by which what comes of this person can be known: URN, profiles, conversations."""
    cursor = await connection.execute(
        """SELECT DISTINCT i FROM arrival a CROSS JOIN LATERAL unnest(ARRAY[
               a.whose, 'profile:' || lower(a.body->>'profile_url'), 'thread:' || (a.body->>'thread')]) AS i
           WHERE a.workspace_id = %s AND a.whose = %s AND i IS NOT NULL""",
        [workspace, whose],
    )
    return sorted({whose, *(row[0] for row in await cursor.fetchall())})


async def _insert(connection: Connection, workspace: int, case: Case, answer: Answer, *, by: str, now: datetime) -> int:
    cursor = await connection.execute(
        """INSERT INTO decision (workspace_id, whose, reason, did, candidate, elements, facts, made_by, made_at)
           VALUES (%s, %s, %s, %s, %s, 0, %s, %s, %s) RETURNING id""",
        [
            workspace,
            case.whose,
            case.reason,
            answer.did,
            answer.candidate or case.candidate,
            Jsonb({"said": answer.print}),
            by,
            now,
        ],
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


async def _hand_over(
    connection: Connection,
    workspace: int,
    decision: int,
    identities: Sequence[str],
    reasons: Sequence[str],
    answer: Answer,
    *,
    by: str,
    now: datetime,
) -> int:
    """To the engine. What is said to one of them alone (an address, making a candidate) places the others as well: the
    person is known then."""
    cursor = await connection.execute(
        """
        WITH asked AS (
            SELECT id, reason,
                   row_number() OVER (ORDER BY kind = 'export' DESC, kind = 'contact' DESC, id) AS place,
                   kind = 'export' AS exported
            FROM arrival WHERE workspace_id = %(workspace)s AND state = 'desk' AND whose = ANY(%(identities)s)
              AND reason = ANY(%(reasons)s)
        ), said AS (
            SELECT id, reason, CASE %(did)s WHEN 'create' THEN place = 1 WHEN 'email' THEN exported ELSE true END AS own
            FROM asked
        )
        UPDATE arrival a SET revision = revision + 1, attempts = 0, next_at = NULL, decision_id = %(decision)s,
            settled_by = %(by)s, settled_at = %(now)s, changed_at = %(now)s,
            state = 'due', reason = '',
            choice = CASE WHEN said.own
                THEN CASE WHEN %(adding)s THEN coalesce(a.choice, '{}')
                          WHEN a.choice ? 'job' THEN jsonb_build_object('job', a.choice->'job') ELSE '{}' END
                     || %(choice)s || jsonb_build_object('from', said.reason)
                ELSE a.choice END
        FROM said WHERE a.id = said.id
        """,
        {
            "workspace": workspace,
            "identities": list(identities),
            "reasons": list(reasons),
            "did": answer.did,
            "decision": decision,
            "by": by,
            "now": now,
            "adding": answer.did in _ADDING,
            "choice": Jsonb(answer.choice),
        },
    )
    return cursor.rowcount


async def _follow(
    connection: Connection, workspace: int, decision: int, identities: Sequence[str], does: str, candidate: str | None
) -> None:
    await connection.execute(
        """INSERT INTO follow (workspace_id, decision_id, identity, does, candidate)
           SELECT %s, %s, i, %s, %s FROM unnest(%s::text[]) AS i""",
        [workspace, decision, does, candidate, list(identities)],
    )


async def _tell_match(
    connection: Connection, workspace: int, decision: int, person: str, candidate: str, now: datetime
) -> None:
    """So that LinkedIn knows as well; what was known before is kept for an undo."""
    before = await matches.set_by_hand(connection, workspace, candidate, person, now=now)
    if before is not None:
        await connection.execute(
            "UPDATE decision SET facts = facts || %s WHERE id = %s",
            [Jsonb({"match": {"person": before.person_urn}}), decision],
        )


@scoped
async def decide_many(
    connection: Connection, workspace: int, numbers: Sequence[int], answer: Answer, *, by: str, now: datetime
) -> int:
    """The same word for many cases; how many it fitted. Raises ValueError for a word that needs more than a yes."""
    if answer.did not in FOR_MANY:
        raise ValueError(answer.did)
    said = [await decide(connection, workspace, number, answer, by=by, now=now) for number in numbers]
    return sum(one.status == "done" for one in said)


@scoped
async def take_off(connection: Connection, workspace: int, number: int, *, by: str, now: datetime) -> Said:
    """Say that something was placed on the wrong candidate: everything of this person on that candidate comes back to
    the desk, and nothing of this person is placed again without a person's word."""
    cursor = await connection.execute(
        """SELECT whose, ats_id, person_urn FROM arrival
           WHERE workspace_id = %s AND id = %s AND state = 'done' AND ats_id IS NOT NULL""",
        [workspace, number],
    )
    found = await cursor.fetchone()
    if found is None:
        return Said(status="missing")
    whose, candidate, person = found
    await _take_turns(connection, workspace, whose)
    made = await connection.execute(
        """INSERT INTO decision (workspace_id, whose, reason, did, candidate, elements, facts, made_by, made_at)
           VALUES (%s, %s, 'placed', 'take_off', %s, 0, %s, %s, %s) RETURNING id""",
        [workspace, whose, candidate, Jsonb({}), by, now],
    )
    row = await made.fetchone()
    assert row is not None
    cursor = await connection.execute(
        """UPDATE arrival SET state = 'due', reason = '', attempts = 0, next_at = NULL, revision = revision + 1,
               choice = '{"undo": "wrong_person"}', ats_id = NULL, record_id = NULL, decision_id = %s,
               settled_by = %s, settled_at = %s, changed_at = %s
           WHERE workspace_id = %s AND whose = %s AND state = 'done' AND ats_id = %s""",
        [row[0], by, now, now, workspace, whose, candidate],
    )
    await connection.execute("UPDATE decision SET elements = %s WHERE id = %s", [cursor.rowcount, row[0]])
    await _follow(connection, workspace, row[0], await _identities(connection, workspace, whose), "ask", None)
    if person:
        await matches.unset_by_hand(connection, workspace, candidate, person, now=now)
    return Said(status="done", decision=row[0], elements=cursor.rowcount, did="take_off", by=by, at=now)


@scoped
async def undo(connection: Connection, workspace: int, decision: int, *, by: str, now: datetime) -> Said:
    """Take a decision back: its elements, and those that followed it, come off the candidate and wait again."""
    cursor = await connection.execute(
        """SELECT whose, reason, did, candidate, facts, undone_by, undone_at FROM decision
           WHERE workspace_id = %s AND id = %s FOR UPDATE""",
        [workspace, decision],
    )
    found = await cursor.fetchone()
    if found is None:
        return Said(status="missing")
    whose, reason, did, candidate, facts, undone_by, undone_at = found
    if undone_at is not None:
        return Said(status="same", decision=decision, did=did, by=undone_by, at=undone_at)
    if did not in UNDOABLE:
        return Said(status="unfit", decision=decision, did=did)
    await _take_turns(connection, workspace, whose)
    if did in {"email", "create"}:
        await _unmatch(connection, workspace, decision, now)
    count = await _take_back(connection, workspace, decision, did, reason, candidate, by=by, now=now)
    await connection.execute("DELETE FROM follow WHERE workspace_id = %s AND decision_id = %s", [workspace, decision])
    if did == "attach" and candidate and "match" in facts:
        await matches.set_by_hand(connection, workspace, candidate, facts["match"]["person"], now=now)
    await connection.execute("UPDATE decision SET undone_by = %s, undone_at = %s WHERE id = %s", [by, now, decision])
    return Said(status="done", decision=decision, elements=count, did=did, by=by, at=now)


async def _unmatch(connection: Connection, workspace: int, decision: int, now: datetime) -> None:
    """The candidates that were made are no longer said to be these people."""
    cursor = await connection.execute(
        """SELECT DISTINCT ats_id, person_urn FROM arrival
           WHERE workspace_id = %s AND decision_id = %s AND ats_id IS NOT NULL AND person_urn IS NOT NULL""",
        [workspace, decision],
    )
    for candidate, person in await cursor.fetchall():
        await matches.unset_by_hand(connection, workspace, candidate, person, now=now)


async def _take_back(
    connection: Connection,
    workspace: int,
    decision: int,
    did: str,
    reason: str,
    candidate: str | None,
    *,
    by: str,
    now: datetime,
) -> int:
    # A candidate once made stays in the ATS. The effect is put aside, so that another answer makes another one.
    await connection.execute(
        """UPDATE effect e SET marker = e.marker || '~' || %(decision)s FROM arrival a
           WHERE a.id = e.arrival_id AND a.workspace_id = %(workspace)s AND a.decision_id = %(decision)s
             AND e.name IN ('create_candidate', 'attach_to_job') AND e.state = 'done'""",
        {"workspace": workspace, "decision": decision},
    )
    cursor = await connection.execute(
        """UPDATE arrival SET state = 'due', reason = '', attempts = 0, next_at = NULL, revision = revision + 1,
               choice = CASE WHEN %(did)s = 'take_off' THEN jsonb_build_object('candidate', %(candidate)s::text)
                        ELSE jsonb_build_object('undo', coalesce(choice->>'from',
                                 CASE WHEN kind = 'export' OR %(reason)s NOT IN ('needs_email', 'needs_name')
                                 THEN %(reason)s ELSE 'unmatched' END))
                             || CASE WHEN choice ? 'replace' AND facts ? 'ours'
                                THEN jsonb_build_object('restore', facts->'ours') ELSE '{}' END END,
               ats_id = CASE WHEN kind = 'contact' AND %(did)s IN ('keep', 'replace') THEN ats_id END,
               record_id = CASE WHEN kind = 'contact' AND %(did)s IN ('keep', 'replace') THEN record_id END,
               decision_id = NULL, settled_by = %(by)s, settled_at = %(now)s, changed_at = %(now)s
           WHERE workspace_id = %(workspace)s AND decision_id = %(decision)s AND forgotten_at IS NULL""",
        {
            "workspace": workspace,
            "decision": decision,
            "did": did,
            "reason": reason,
            "candidate": candidate,
            "by": by,
            "now": now,
        },
    )
    return cursor.rowcount


@scoped
async def try_again(connection: Connection, workspace: int, reason: str, *, now: datetime) -> int:
    """Have what waits for a reason looked at anew, since something else was chosen; how many elements."""
    cursor = await connection.execute(
        """UPDATE arrival SET state = 'due', reason = '', attempts = 0, next_at = NULL, revision = revision + 1,
               changed_at = %s
           WHERE workspace_id = %s AND state = 'desk' AND reason = %s""",
        [now, workspace, reason],
    )
    return cursor.rowcount
