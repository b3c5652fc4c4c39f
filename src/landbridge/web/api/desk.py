"""What came from LinkedIn and waits for a person's word, and settling it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from ninja import Field, Router, Schema

from landbridge.jobs import desk as counter
from landbridge.jobs.desk import By
from landbridge.store import desk
from landbridge.store.decisions import Answer, Said
from landbridge.store.desk import GROUPS, Case, Group
from landbridge.store.export_counts import PER_SEAT, count_exports
from landbridge.store.lookup import Suggested, find_candidates, suggest_candidates
from landbridge.store.settled import load_decisions
from landbridge.store.tokens import Scope
from landbridge.web.acts.actor import NothingThereError
from landbridge.web.api.access import Caller, caller_of, needs
from landbridge.web.api.problems import ProblemError
from landbridge.web.api.words import HIGHEST, MISSING, REFUSALS, Number, text_of

ROUTER = Router(tags=["Desk"])
Simple = Literal["again", "dismiss", "replace", "keep", "posted", "not_posted", "removed", "clear"]


class CandidateOut(Schema):
    """``key`` is the id in the ATS. ``person_urn``: the member LinkedIn knows it as."""

    key: str
    name: str
    email: str | None
    profile_url: str | None
    title: str | None
    jobs: list[str]
    person_urn: str | None


class CandidatesOut(Schema):
    candidates: list[CandidateOut]


class DeskSuggestionOut(Schema):
    """``certain``: nobody else fits as well."""

    candidate: CandidateOut
    reason: str
    certain: bool


class CaseOut(Schema):
    """Everything of one person that waits for one question. ``answers``: what may be said, the usual one first.

    ``kinds`` counts what came; ``stamp`` changes when something more comes: send it along, so that an answer is not
    taken for something nobody has seen. ``ours`` are the ATS's contact details where LinkedIn's differ;
    ``imported`` counts what is here of a closed account; ``lacking`` is the permission for want of which
    the ATS refused it.
    """

    number: int
    group: str
    reason: str
    answers: list[str]
    stamp: str
    person_urn: str | None
    name: str
    headline: str
    profile_url: str | None
    kinds: dict[str, int]
    first_at: datetime
    last_at: datetime
    seats: list[str]
    job: str | None
    text: str
    emails: list[str]
    phone: str | None
    candidate: str | None
    candidate_name: str | None
    ours: dict[str, str | None]
    imported: dict[str, int]
    lacking: str
    suggestions: list[DeskSuggestionOut]


class CasesOut(Schema):
    """``before`` begins the next page; null at the end."""

    cases: list[CaseOut]
    before: int | None


class DeskCountsOut(Schema):
    """Cases by reason and by group; ``certain`` of them can be accepted without a look."""

    reasons: dict[str, int]
    groups: dict[str, int]
    certain: int


class AnswerIn(Schema):
    """``stamp`` as the case told it; without it the answer counts for whatever waits by now.

    attach: ``candidate``; email: ``email``; job: ``job``; create: ``first_name``, ``last_name``, ``email`` and, unless
    the person was exported to one, ``job``. The others need nothing.
    """

    did: Simple | Literal["attach", "email", "create", "job"]
    stamp: Annotated[str, text_of(64)] = ""
    candidate: Annotated[str, text_of(500)] = ""
    email: Annotated[str, text_of(300)] = ""
    first_name: Annotated[str, text_of(100)] = ""
    last_name: Annotated[str, text_of(100)] = ""
    job: Annotated[str, text_of(500)] = ""


class SaidOut(Schema):
    """``status`` same: it was said so before. ``decision`` is the number to take it back by."""

    status: Literal["done", "same"]
    decision: int | None
    elements: int


class GroupAnswerIn(Schema):
    group: Literal["needs_email", "ambiguous", "conflict", "unmatched", "closed", "trouble"]
    did: Literal["again", "dismiss", "replace", "keep"]


class GroupSaidOut(Schema):
    settled: int
    left: int


class AcceptedOut(Schema):
    accepted: int


class DecisionOut(Schema):
    """``waiting`` of its elements are not done yet. An undo deletes ``notes`` and leaves ``notes_by_hand``, ``created``
    candidates and ``attached`` applications. ``receipt``: what was deleted of a closed account."""

    id: int
    did: str
    reason: str
    candidate: str | None
    elements: int
    made_by: str
    made_at: datetime
    undone_by: str
    undone_at: datetime | None
    undoable: bool
    waiting: int
    notes: int
    notes_by_hand: int
    created: int
    attached: int
    contacts: int
    receipt: dict[str, Any] | None


class DecisionsOut(Schema):
    decisions: list[DecisionOut]
    before: int | None


class PolicyOut(Schema):
    """``address`` "": exported people without an e-mail wait. ``again``: how many of them go on by what was chosen."""

    address: str
    again: int = 0


class PolicyIn(Schema):
    """With {id} before the @; "" to let them wait."""

    address: Annotated[str, text_of(300)]


class SeatExportsOut(Schema):
    seat: str
    name: str
    count: int
    left: int
    near: bool


class ExportsOut(Schema):
    """Of the running month, in UTC."""

    per_seat: int
    seats: list[SeatExportsOut]


@ROUTER.get("/desk", auth=needs(Scope.DESK), response={200: CasesOut, **REFUSALS})
async def cases(
    request: HttpRequest,
    group: Literal["needs_email", "ambiguous", "conflict", "unmatched", "closed", "trouble"] | None = None,
    named: Annotated[str, text_of(100)] = "",
    seat: Annotated[str | None, text_of(200)] = None,
    kind: Literal["export", "inmail", "note", "contact", "closed"] | None = None,
    before: Annotated[int | None, Field(ge=1, le=HIGHEST)] = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    """Cases, the newest first. ``named`` is looked for in names and texts; ``seat`` is a seat's URN."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await desk.load_cases(
            connection, caller.workspace_id, reasons=GROUPS[group] if group else None, named=named, seat=seat,
            kind=kind, before=before, limit=limit,
        )  # fmt: skip
        suggested = await suggest_candidates(connection, caller.workspace_id, [one for one in found if _asks(one)])
    return {
        "cases": [_case(one, suggested) for one in found],
        "before": found[-1].number if len(found) == limit else None,
    }


@ROUTER.get("/desk/counts", auth=needs(Scope.READ), response={200: DeskCountsOut, **REFUSALS})
async def counts(request: HttpRequest) -> dict[str, Any]:
    """How many cases wait, and why."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        reasons = await desk.count_cases(connection, caller.workspace_id)
        certain = len(await counter.certain(connection, caller.workspace_id)) if reasons else 0
    groups: dict[Group, int] = {}
    for reason, count in reasons.items():
        groups[desk.group_of(reason)] = groups.get(desk.group_of(reason), 0) + count
    return {"reasons": reasons, "groups": groups, "certain": certain}


@ROUTER.get("/desk/candidates", auth=needs(Scope.DESK), response={200: CandidatesOut, **REFUSALS})
async def candidates(
    request: HttpRequest,
    named: Annotated[str, text_of(100, 1)],
    limit: Annotated[int, Field(ge=1, le=50)] = 12,
) -> dict[str, Any]:
    """Candidates of the ATS by the beginning of a name or an e-mail address, or by their id."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await find_candidates(connection, caller.workspace_id, named, limit=limit)
    return {"candidates": msgspec.to_builtins(found)}


@ROUTER.get("/desk/exports", auth=needs(Scope.READ), response={200: ExportsOut, **REFUSALS})
async def exports(request: HttpRequest) -> dict[str, Any]:
    """How many people each seat has exported this month, against LinkedIn's limit."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await count_exports(connection, caller.workspace_id, now=caller.now)
    seats = [{**msgspec.to_builtins(one), "left": one.left, "near": one.near} for one in found]
    return {"per_seat": PER_SEAT, "seats": seats}


@ROUTER.get("/desk/policy", auth=needs(Scope.READ), response={200: PolicyOut, **REFUSALS})
async def policy(request: HttpRequest) -> dict[str, Any]:
    """What becomes of exported people whose e-mail nobody knows."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        return {"address": await counter.load_policy(connection, caller.workspace_id)}


@ROUTER.put("/desk/policy", auth=needs(Scope.DESK), response={200: PolicyOut, **REFUSALS})
async def choose_policy(request: HttpRequest, wish: PolicyIn) -> dict[str, Any]:
    """Let them wait, or give each an address of the company's own."""
    caller = caller_of(request)
    count = await counter.set_policy(
        caller.room.database, caller.workspace_id, wish.address, by=_by(caller), now=caller.now
    )
    async with caller.connection() as connection:
        return {"address": await counter.load_policy(connection, caller.workspace_id), "again": count}


@ROUTER.post("/desk/accept", auth=needs(Scope.DESK), response={200: AcceptedOut, **REFUSALS})
async def accept(request: HttpRequest) -> dict[str, Any]:
    """Attach everybody who can only be one candidate."""
    caller = caller_of(request)
    count = await counter.accept_certain(caller.room.database, caller.workspace_id, by=_by(caller), now=caller.now)
    return {"accepted": count}


@ROUTER.post("/desk/all", auth=needs(Scope.DESK), response={200: GroupSaidOut, **REFUSALS})
async def answer_all(request: HttpRequest, wish: GroupAnswerIn) -> dict[str, Any]:
    """The same answer for every case of a group that it fits, at most 500 at a time."""
    caller = caller_of(request)
    settled, left = await counter.answer_group(
        caller.room.database, caller.workspace_id, wish.group, Answer(did=wish.did), by=_by(caller), now=caller.now
    )
    return {"settled": settled, "left": left}


@ROUTER.get("/desk/decisions", auth=needs(Scope.DESK), response={200: DecisionsOut, **REFUSALS})
async def settled(
    request: HttpRequest,
    before: Annotated[int | None, Field(ge=1, le=HIGHEST)] = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    """What was decided, the newest first."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await load_decisions(connection, caller.workspace_id, before=before, limit=limit)
    told = [
        {**msgspec.to_builtins(one), "undoable": one.undoable, "receipt": one.facts.get("receipt")} for one in found
    ]
    return {"decisions": told, "before": found[-1].id if len(found) == limit else None}


@ROUTER.post("/desk/decisions/{decision}/undo", auth=needs(Scope.DESK), response={200: SaidOut, **MISSING, **REFUSALS})
async def undo(request: HttpRequest, decision: Number) -> dict[str, Any]:
    """Take a decision back: it waits again, and what was written comes off where the ATS allows it."""
    caller = caller_of(request)
    said = await counter.undo(caller.room.database, caller.workspace_id, decision, by=_by(caller), now=caller.now)
    return _told(said)


@ROUTER.get("/desk/{number}", auth=needs(Scope.DESK), response={200: CaseOut, **MISSING, **REFUSALS})
async def case(request: HttpRequest, number: Number) -> dict[str, Any]:
    """One case. 404 when it is settled."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await desk.load_case(connection, caller.workspace_id, number)
        if found is None:
            raise NothingThereError("Nothing of this number waits in this workspace.")
        suggested = await suggest_candidates(connection, caller.workspace_id, [found] if _asks(found) else [])
    return _case(found, suggested)


@ROUTER.post("/desk/{number}/answer", auth=needs(Scope.DESK), response={200: SaidOut, **MISSING, **REFUSALS})
async def answer(request: HttpRequest, wish: AnswerIn, number: Number) -> dict[str, Any]:
    """Answer a case. 409 where somebody has said something else before, or more has come since the stamp."""
    caller = caller_of(request)
    names = ("first_name", "last_name", "email", "job")
    person = {name: getattr(wish, name) for name in names} if wish.did == "create" else {}
    said = Answer(did=wish.did, candidate=wish.candidate or None, email=wish.email, job=wish.job or None, person=person)
    return _told(
        await counter.answer(
            caller.room.database, caller.workspace_id, number, said, by=_by(caller), now=caller.now, stamp=wish.stamp
        )
    )


@ROUTER.post("/desk/{number}/take-off", auth=needs(Scope.DESK), response={200: SaidOut, **MISSING, **REFUSALS})
async def take_off(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Say that something was placed on the wrong candidate; ``number`` is of anything of the person that was."""
    caller = caller_of(request)
    said = await counter.take_off(caller.room.database, caller.workspace_id, number, by=_by(caller), now=caller.now)
    return _told(said)


def _by(caller: Caller) -> By:
    return By(name=caller.name, user=caller.token.maker_id)


def _asks(case: Case) -> bool:
    return case.reason in desk.WHO


def _case(case: Case, suggested: list[Suggested]) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(case)
    guesses = [msgspec.to_builtins(one) for one in suggested if one.number == case.number]
    return {**told, "name": case.name, "group": case.group, "answers": case.answers, "suggestions": guesses}


def _told(said: Said) -> dict[str, Any]:
    match said.status:
        case "done" | "same":
            return {"status": said.status, "decision": said.decision, "elements": said.elements}
        case "taken":
            hint = "GET /api/v1/desk/decisions shows what was said; take that back first if it is a mistake."
            raise ProblemError(409, f"{said.by} was first: {said.did}.", code="desk_taken", hint=hint)
        case "placed":
            hint = "Nothing is to be done: it found its candidate meanwhile."
            raise ProblemError(409, "This waits no more.", code="desk_placed", hint=hint)
        case "changed":
            hint = "Read the case again and send its new stamp."
            raise ProblemError(409, "Something more has come.", code="desk_changed", hint=hint)
        case "unfit":
            hint = "The case tells the answers it takes."
            raise ProblemError(422, "This is no answer to what is asked.", code="desk_unfit", hint=hint)
        case "missing":
            raise NothingThereError("There is no such thing on the desk of this workspace.")
