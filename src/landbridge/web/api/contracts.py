"""Recruiter contracts: where each stands and whose turn it is; adding, pausing, ending; LinkedIn's keys.

LinkedIn lets nobody request a contract but a Recruiter admin in LinkedIn's own window. So a program hands that half
over by a link, or names the number of a contract that was requested already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Router, Schema

from landbridge.jobs.onboarding.contracts import asked_by_number
from landbridge.jobs.onboarding.migration import MOST_CONTRACTS, read_older
from landbridge.jobs.onboarding.standing import COMPANY_LEVEL
from landbridge.store.connections import load_system_states
from landbridge.store.consents import load_consent
from landbridge.store.contracts import Contract, load_contracts
from landbridge.store.handovers import LIFE, load_handovers
from landbridge.store.integrations import load_integrations
from landbridge.store.tokens import Scope
from landbridge.store.workspaces import load_workspace
from landbridge.web.acts import contracts as acts
from landbridge.web.acts import migration
from landbridge.web.api.access import Caller, caller_of, needs
from landbridge.web.api.once import ONCE, once
from landbridge.web.api.problems import ProblemError
from landbridge.web.api.words import MISSING, REFUSALS, Done, Number, text_of
from landbridge.web.console.contracts.around import surroundings
from landbridge.web.console.contracts.context import card_of
from landbridge.web.console.turns import Step
from landbridge.web.console.working import origin_of

ROUTER = Router(tags=["Contracts"])


class StepOut(Schema):
    """One step of the way; ``state`` is done, now, later or problem, ``whose`` says who moves it on."""

    title: str
    state: str
    whose: str
    text: str
    address: str


class ContractOut(Schema):
    id: int
    urn: str | None
    organization_urn: str | None
    name: str
    state: str
    paused: bool
    problem_code: str
    added_by: str
    added_at: datetime
    enabled_at: datetime | None
    ended_at: datetime | None


class ContractsOut(Schema):
    contracts: list[ContractOut]


class ProgressOut(Schema):
    """``company_level`` and ``contract_level`` are LinkedIn's own words for the switches of Recruiter's ATS tab."""

    contract: ContractOut
    company_level: dict[str, str]
    contract_level: str
    steps: list[StepOut]
    checked_at: datetime | None


class NumberIn(Schema):
    """Numbers as Recruiter shows them, or whole URNs; the company is needed for the first contract only."""

    contract: Annotated[str, text_of(100, 1)]
    organization: Annotated[str, text_of(100)] = ""


class NameIn(Schema):
    name: Annotated[str, text_of(acts.LONGEST_NAME)]


class HandoverOut(Schema):
    id: int
    made_by: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


class HandoversOut(Schema):
    """Links that still work. What they are is told once, when they are made."""

    links: list[HandoverOut]


class HandoverLinkOut(Schema):
    """``link`` is told only now: Landbridge keeps no copy."""

    link: str
    expires_at: datetime


class KeysIn(Schema):
    """``parent``: those of the partner's application; ``child``: those of one that exists for this customer."""

    kind: Literal["parent", "child"]
    client_id: Annotated[str, text_of(200, 1)]
    client_secret: Annotated[str, text_of(300, 1)]


class OlderIn(Schema):
    """Of the integration before, Cross-System Awareness: its keys, and contracts by their numbers.

    ``foreign_id`` "": not known. ``imported_until``: the last whole day (UTC) whose InMails and notes are in the ATS.
    """

    client_id: Annotated[str, text_of(200, 1)]
    client_secret: Annotated[str, text_of(300, 1)]
    contracts: Annotated[list[Annotated[str, text_of(100, 1)]], Field(min_length=1, max_length=MOST_CONTRACTS)]
    foreign_id: Annotated[str, text_of(200)] = ""
    imported_until: date | None = None


class TakenOut(Schema):
    """``status`` is LinkedIn's own word for the contract level, ``seats`` how many of its people the keys open."""

    contract: str
    status: str
    seats: int


class TakenOverOut(Schema):
    contracts: list[TakenOut]


class LinkedInOut(Schema):
    """How Landbridge signs in to LinkedIn for this workspace. Secrets are never told."""

    client_id: str
    parent_client_id: str
    state: str
    problem_code: str
    problem_hint: str
    checked_at: datetime | None


@ROUTER.get("/contracts", auth=needs(Scope.READ), response={200: ContractsOut, **REFUSALS})
async def contracts(request: HttpRequest) -> dict[str, Any]:
    """The Recruiter contracts, and where each stands."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        return {"contracts": msgspec.to_builtins(await load_contracts(connection, caller.workspace_id))}


@ROUTER.get("/contracts/links", auth=needs(Scope.CONTRACTS), response={200: HandoversOut, **REFUSALS})
async def links(request: HttpRequest) -> dict[str, Any]:
    """Hand-over links that still work."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await load_handovers(connection, caller.workspace_id)
    return {"links": [msgspec.to_builtins(one) for one in found if one.living(caller.now)]}


@ROUTER.post(
    "/contracts/links", auth=needs(Scope.CONTRACTS), response={200: HandoverLinkOut, **REFUSALS}, openapi_extra=ONCE
)
@once
async def hand_over(request: HttpRequest) -> dict[str, Any]:
    """Make a link by which a Recruiter admin requests a contract in LinkedIn's window, without an account here."""
    caller = caller_of(request)
    await _agreed(caller)
    link = origin_of(caller, request) + reverse("handover-window", kwargs={"token": await acts.hand_over(caller)})
    return {"link": link, "expires_at": (caller.now + LIFE).isoformat()}


@ROUTER.delete("/contracts/links", auth=needs(Scope.CONTRACTS), response={200: Done, **REFUSALS})
async def take_links_back(request: HttpRequest) -> dict[str, Any]:
    """Have no hand-over link work any more."""
    return {"done": bool(await acts.take_links_back(caller_of(request)))}


@ROUTER.post("/contracts", auth=needs(Scope.CONTRACTS), response={200: ContractsOut, **REFUSALS}, openapi_extra=ONCE)
@once
async def add(request: HttpRequest, wish: NumberIn) -> dict[str, Any]:
    """Take over a contract that a Recruiter admin has requested, by its number. Asking twice changes nothing."""
    caller = caller_of(request)
    await _agreed(caller)
    taken = await acts.take(caller, asked_by_number(wish.contract, wish.organization))
    return {"contracts": [_told(one) for one in taken]}


@ROUTER.get("/contracts/{number}", auth=needs(Scope.READ), response={200: ProgressOut, **MISSING, **REFUSALS})
async def progress(request: HttpRequest, number: Number) -> dict[str, Any]:
    """One contract: the steps of its way, whose turn each is, and both levels as LinkedIn tells them."""
    return await _progress(caller_of(request), number)


@ROUTER.post(
    "/contracts/{number}/reload", auth=needs(Scope.CONTRACTS), response={200: ProgressOut, **MISSING, **REFUSALS}
)
async def reload(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Ask LinkedIn now how far it is, and do what is Landbridge's turn."""
    caller = caller_of(request)
    await acts.look(caller, number)
    return await _progress(caller, number)


@ROUTER.post("/contracts/{number}/pause", auth=needs(Scope.CONTRACTS), response={200: Done, **MISSING, **REFUSALS})
async def pause(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Let it rest: nothing is fetched for it, and nothing is sent where no other contract is open."""
    return {"done": await acts.pause(caller_of(request), number, paused=True)}


@ROUTER.post("/contracts/{number}/resume", auth=needs(Scope.CONTRACTS), response={200: Done, **MISSING, **REFUSALS})
async def resume(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Go on after a pause."""
    return {"done": await acts.pause(caller_of(request), number, paused=False)}


@ROUTER.put("/contracts/{number}/name", auth=needs(Scope.CONTRACTS), response={200: Done, **MISSING, **REFUSALS})
async def rename(request: HttpRequest, wish: NameIn, number: Number) -> dict[str, Any]:
    """Give it a name of your own."""
    await acts.rename(caller_of(request), number, wish.name)
    return {"done": True}


@ROUTER.post("/contracts/{number}/disconnect", auth=needs(Scope.CONTRACTS), response={200: Done, **MISSING, **REFUSALS})
async def disconnect(request: HttpRequest, number: Number) -> dict[str, Any]:
    """End it here: nothing goes either way, what was imported stays. Recruiter keeps its own switches."""
    before = await acts.disconnect(caller_of(request), number)
    return {"done": before.state != "disconnected"}


@ROUTER.post(
    "/contracts/{number}/reconnect", auth=needs(Scope.CONTRACTS), response={200: ProgressOut, **MISSING, **REFUSALS}
)
async def reconnect(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Begin anew with a contract that was ended or refused."""
    caller = caller_of(request)
    await acts.reconnect(caller, number)
    return await _progress(caller, number)


@ROUTER.get("/linkedin", auth=needs(Scope.READ), response={200: LinkedInOut, **REFUSALS})
async def linkedin(request: HttpRequest) -> dict[str, Any]:
    """How Landbridge signs in to LinkedIn for this workspace, and whether that works."""
    caller = caller_of(request)
    stored, _ = await surroundings(caller, lambda _name: "")
    async with caller.connection() as connection:
        states = await load_system_states(connection, caller.workspace_id)
    state = next((one for one in states if one.system == "linkedin"), None)
    return {
        "client_id": str(stored.get("client_id", "")),
        "parent_client_id": str(stored.get("parent_client_id", "")),
        "state": state.state if state else "unchecked",
        "problem_code": state.problem_code if state else "",
        "problem_hint": state.problem_hint if state else "",
        "checked_at": state.checked_at if state else None,
    }


@ROUTER.put("/linkedin/keys", auth=needs(Scope.CONTRACTS), response={200: Done, **REFUSALS})
async def save_keys(request: HttpRequest, wish: KeysIn) -> dict[str, Any]:
    """Enter the keys of LinkedIn's application; they are tried when a contract is added."""
    await acts.save_keys(caller_of(request), wish.kind, client_id=wish.client_id, client_secret=wish.client_secret)
    return {"done": True}


@ROUTER.post("/linkedin/move", auth=needs(Scope.CONTRACTS), response={200: TakenOverOut, **REFUSALS})
async def move(request: HttpRequest, wish: OlderIn) -> dict[str, Any]:
    """Take over keys and contracts of Cross-System Awareness, if LinkedIn knows them. Twice changes nothing."""
    caller = caller_of(request)
    day = wish.imported_until
    older = read_older(
        wish.client_id,
        wish.client_secret,
        " ".join(wish.contracts),
        wish.foreign_id,
        datetime.combine(day, time.max, UTC) if day else None,
    )
    proofs = await migration.take_over(caller, older, console=origin_of(caller, request))
    return {"contracts": msgspec.to_builtins(proofs)}


async def _agreed(caller: Caller) -> None:
    """No contract before somebody has agreed to what is shared; the console's pages ask for it in the same order."""
    async with caller.connection() as connection:
        if await load_consent(connection, caller.workspace_id) is None:
            hint = "Agree first: POST /api/v1/consent, or in the console under Data shared."
            raise ProblemError(409, "Nobody has agreed to what is shared.", code="consent_missing", hint=hint)


async def _progress(caller: Caller, number: int) -> dict[str, Any]:
    contract = await acts.found(caller, number)
    async with caller.connection() as connection:
        slug = (await load_workspace(connection, caller.workspace_id)).slug
        known = await load_integrations(connection, caller.workspace_id)
    _, around = await surroundings(caller, lambda name: reverse(name, kwargs={"workspace": slug}))
    card = card_of(contract, known, around)
    checked = [one.checked_at for one in known if one.context in {contract.urn, contract.organization_urn}]
    return {
        "contract": _told(contract),
        "company_level": {type_: level.raw for type_, level in zip(COMPANY_LEVEL, card.company, strict=True)},
        "contract_level": card.single.raw,
        "steps": steps_of(card.steps),
        "checked_at": max(checked, default=None),
    }


def _told(contract: Contract) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(contract)
    return told


def steps_of(steps: Sequence[Step]) -> list[dict[str, str]]:
    """As ``StepOut`` shows them."""
    return [
        {
            "title": str(one.title),
            "state": one.state.value,
            "whose": one.whose.value,
            "text": str(one.text),
            "address": one.address,
        }
        for one in steps
    ]
