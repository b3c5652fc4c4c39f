"""The checks, in their order: each leaves the mirror in a state from which the next can go on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from msgspec import Struct

from landbridge.cli.conformance import mangling
from landbridge.cli.conformance.mangling import Mangle
from landbridge.cli.conformance.subject import Ground, Subject
from landbridge.errors import LandbridgeError
from landbridge.records import Kind
from landbridge.records.kinship import KIN


class Verdict(Struct, frozen=True, kw_only=True):
    """``faults`` empty: it is kept."""

    rule: str
    faults: tuple[str, ...]


class Row(Struct, frozen=True):
    body: Mapping[str, Any]
    gone: bool
    revision: int


Shot = dict[tuple[str, str], Row]
Check = Callable[[Subject, Ground], Awaitable[list[str]]]


async def check_all(subject: Subject, ground: Ground) -> AsyncIterator[Verdict]:
    """A verdict for each rule. What a connector raises is its fault, in the words of the error."""
    for rule, check in CHECKS.items():
        try:
            faults = await check(subject, ground)
        except LandbridgeError as error:
            faults = [f"{type(error).__name__} ({error.code}): {error}"]
        yield Verdict(rule=rule, faults=tuple(faults))


async def brings_all_kinds(subject: Subject, ground: Ground) -> list[str]:
    await subject.bring(ground)
    found = {kind for kind, _ in await shot_of(ground)}
    return [f"no {kind.value} has arrived" for kind in BROUGHT if kind.value not in found]


# What hangs on applications goes with them.
CHILDREN = {kind.value for kind, kin in KIN.items() if kin.parent is Kind.APPLICATION}
# The others are shared only where a workspace has chosen to.
BROUGHT = (Kind.JOB, Kind.CANDIDATE, Kind.APPLICATION, Kind.STAGE)


async def pages(subject: Subject, ground: Ground) -> list[str]:
    return list(await subject.paging_faults(ground))


async def is_idempotent(subject: Subject, ground: Ground) -> list[str]:
    before = await shot_of(ground)
    await subject.bring(ground)
    return _changes(before, await shot_of(ground))


async def ignores_unknown_fields(subject: Subject, ground: Ground) -> list[str]:
    before = await shot_of(ground)
    await subject.bring(ground, mangling.with_unknown_fields)
    return _changes(before, await shot_of(ground))


async def survives_unknown_values(subject: Subject, ground: Ground) -> list[str]:
    return await _survives(subject, ground, mangling.with_unknown_values)


async def survives_hostile_text(subject: Subject, ground: Ground) -> list[str]:
    return await _survives(subject, ground, mangling.with_hostile_text)


async def survives_wrong_types(subject: Subject, ground: Ground) -> list[str]:
    return await _survives(subject, ground, mangling.with_wrong_types)


async def brings_users(subject: Subject, ground: Ground) -> list[str]:
    await subject.bring_users(ground)
    first = await _users(ground)
    await subject.bring_users(ground, mangling.with_unknown_fields)
    faults = [] if first else ["no user has arrived"]
    return faults if await _users(ground) == first else [*faults, "reading users twice brings others"]


async def deletes(subject: Subject, ground: Ground) -> list[str]:
    before = await shot_of(ground)
    applied = {row.body["candidate_id"] for (kind, _), row in before.items() if kind == Kind.APPLICATION}
    alive = {key for (kind, key), row in before.items() if kind == Kind.CANDIDATE and not row.gone}
    victim = min(applied & alive)
    await subject.delete_candidate(ground, victim)
    await subject.bring(ground)
    after = await shot_of(ground)
    faults = [] if after[Kind.CANDIDATE, victim].gone else ["a deleted candidate is still there"]
    for (kind, key), row in after.items():
        known = before.get((kind, key), row)  # a tombstone holds nothing of the person any more
        theirs = kind == Kind.APPLICATION and known.body.get("candidate_id") == victim
        if theirs and not row.gone:
            faults.append(f"application {key} outlives its candidate")
        if row.gone and not theirs and kind not in CHILDREN and (kind, key) != (Kind.CANDIDATE, victim):
            faults.append(f"{kind} {key} went with somebody else's candidate")
    return faults


CHECKS: Mapping[str, Check] = {
    "brings every kind of record": brings_all_kinds,
    "its pages end, and bring everything": pages,
    "reading again changes nothing": is_idempotent,
    "unknown fields change nothing": ignores_unknown_fields,
    "unknown values spoil no neighbour": survives_unknown_values,
    "hostile text spoils no neighbour": survives_hostile_text,
    "wrong types spoil no neighbour": survives_wrong_types,
    "brings users, the same each time": brings_users,
    "what is deleted goes, with all that hangs on it, and nothing else": deletes,
}


async def _survives(subject: Subject, ground: Ground, mangle: Mangle) -> list[str]:
    """Records that were not touched stay as they are, none is lost, and afterwards all can be as before."""
    await subject.bring(ground)
    before = await shot_of(ground)
    await subject.bring(ground, mangle)
    during = await shot_of(ground)
    faults = [f"{kind} {key} is lost" for (kind, key), row in before.items() if during[kind, key].gone != row.gone]
    for (kind, key), row in before.items():
        if not _is_touched(kind, key, row) and during[kind, key].body != row.body:
            faults.append(f"{kind} {key} has changed though it was not touched")
    await subject.bring(ground)
    after = await shot_of(ground)
    return faults + [f"{kind} {key} does not recover" for (kind, key), row in before.items()
                     if after[kind, key].body != row.body]  # fmt: skip


def _is_touched(kind: str, key: str, row: Row) -> bool:
    """Whether the record was made worse, or what it is read from: its candidate or its job."""
    names = [key, *(str(row.body[name]) for name in ("candidate_id", "job_id", "application_id") if name in row.body)]
    return kind in CHILDREN or any(mangling.is_chosen(name) for name in names)


def _changes(before: Shot, after: Shot) -> list[str]:
    return [f"{kind} {key} has changed" for (kind, key), row in after.items() if before.get((kind, key)) != row] + [
        f"{kind} {key} is lost" for kind, key in before.keys() - after.keys()
    ]


async def shot_of(ground: Ground) -> Shot:
    """The mirror of the workspace as it is."""
    async with ground.database.connection() as connection:
        cursor = await connection.execute(
            "SELECT kind, key, body, gone, revision FROM record WHERE workspace_id = %s", [ground.workspace]
        )
        return {(kind, key): Row(body, gone, revision) async for kind, key, body, gone, revision in cursor}


async def _users(ground: Ground) -> list[tuple[Any, ...]]:
    async with ground.database.connection() as connection:
        cursor = await connection.execute(
            "SELECT key, first_name, last_name, email, active FROM ats_user WHERE workspace_id = %s ORDER BY key",
            [ground.workspace],
        )
        return await cursor.fetchall()
