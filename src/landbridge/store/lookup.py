"""Finding a candidate in the mirror: while somebody types, and as a suggestion for who waits on the desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from landbridge.store.database import Connection
from landbridge.store.desk import Case
from landbridge.store.finding import by_key, by_pointer
from landbridge.store.scope import scoped

MOST_FOUND = 12
# Of people with one beginning or one name, so many are looked at.
MOST_LOOKED_AT = 60
# More words than a name has are not looked for.
MOST_WORDS = 6
SuggestionReason = Literal["same_email_and_name", "same_email", "same_name_on_job", "same_name", "offered"]


class FoundCandidate(Struct, frozen=True, kw_only=True):
    """A candidate of the mirror. ``person_urn``: the member LinkedIn has matched with it already."""

    key: str
    name: str
    email: str | None
    profile_url: str | None
    title: str | None
    jobs: list[str]
    person_urn: str | None

    def __repr__(self) -> str:
        return "FoundCandidate(…)"


class Suggested(Struct, frozen=True, kw_only=True):
    """``certain``: nobody else fits as well, and LinkedIn does not know the candidate as somebody else."""

    number: int
    candidate: FoundCandidate
    reason: SuggestionReason
    certain: bool


_SHOWN = f"""
    r.key, concat_ws(' ', r.body->>'first_name', r.body->>'last_name') AS name, r.body->'emails'->>0 AS email,
    r.body->>'profile_url' AS profile_url,
    nullif(concat_ws(', ', r.body->>'title', r.body->>'company'), '') AS title,
    ARRAY(SELECT j.body->>'title' FROM {by_pointer("'application'", "parent_key", "r.key")} AS a
          CROSS JOIN {by_key("'job'", "a.job_key")} AS j WHERE NOT a.gone LIMIT 3) AS jobs,
    (SELECT m.person_urn FROM match m WHERE m.record_id = r.id) AS person_urn
"""  # noqa: S608 - built from constants
# A workspace behind a SELECT, and OFFSET 0, keep statistics from choosing the way in: see store.finding.
_OF = "r.workspace_id = (SELECT %(workspace)s) AND r.kind = 'candidate' AND NOT r.gone"
# As the indexes have it (see the model): small letters, compared by bytes, and the address found by that very operator.
_FIELDS = {
    "first": "lower(r.body->>'first_name') COLLATE \"C\"",
    "last": "lower(r.body->>'last_name') COLLATE \"C\"",
    "email": "lower(r.body #>> '{emails,0}') COLLATE \"C\"",
}
_ALL_WORDS = (
    "lower(concat_ws(' ', r.body->>'first_name', r.body->>'last_name', r.body->'emails'->>0)) LIKE ALL (%(words)s)"
)
_BEGINNING = "\nUNION\n".join(
    f"(SELECT r.id FROM record r WHERE {_OF} AND {field} LIKE lower(%(begins)s) AND {_ALL_WORDS} LIMIT %(most)s)"  # noqa: S608 - built from constants
    for field in _FIELDS.values()
)


@scoped
async def find_candidates(
    connection: Connection, workspace: int, text: str, *, limit: int = MOST_FOUND
) -> list[FoundCandidate]:
    """Candidates one of whose names, or whose address, begins with the first word and who have all of the words
    somewhere; or whose key in the ATS it is."""
    words = text.replace("\0", "").lower().split()[:MOST_WORDS]
    if not words:
        return []
    async with connection.cursor(row_factory=class_row(FoundCandidate)) as cursor:
        await cursor.execute(
            f"""
            WITH found AS (
                {_BEGINNING}
                UNION (SELECT r.id FROM {by_key("'candidate'", "%(key)s")} AS r WHERE NOT r.gone)
            )
            SELECT {_SHOWN} FROM record r JOIN found f ON f.id = r.id
            ORDER BY r.key = %(key)s DESC, lower(r.body->>'last_name'), lower(r.body->>'first_name'), r.id
            LIMIT %(limit)s
            """,  # noqa: S608 - built from constants
            {
                "workspace": workspace,
                "begins": f"{_escaped(words[0])}%",
                "words": [f"%{_escaped(word)}%" for word in words],
                "key": text.strip(),
                "most": MOST_LOOKED_AT,
                "limit": limit,
            },
        )
        return await cursor.fetchall()


@scoped
async def load_candidates(connection: Connection, workspace: int, keys: Sequence[str]) -> list[FoundCandidate]:
    """Those of these keys that the mirror has."""
    async with connection.cursor(row_factory=class_row(FoundCandidate)) as cursor:
        await cursor.execute(
            f"""SELECT {_SHOWN} FROM unnest(%(keys)s::text[]) AS n(key) CROSS JOIN {by_key("'candidate'", "n.key")} AS r
                WHERE NOT r.gone ORDER BY 2, 1""",  # noqa: S608 - built from constants
            {"workspace": workspace, "keys": sorted(set(keys))},
        )
        return await cursor.fetchall()


class _Like(FoundCandidate, frozen=True, kw_only=True):
    number: int
    same_email: bool
    same_name: bool
    on_job: bool


_LIKE = f"""
WITH asked AS (
    SELECT * FROM unnest(%(numbers)s::bigint[], %(firsts)s::text[], %(lasts)s::text[], %(emails)s::jsonb[],
                         %(jobs)s::text[], %(offers)s::jsonb[])
        AS a(number, first, last, emails, job, offered)
), alike AS (
    SELECT a.number, x.id FROM asked a CROSS JOIN LATERAL (
        (SELECT r.id FROM record r WHERE {_OF} AND a.last <> '' AND {_FIELDS["last"]} = lower(a.last) COLLATE "C"
            AND {_FIELDS["first"]} = lower(a.first) COLLATE "C" LIMIT %(most)s)
        UNION
        (SELECT r.id FROM jsonb_array_elements_text(a.emails) e, record r
         WHERE {_OF} AND {_FIELDS["email"]} = lower(e) COLLATE "C" LIMIT %(most)s)
        UNION
        (SELECT r.id FROM jsonb_array_elements_text(a.offered) o CROSS JOIN {by_key("'candidate'", "o")} AS r
         WHERE NOT r.gone)
    ) x
)
SELECT {_SHOWN}, a.number,
    coalesce(lower(r.body->'emails'->>0) IN (SELECT lower(e) FROM jsonb_array_elements_text(a.emails) e), false)
        AS same_email,
    coalesce(a.last <> '' AND lower(r.body->>'last_name') = lower(a.last)
             AND lower(r.body->>'first_name') = lower(a.first), false) AS same_name,
    EXISTS (SELECT FROM {by_pointer("'application'", "parent_key", "r.key")} AS p
            WHERE p.job_key = a.job AND NOT p.gone) AS on_job
FROM asked a JOIN alike l ON l.number = a.number JOIN record r ON r.id = l.id
ORDER BY a.number, r.key
"""  # noqa: S608 - built from constants


@scoped
async def suggest_candidates(connection: Connection, workspace: int, cases: Sequence[Case]) -> list[Suggested]:
    """Who in the ATS each case may be, the likeliest first."""
    if not cases:
        return []
    async with connection.cursor(row_factory=class_row(_Like)) as cursor:
        await cursor.execute(
            _LIKE,
            {
                "workspace": workspace,
                "most": MOST_FOUND,
                "numbers": [case.number for case in cases],
                "firsts": [case.first_name for case in cases],
                "lasts": [case.last_name for case in cases],
                "emails": [Jsonb(case.emails) for case in cases],
                "jobs": [case.job_key for case in cases],
                "offers": [Jsonb(case.offered) for case in cases],
            },
        )
        alike = await cursor.fetchall()
    return [one for case in cases for one in _ranked(case, [like for like in alike if like.number == case.number])]


def _ranked(case: Case, alike: Sequence[_Like]) -> list[Suggested]:
    """The strongest reason first. Certain is one with which a strong reason points at nobody else."""
    ordered = [(reason, [like for like in alike if _fits(like, reason, case)]) for reason in _STRENGTH]
    strongest = next((likes for reason, likes in ordered if likes and reason in _STRONG), [])
    found: list[Suggested] = []
    for reason, likes in ordered:
        for like in likes:
            if like.key not in {one.candidate.key for one in found}:
                certain = strongest == [like] and like.person_urn in {None, case.person_urn}
                candidate = FoundCandidate(
                    **{name: getattr(like, name) for name in FoundCandidate.__struct_fields__},
                )
                found.append(Suggested(number=case.number, candidate=candidate, reason=reason, certain=certain))
    return found


_STRENGTH: tuple[SuggestionReason, ...] = (
    "same_email_and_name",
    "same_email",
    "same_name_on_job",
    "same_name",
    "offered",
)

_STRONG = frozenset(_STRENGTH[:3])


def _fits(like: _Like, reason: SuggestionReason, case: Case) -> bool:
    match reason:
        case "same_email_and_name":
            return like.same_email and like.same_name
        case "same_email":
            return like.same_email
        case "same_name_on_job":
            return like.same_name and like.on_job
        case "same_name":
            return like.same_name
        case "offered":
            return like.key in case.offered


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


@scoped
async def load_job_title(connection: Connection, workspace: int, key: str) -> str:
    """ "" for a job the mirror does not know, or that has none."""
    cursor = await connection.execute(
        "SELECT body->>'title' FROM record WHERE workspace_id = %s AND kind = 'job' AND key = %s", [workspace, key]
    )
    row = await cursor.fetchone()
    return (row and row[0]) or ""


class OpenJob(Struct, frozen=True, kw_only=True):
    key: str
    title: str


@scoped
async def load_open_jobs(connection: Connection, workspace: int, *, limit: int = 200) -> list[OpenJob]:
    """Jobs that somebody can be put on, the newest first."""
    async with connection.cursor(row_factory=class_row(OpenJob)) as cursor:
        await cursor.execute(
            """SELECT key, coalesce(body->>'title', key) AS title FROM record
               WHERE workspace_id = %s AND kind = 'job' AND NOT gone AND body->>'status' = 'open'
               ORDER BY id DESC LIMIT %s""",
            [workspace, limit],
        )
        return await cursor.fetchall()
