"""landbridge desk: what came from LinkedIn and waits for a person's word, in the words of the console."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landbridge.cli.opening import JsonOption, Opened, WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import say
from landbridge.errors import SettingError

if TYPE_CHECKING:
    from landbridge.jobs.desk import By
    from landbridge.store.decisions import Said
    from landbridge.store.desk import Case
    from landbridge.store.workspaces import Workspace

# What is done about one case, and what is done about the desk or about what is settled already.
ANSWERS = (
    "attach",
    "email",
    "create",
    "job",
    "dismiss",
    "again",
    "replace",
    "keep",
    "posted",
    "not-posted",
    "removed",
    "clear",
)
ACTIONS = ("list", "show", "find", "settled", "exports", "accept", "all", "undo", "take-off", *ANSWERS)
MOST_SHOWN = 100
LONGEST_TEXT = 70
WORDS: Mapping[str, str] = {
    "needs_name": "no name",
    "needs_email": "needs an e-mail address",
    "ambiguous": "several candidates fit",
    "wrong_person": "was on the wrong candidate",
    "candidate_gone": "its candidate was deleted",
    "unmatched": "not matched",
    "differs": "contact details differ",
    "conflict": "somebody else's e-mail address",
    "closed": "closed the LinkedIn account",
    "job_unknown": "job not found",
    "duplicate_made": "a second candidate was made",
    "refused": "refused by the ATS",
    "not_readable": "the candidate is closed to the ATS credential",
    "not_permitted": "not allowed by the ATS",
    "source_missing": "the source LinkedIn Recruiter is missing",
    "ats_fails": "the ATS failed for hours",
    "outcome_unknown": "look whether the note is there",
    "remove_by_hand": "a note is to be removed by hand",
}


def desk(
    action: Annotated[
        str,
        typer.Argument(
            help="list, show, find, settled, exports; attach, email, create, job, dismiss, again, replace, keep, "
            "posted, not-posted, removed or clear for one case; all or accept for many; undo, take-off."
        ),
    ] = "list",
    number: Annotated[
        str, typer.Argument(help="Of the case, as list shows it; of the decision for undo; the group for all.")
    ] = "",
    value: Annotated[
        str,
        typer.Argument(
            help="The candidate's id for attach, the job's for job, the address for email, the answer for all."
        ),
    ] = "",
    group: Annotated[
        str, typer.Option(help="List only: needs_email, ambiguous, conflict, unmatched, closed or trouble.")
    ] = "",
    named: Annotated[str, typer.Option(help="List and find: by name or words.")] = "",
    first_name: Annotated[str, typer.Option(help="Of the candidate to create.")] = "",
    last_name: Annotated[str, typer.Option(help="Of the candidate to create.")] = "",
    email: Annotated[str, typer.Option(help="Of the candidate to create.")] = "",
    job: Annotated[str, typer.Option(help="Id in the ATS of the job to create the candidate on.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """See what could not be matched, and settle it: each case with its reason and what settles it."""
    if action not in ACTIONS:
        raise typer.BadParameter(f"the action is one of: {', '.join(ACTIONS)}")
    person = {"first_name": first_name, "last_name": last_name, "email": email, "job": job}
    run(_desk(action, number, value, group, named, person, workspace, json=json))


async def _desk(
    action: str, number: str, value: str, group: str, named: str, person: dict[str, str], slug: str, *, json: bool
) -> None:
    async with opened() as parts:
        async with parts.database.connection() as connection:
            workspace = await choose_workspace(connection, slug)
        match action:
            case "list":
                await _list(parts, workspace, group, named, json=json)
            case "show":
                await _show(parts, workspace, _number(number), json=json)
            case "find":
                await _find(parts, workspace, named or number, json=json)
            case "settled":
                await _settled(parts, workspace, json=json)
            case "exports":
                await _exports(parts, workspace, json=json)
            case _:
                await _act(parts, workspace, action, number, value, person)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise typer.BadParameter("say the number that is shown")
    return int(text)


async def _list(parts: Opened, workspace: Workspace, group: str, named: str, *, json: bool) -> None:
    from landbridge.store.desk import GROUPS, count_cases, load_cases

    if group and group not in GROUPS:
        raise typer.BadParameter(f"the group is one of: {', '.join(GROUPS)}")
    reasons = next((reasons for name, reasons in GROUPS.items() if name == group), None)
    async with parts.database.connection() as connection:
        counts = await count_cases(connection, workspace.id)
        cases = await load_cases(connection, workspace.id, reasons=reasons, named=named, limit=MOST_SHOWN)
    if json:
        _write(cases)
        return
    for case in cases:
        say(f"{case.number:>8}  {_who(case):<28} {WORDS.get(case.reason, case.reason)}")
        say(f"{'':>8}  {_what(case)}; settle it with: {', '.join(one.replace('_', '-') for one in case.answers)}")
    if not cases:
        say("Nothing waits." if not counts else "Nothing fits.")
    elif (total := sum(counts.values())) > len(cases):
        say(f"{len(cases):,} of {total:,}.")


def _who(case: Case) -> str:
    return case.name or "a LinkedIn member"


def _what(case: Case) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in case.kinds.items())
    job = f" for {case.job}" if case.job else ""
    return f"{kinds}{job}{' by ' + ', '.join(case.seats) if case.seats else ''}, {case.last_at:%Y-%m-%d %H:%M} UTC"


async def _show(parts: Opened, workspace: Workspace, number: int, *, json: bool) -> None:
    from landbridge.store.desk import load_case, load_elements
    from landbridge.store.lookup import suggest_candidates

    async with parts.database.connection() as connection:
        case = await load_case(connection, workspace.id, number)
        if case is None:
            raise SettingError("Nothing of this number waits.", code="desk_number", hint="See: landbridge desk")
        elements = await load_elements(connection, workspace.id, case)
        suggested = await suggest_candidates(connection, workspace.id, [case])
    if json:
        _write({"case": case, "elements": elements, "suggestions": suggested})
        return
    say(f"{_who(case)} {case.headline}".strip())
    say(f"{WORDS.get(case.reason, case.reason)}: {_what(case)}")
    for one in suggested:
        sure = ", certain" if one.certain else ""
        say(f"  maybe {one.candidate.name} {one.candidate.email or ''} ({one.reason}{sure}): {one.candidate.key}")
    for element in elements:
        at = element.at or element.received_at
        say(f"  {at:%Y-%m-%d %H:%M}  {element.kind:<8} {element.text.replace(chr(10), ' ')[:LONGEST_TEXT]}")


async def _find(parts: Opened, workspace: Workspace, text: str, *, json: bool) -> None:
    from landbridge.store.lookup import find_candidates

    async with parts.database.connection() as connection:
        found = await find_candidates(connection, workspace.id, text)
    if json:
        _write(found)
        return
    for one in found:
        say(f"{one.key:<38} {one.name} {one.email or ''}")
    if not found:
        say("Nobody is called so: a name or an address begins with the first word.")


async def _settled(parts: Opened, workspace: Workspace, *, json: bool) -> None:
    from landbridge.store.settled import load_decisions

    async with parts.database.connection() as connection:
        found = await load_decisions(connection, workspace.id, limit=MOST_SHOWN)
    if json:
        _write(found)
        return
    for one in found:
        state = f"taken back by {one.undone_by}" if one.undone_at else "being done" if one.waiting else "done"
        to = f" to {one.candidate_name or one.candidate}" if one.candidate else ""
        say(f"{one.id:>8}  {one.made_at:%Y-%m-%d %H:%M}  {one.made_by}: {one.did} {one.name}{to} ({state})")
    if not found:
        say("Nobody has decided anything yet.")


async def _exports(parts: Opened, workspace: Workspace, *, json: bool) -> None:
    from landbridge.cli.connecting import now
    from landbridge.store.export_counts import PER_SEAT, count_exports

    async with parts.database.connection() as connection:
        found = await count_exports(connection, workspace.id, now=now())
    if json:
        _write(found)
        return
    for one in found:
        say(
            f"{one.name or one.seat or 'seat not told':<32} {one.count:>4} of {PER_SEAT}{' (near)' if one.near else ''}"
        )
    if not found:
        say("Nobody has been exported yet this month.")


async def _act(
    parts: Opened, workspace: Workspace, action: str, number: str, value: str, person: dict[str, str]
) -> None:
    from landbridge.cli.connecting import now
    from landbridge.cli.operator import operator_of
    from landbridge.jobs import desk as counter

    by = counter.By(name=operator_of(parts, workspace).name)
    database = parts.database
    match action:
        case "accept":
            say(f"{await counter.accept_certain(database, workspace.id, by=by, now=now())} people attached.")
        case "all":
            await _all(parts, workspace, number, value, by)
        case "undo":
            _tell(await counter.undo(database, workspace.id, _number(number), by=by, now=now()), "taken back")
        case "take-off":
            _tell(await counter.take_off(database, workspace.id, _number(number), by=by, now=now()), "taken off")
        case _:
            said = _answer(action.replace("-", "_"), value, person)
            _tell(await counter.answer(database, workspace.id, _number(number), said, by=by, now=now()), "noted")


async def _all(parts: Opened, workspace: Workspace, group: str, did: str, by: By) -> None:
    from landbridge.cli.connecting import now
    from landbridge.jobs.desk import answer_group
    from landbridge.store.desk import FOR_MANY, GROUPS

    chosen = next((name for name in GROUPS if name == group), None)
    if chosen is None or did not in FOR_MANY:
        raise typer.BadParameter(f"say a group ({', '.join(GROUPS)}) and an answer ({', '.join(FOR_MANY)})")
    count, left = await answer_group(parts.database, workspace.id, chosen, _answer(did, "", {}), by=by, now=now())
    say(f"{count:,} settled, {left:,} left.")


def _answer(did: Any, value: str, person: Mapping[str, str]) -> Any:
    from landbridge.store.decisions import Answer

    return Answer(
        did=did,
        candidate=value or None if did == "attach" else None,
        email=value if did == "email" else None,
        job=value or None if did == "job" else None,
        person=person if did == "create" else {},
    )


def _tell(said: Said, done: str) -> None:
    """What became of it. Raises SettingError where it was not done."""
    match said.status:
        case "done":
            say(f"{said.elements} {done}; a worker does it now. Decision {said.decision}.")
        case "same":
            say(f"It was said so before, by {said.by or 'somebody'}.")
        case "taken":
            raise SettingError(
                f"{said.by} was first: {said.did}.", code="desk_taken", hint="See: landbridge desk settled"
            )
        case "placed":
            say("It waits no more: it found its candidate meanwhile.")
        case _:
            raise SettingError(
                "That is no answer to what waits under this number.", code="desk_number", hint="See: landbridge desk"
            )


def _write(told: Any) -> None:
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(told)).decode() + "\n")
