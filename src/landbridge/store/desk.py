"""The desk: what came from LinkedIn and waits for a person's word, person by person, and what settles it.

A *case* is everything of one person (``arrival.whose``) that waits for the same question. Whose it is, is one question
however many InMails, notes and exports ask it, so all reasons of ``WHO`` are one case and the strongest is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.arrivals import ArrivalKind
from landbridge.store.database import Connection
from landbridge.store.finding import by_key
from landbridge.store.scope import scoped

Group = Literal["needs_email", "ambiguous", "conflict", "unmatched", "closed", "trouble"]

HIGHEST = 2**63 - 1
# Reasons that ask who somebody is, the one that asks most first.
WHO = ("needs_name", "needs_email", "ambiguous", "wrong_person", "candidate_gone", "unmatched")
GROUPS: Mapping[Group, tuple[str, ...]] = {
    "needs_email": ("needs_name", "needs_email"),
    "ambiguous": ("ambiguous",),
    "conflict": ("differs", "conflict"),
    "unmatched": ("wrong_person", "candidate_gone", "unmatched"),
    "closed": ("closed",),
    "trouble": (
        "job_unknown",
        "duplicate_made",
        "refused",
        "not_readable",
        "not_permitted",
        "source_missing",
        "ats_fails",
        "outcome_unknown",
        "remove_by_hand",
    ),
}
# What may be said to a reason; the first is what settles it in most cases.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "needs_name": ("create", "attach", "dismiss"),
    "needs_email": ("email", "attach", "dismiss"),
    "ambiguous": ("attach", "create", "dismiss"),
    "wrong_person": ("attach", "create", "dismiss"),
    "candidate_gone": ("attach", "create", "dismiss"),
    "unmatched": ("attach", "create", "dismiss"),
    "differs": ("replace", "keep"),
    "conflict": ("keep", "again"),
    "closed": ("clear", "dismiss"),
    "job_unknown": ("job", "again", "dismiss"),
    "duplicate_made": ("again", "dismiss"),
    "refused": ("again", "dismiss"),
    "not_readable": ("again", "dismiss"),
    "not_permitted": ("again", "dismiss"),
    "source_missing": ("again", "dismiss"),
    "ats_fails": ("again", "dismiss"),
    "outcome_unknown": ("posted", "not_posted"),
    "remove_by_hand": ("removed",),
}
# Answers that many cases can be given at once, because they need nothing but a yes.
FOR_MANY = ("again", "dismiss", "replace", "keep")


def group_of(reason: str) -> Group:
    return next((group for group, reasons in GROUPS.items() if reason in reasons), "trouble")


class Case(Struct, frozen=True, kw_only=True):
    """One question. ``number`` is that of its newest element with ``reason``; any element's leads to it. ``stamp``
    changes with each of them.

    ``kinds`` counts its elements; ``ours`` are the ATS's contact details where LinkedIn's differ; ``offered`` are keys
    of candidates among whom the engine could not choose; ``imported`` counts what is here of a closed account;
    ``lacking`` is the permission for want of which the ATS refused it.
    """

    number: int
    whose: str
    reason: str
    stamp: str
    person_urn: str | None
    first_name: str
    last_name: str
    headline: str
    profile_url: str | None
    kinds: dict[ArrivalKind, int]
    first_at: datetime
    last_at: datetime
    seats: list[str]
    job: str | None
    job_key: str | None
    text: str
    emails: list[str]
    phone: str | None
    candidate: str | None
    candidate_name: str | None
    offered: list[str]
    ours: dict[str, str | None]
    imported: dict[str, int]
    lacking: str

    def __repr__(self) -> str:
        return f"Case({self.reason} {self.number})"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def group(self) -> Group:
        return group_of(self.reason)

    @property
    def answers(self) -> tuple[str, ...]:
        return ANSWERS.get(self.reason, ("again", "dismiss"))

    @property
    def elements(self) -> int:
        return sum(self.kinds.values())


class Element(Struct, frozen=True, kw_only=True):
    """One thing that came, as it can be read on the desk."""

    id: int
    kind: ArrivalKind
    reason: str
    at: datetime | None
    received_at: datetime
    seat: str
    outgoing: bool | None
    subject: str
    text: str
    emails: list[str]
    phone: str | None
    job: str | None

    def __repr__(self) -> str:
        return f"Element({self.kind} {self.id})"


# The newest element of each case: nothing of the same question is newer, and no stronger question is asked.
_LEADS = """
SELECT a.id, a.whose, a.reason FROM arrival a
WHERE a.workspace_id = %(workspace)s AND a.state = 'desk'
  AND (%(reasons)s::text[] IS NULL OR a.reason = ANY(%(reasons)s))
  AND (%(whose)s::text IS NULL OR a.whose = %(whose)s)
  AND (%(before)s::bigint IS NULL OR a.id < %(before)s)
  AND NOT EXISTS (
      SELECT FROM arrival b WHERE b.workspace_id = %(workspace)s AND b.state = 'desk' AND b.whose = a.whose
        AND ((b.reason = a.reason AND b.id > a.id)
             OR array_position(%(who)s::text[], b.reason) < array_position(%(who)s::text[], a.reason)))
"""
_FILTER = """
  AND EXISTS (
      SELECT FROM arrival f WHERE f.workspace_id = %(workspace)s AND f.whose = a.whose
        AND (%(seat)s::text IS NULL OR coalesce(f.body->>'seat', f.body->>'exporter') = %(seat)s)
        AND (%(kind)s::text IS NULL OR (f.kind = %(kind)s AND f.state = 'desk'))
        AND (%(words)s::text[] IS NULL OR concat_ws(' ', f.body->>'first_name', f.body->>'last_name',
            f.body->>'headline', f.body->>'emails', CASE WHEN NOT coalesce((f.body->>'private')::boolean, false)
            THEN concat_ws(' ', f.body->>'subject', f.body->>'body', f.body->>'text') END) ILIKE ALL (%(words)s)))
"""
_CASES = """
SELECT l.id AS number, l.whose, l.reason, m.*, coalesce(known.first_name, '') AS first_name,
       coalesce(known.last_name, '') AS last_name,
       coalesce(known.headline, '') AS headline, coalesce(known.profile_url, m.own_profile) AS profile_url,
       job.body->>'title' AS job,
       nullif(concat_ws(' ', r.body->>'first_name', r.body->>'last_name'), '') AS candidate_name
FROM leads l
CROSS JOIN LATERAL (
    SELECT left(md5(string_agg(b.id || ':' || b.revision || ':' || b.reason, ',' ORDER BY b.id)), 16) AS stamp,
           max(b.person_urn) AS person_urn,
           (SELECT jsonb_object_agg(k.kind, k.n) FROM (
                SELECT c.kind, count(*) AS n FROM arrival c
                WHERE c.workspace_id = %(workspace)s AND c.whose = l.whose AND c.state = 'desk' AND {same_c}
                GROUP BY c.kind) k) AS kinds,
           min(coalesce(b.at, b.received_at)) AS first_at, max(coalesce(b.at, b.received_at)) AS last_at,
           coalesce(array_agg(DISTINCT coalesce(
               nullif(concat_ws(' ', s.first_name, s.last_name), ''), b.body->>'seat', b.body->>'exporter'))
               FILTER (WHERE coalesce(b.body->>'seat', b.body->>'exporter') IS NOT NULL), '{{}}') AS seats,
           max(b.body->>'job_id') AS job_key, max(b.body->>'profile_url') AS own_profile,
           coalesce((array_agg(left(coalesce(nullif(b.body->>'text', ''), nullif(b.body->>'body', '')), 240)
                     ORDER BY b.at DESC NULLS LAST, b.id DESC)
                     FILTER (WHERE coalesce(b.body->>'text', b.body->>'body', '') <> ''
                         AND NOT coalesce((b.body->>'private')::boolean, false)))[1], '') AS text,
           coalesce((SELECT array_agg(DISTINCT e) FROM arrival x, jsonb_array_elements_text(x.body->'emails') e
                     WHERE x.workspace_id = %(workspace)s AND x.whose = l.whose AND x.kind = 'contact'), '{{}}')
               AS emails,
           max(b.body->>'phone') AS phone, max(b.ats_id) AS candidate,
           coalesce((SELECT array_agg(DISTINCT o) FROM arrival x, jsonb_array_elements_text(x.facts->'candidates') o
                     WHERE x.workspace_id = %(workspace)s AND x.whose = l.whose AND x.state = 'desk'), '{{}}')
               AS offered,
           coalesce((array_agg(b.facts->'ours') FILTER (WHERE b.facts ? 'ours'))[1], '{{}}') AS ours,
           coalesce((array_agg(b.facts->'kinds') FILTER (WHERE b.facts ? 'kinds'))[1], '{{}}') AS imported,
           coalesce(max(b.facts->>'lacking'), '') AS lacking
    FROM arrival b LEFT JOIN seat s ON s.workspace_id = b.workspace_id
         AND s.urn = coalesce(b.body->>'seat', b.body->>'exporter')
    WHERE b.workspace_id = %(workspace)s AND b.whose = l.whose AND b.state = 'desk' AND {same_b}
) m
LEFT JOIN LATERAL (
    SELECT n.body->>'first_name' AS first_name, n.body->>'last_name' AS last_name,
           coalesce(nullif(n.body->>'headline', ''), nullif(concat_ws(', ', nullif(n.body->>'title', ''),
                    coalesce(nullif(n.body->>'employer', ''), n.body->'employers'->>0)), '')) AS headline,
           n.body->>'profile_url' AS profile_url
    FROM arrival n WHERE n.workspace_id = %(workspace)s AND n.whose = l.whose
      AND coalesce(n.body->>'first_name', '') || coalesce(n.body->>'last_name', '') <> ''
    ORDER BY n.kind = 'export' DESC, n.id DESC LIMIT 1
) known ON true
LEFT JOIN {job} AS job ON true
LEFT JOIN {candidate} AS r ON true
ORDER BY l.id DESC
"""
_SAME = "({one}.reason = l.reason OR (l.reason = ANY(%(who)s::text[]) AND {one}.reason = ANY(%(who)s::text[])))"
_SHOWN = _CASES.format(
    same_b=_SAME.format(one="b"),
    same_c=_SAME.format(one="c"),
    job=by_key("'job'", "m.job_key"),
    candidate=by_key("'candidate'", "m.candidate"),
)
_COLUMNS = frozenset(Case.__struct_fields__)


@scoped
async def load_cases(
    connection: Connection,
    workspace: int,
    *,
    reasons: Sequence[str] | None = None,
    named: str = "",
    seat: str | None = None,
    kind: str | None = None,
    before: int | None = None,
    limit: int = 20,
) -> list[Case]:
    """Cases, the newest first; ``before`` is the number below which the next page begins. ``named`` is looked for in
    names and texts."""
    words = [f"%{_escaped(word)}%" for word in named.replace("\0", "").split()[:6]] or None
    filtered = _FILTER if words or seat or kind else ""
    return await _cases(
        connection,
        workspace,
        f"{_LEADS}{filtered} ORDER BY a.id DESC LIMIT %(limit)s",
        {
            "reasons": list(reasons) if reasons is not None else None,
            "whose": None,
            "before": before,
            "limit": limit,
            "words": words,
            "seat": seat,
            "kind": kind,
        },
    )


@scoped
async def load_case(connection: Connection, workspace: int, number: int) -> Case | None:
    """The case to which an element belongs. None: it is settled, or there is no such element."""
    cursor = await connection.execute(
        "SELECT whose, reason FROM arrival WHERE workspace_id = %s AND id = %s AND state = 'desk'", [workspace, number]
    )
    found = await cursor.fetchone()
    if found is None:
        return None
    reasons = WHO if found[1] in WHO else (found[1],)
    cases = await _cases(connection, workspace, _LEADS, {"reasons": list(reasons), "whose": found[0], "before": None})
    return cases[0] if cases else None


async def _cases(connection: Connection, workspace: int, leads: str, about: dict[str, Any]) -> list[Case]:
    cursor = await connection.execute(
        f"WITH leads AS MATERIALIZED ({leads}) {_SHOWN}",  # constants
        {"workspace": workspace, "who": list(WHO), **about},
    )
    names = [column.name for column in cursor.description or ()]
    return [
        Case(**{name: value for name, value in zip(names, row, strict=True) if name in _COLUMNS})
        for row in await cursor.fetchall()
    ]


@scoped
async def load_elements(
    connection: Connection, workspace: int, case: Case, *, before: int | None = None, limit: int = 50
) -> list[Element]:
    """What came, the newest first."""
    async with connection.cursor(row_factory=class_row(Element)) as cursor:
        await cursor.execute(
            """SELECT b.id, b.kind, b.reason, b.at, b.received_at,
                   coalesce(nullif(concat_ws(' ', s.first_name, s.last_name), ''), b.body->>'seat',
                            b.body->>'exporter', '') AS seat,
                   (b.body->>'outgoing')::boolean AS outgoing, coalesce(b.body->>'subject', '') AS subject,
                   CASE WHEN (b.body->>'private')::boolean THEN ''
                        ELSE left(coalesce(nullif(b.body->>'text', ''), b.body->>'body', ''), 2000) END AS text,
                   coalesce(ARRAY(SELECT jsonb_array_elements_text(b.body->'emails')), '{}') AS emails,
                   b.body->>'phone' AS phone, job.body->>'title' AS job
               FROM arrival b
               LEFT JOIN seat s ON s.workspace_id = b.workspace_id
                   AND s.urn = coalesce(b.body->>'seat', b.body->>'exporter')
               LEFT JOIN record job ON job.workspace_id = b.workspace_id AND job.kind = 'job'
                   AND job.key = b.body->>'job_id'
               WHERE b.workspace_id = %(workspace)s AND b.whose = %(whose)s AND b.state = 'desk'
                 AND (b.reason = %(reason)s OR (%(reason)s = ANY(%(who)s) AND b.reason = ANY(%(who)s)))
                 AND (%(before)s::bigint IS NULL OR b.id < %(before)s)
               ORDER BY b.id DESC LIMIT %(limit)s""",
            {
                "workspace": workspace,
                "whose": case.whose,
                "reason": case.reason,
                "who": list(WHO),
                "before": before,
                "limit": limit,
            },
        )
        return sorted(await cursor.fetchall(), key=lambda one: one.at or one.received_at, reverse=True)


@scoped
async def count_cases(connection: Connection, workspace: int) -> dict[str, int]:
    """How many cases wait, by reason."""
    cursor = await connection.execute(
        """WITH waiting AS (
               SELECT DISTINCT whose, reason FROM arrival WHERE workspace_id = %(workspace)s AND state = 'desk'
           ), asked AS (
               SELECT reason, array_position(%(who)s::text[], reason) AS rank,
                      min(array_position(%(who)s::text[], reason)) OVER (PARTITION BY whose) AS strongest
               FROM waiting
           )
           SELECT reason, count(*) FROM asked WHERE rank IS NULL OR rank = strongest GROUP BY reason""",
        {"workspace": workspace, "who": list(WHO)},
    )
    return dict(await cursor.fetchall())


@scoped
async def count_asking(connection: Connection, workspace: int) -> int:
    """People who are placed by nobody but a person: all but those who may still be matched or exported, or for whom
    nothing but a permission is missing."""
    reasons = [reason for reason in ANSWERS if reason not in {"unmatched", "not_permitted"}]
    cursor = await connection.execute(
        "SELECT count(DISTINCT whose) FROM arrival WHERE workspace_id = %s AND state = 'desk' AND reason = ANY(%s)",
        [workspace, reasons],
    )
    row = await cursor.fetchone()
    return row[0] if row else 0


@scoped
async def count_lacking(connection: Connection, workspace: int) -> dict[str, int]:
    """How many elements wait for each permission that the ATS's credential lacks; "": one without a name."""
    cursor = await connection.execute(
        """SELECT coalesce(facts->>'lacking', ''), count(*) FROM arrival
           WHERE workspace_id = %s AND state = 'desk' AND reason = 'not_permitted' GROUP BY 1 ORDER BY 1""",
        [workspace],
    )
    return dict(await cursor.fetchall())


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
