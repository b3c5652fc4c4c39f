"""What is said on the desk, for the console, the JSON API and the command line alike: checked, noted, worked off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from landbridge.errors import SettingError
from landbridge.jobs.queue import arrivals_wish, ask
from landbridge.store import decisions, desk
from landbridge.store.audit import note_act
from landbridge.store.database import Connection, Database
from landbridge.store.decisions import Answer, Said
from landbridge.store.desk import GROUPS, WHO, Case, Group
from landbridge.store.lookup import Suggested, suggest_candidates
from landbridge.store.workspaces import load_workspace, save_choices
from landbridge.sync.choices import is_address, read_choices, read_export_address

# One press of a button settles so many cases; the page says how many are left.
MOST_AT_ONCE = 500
# Suggestions are looked for among so many of the newest people.
LOOKED_AT = 200
LONGEST_NAME = 100


class By(Struct, frozen=True, kw_only=True):
    """Who says it, as the activity shows it."""

    name: str
    user: int | None = None


async def answer(
    database: Database, workspace: int, number: int, said: Answer, *, by: By, now: datetime, stamp: str = ""
) -> Said:
    """Answer a case. Raises SettingError where the answer makes no sense, whoever is asked."""
    async with database.transaction() as connection:
        said = await _checked(connection, workspace, number, said)
        outcome = await decisions.decide(connection, workspace, number, said, stamp=stamp, by=by.name, now=now)
        if outcome.status == "done":
            await _note(connection, workspace, f"desk.{said.did}", f"desk {number}", by, now, elements=outcome.elements)
            await ask(connection, [arrivals_wish(workspace)])
    return outcome


async def answer_group(
    database: Database, workspace: int, group: Group, said: Answer, *, by: By, now: datetime
) -> tuple[int, int]:
    """The same word for every case of a group that it fits: how many took it, and how many are left."""
    async with database.transaction() as connection:
        cases = await desk.load_cases(connection, workspace, reasons=GROUPS[group], limit=MOST_AT_ONCE)
        numbers = [case.number for case in cases if said.did in case.answers]
        count = await decisions.decide_many(connection, workspace, numbers, said, by=by.name, now=now)
        left = sum((await _counts(connection, workspace, GROUPS[group])).values())
        await _note(connection, workspace, f"desk.{said.did}", group, by, now, cases=count)
        await ask(connection, [arrivals_wish(workspace)] if count else [])
    return count, left


async def certain(connection: Connection, workspace: int) -> list[Suggested]:
    """Suggestions that leave no doubt, for the newest cases that ask who somebody is."""
    cases = await desk.load_cases(connection, workspace, reasons=WHO, limit=LOOKED_AT)
    return [one for one in await suggest_candidates(connection, workspace, cases) if one.certain]


async def accept_certain(database: Database, workspace: int, *, by: By, now: datetime) -> int:
    """Attach everybody who can only be one candidate; how many people that were."""
    count = 0
    async with database.transaction() as connection:
        for one in await certain(connection, workspace):
            said = Answer(did="attach", candidate=one.candidate.key)
            outcome = await decisions.decide(connection, workspace, one.number, said, by=by.name, now=now)
            count += outcome.status == "done"
        if count:
            await _note(connection, workspace, "desk.accepted", "", by, now, cases=count)
            await ask(connection, [arrivals_wish(workspace)])
    return count


async def undo(database: Database, workspace: int, decision: int, *, by: By, now: datetime) -> Said:
    """Take a decision back."""
    async with database.transaction() as connection:
        outcome = await decisions.undo(connection, workspace, decision, by=by.name, now=now)
        if outcome.status == "done":
            await _note(
                connection, workspace, "desk.undone", f"decision {decision}", by, now, elements=outcome.elements
            )
            await ask(connection, [arrivals_wish(workspace)])
    return outcome


async def take_off(database: Database, workspace: int, number: int, *, by: By, now: datetime) -> Said:
    """Say that something was placed on the wrong candidate."""
    async with database.transaction() as connection:
        outcome = await decisions.take_off(connection, workspace, number, by=by.name, now=now)
        if outcome.status == "done":
            await _note(connection, workspace, "desk.take_off", f"desk {number}", by, now, elements=outcome.elements)
            await ask(connection, [arrivals_wish(workspace)])
    return outcome


async def load_policy(connection: Connection, workspace: int) -> str:
    """The address for exported people whose e-mail nobody knows; "": they wait."""
    return read_choices((await load_workspace(connection, workspace)).choices).export_address


async def set_policy(database: Database, workspace: int, address: str, *, by: By, now: datetime) -> int:
    """Choose what becomes of exported people without an e-mail; how many who wait are looked at again by it.

    Raises SettingError for an address that makes no sense.
    """
    address = read_export_address(address)
    async with database.transaction() as connection:
        facts = await load_workspace(connection, workspace)
        if read_choices(facts.choices).export_address == address:
            return 0
        await save_choices(connection, workspace, {**facts.choices, "export_address": address})
        count = await decisions.try_again(connection, workspace, "needs_email", now=now) if address else 0
        await _note(connection, workspace, "desk.policy", "", by, now, address=address or "wait")
        await ask(connection, [arrivals_wish(workspace)] if count else [])
    return count


async def _counts(connection: Connection, workspace: int, reasons: Sequence[str]) -> dict[str, int]:
    counts = await desk.count_cases(connection, workspace)
    return {reason: count for reason, count in counts.items() if reason in reasons}


async def _note(
    connection: Connection, workspace: int, act: str, subject: str, by: By, now: datetime, **facts: Any
) -> None:
    await note_act(
        connection, at=now, act=act, who=by.name, user=by.user, workspace=workspace, subject=subject, facts=facts
    )


async def _checked(connection: Connection, workspace: int, number: int, said: Answer) -> Answer:
    """With what was entered made tidy. Raises SettingError."""
    match said.did:
        case "email":
            return Answer(did="email", email=_address(said.email or ""))
        case "attach":
            if not await _is_there(connection, workspace, "candidate", said.candidate or ""):
                raise SettingError(
                    "There is no such candidate.", code="desk_candidate", hint="Search by name, e-mail or ATS id."
                )
            return said
        case "job":
            return Answer(did="job", job=await _job(connection, workspace, said.job or ""))
        case "create":
            case = await desk.load_case(connection, workspace, number)
            return Answer(did="create", person=await _person(connection, workspace, case, said.person))
        case _:
            return said


async def _person(
    connection: Connection, workspace: int, case: Case | None, entered: Mapping[str, str]
) -> dict[str, str]:
    known = {"first_name": case.first_name, "last_name": case.last_name} if case else {}
    job = (entered.get("job") or (case.job_key if case else "") or "").strip()
    person = {
        name: (entered.get(name) or known.get(name, "")).strip()[:LONGEST_NAME] for name in ("first_name", "last_name")
    }
    if not all(person.values()):
        raise SettingError("A candidate has a first and a last name.", code="desk_name", hint="Enter both.")
    job = await _job(connection, workspace, job)
    return {**person, "email": _address(entered.get("email") or ""), "job": job}


async def _job(connection: Connection, workspace: int, key: str) -> str:
    if not await _is_there(connection, workspace, "job", key):
        raise SettingError(
            "A candidate is made on a job.", code="desk_job", hint="Choose the job that the person is for."
        )
    return key


def _address(text: str) -> str:
    text = text.strip()
    if not is_address(text):
        raise SettingError("This is no e-mail address.", code="desk_email", hint="Enter one such as name@example.com.")
    return text


async def _is_there(connection: Connection, workspace: int, kind: str, key: str) -> bool:
    cursor = await connection.execute(
        "SELECT FROM record WHERE workspace_id = %s AND kind = %s AND key = %s AND NOT gone", [workspace, kind, key]
    )
    return await cursor.fetchone() is not None
