"""Recruiter's seats and whose they are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from ninja import Field, Router, Schema

from landbridge.store.seats import count_seats, find_users, load_history, load_seat, load_seats, suggest_links
from landbridge.store.tokens import Scope
from landbridge.web.acts import seats as acts
from landbridge.web.acts.actor import NothingThereError
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.words import MISSING, REFUSALS, STORABLE, Number
from landbridge.web.console.connect_users.confirmation import link_to, users_to_confirm
from landbridge.web.console.working import origin_of

ROUTER = Router(tags=["Seats and users"])


class SeatOut(Schema):
    """A seat of Recruiter, with the ATS user it is linked with."""

    id: int
    contract: str
    urn: str
    first_name: str
    last_name: str
    email: str | None
    admin: bool
    left_at: datetime | None
    user_key: str | None


class SeatsOut(Schema):
    seats: list[SeatOut]
    total: int


class CountsOut(Schema):
    seats: int
    linked: int
    left: int
    shared: int
    deactivated: int
    users: int


class UserOut(Schema):
    id: int
    key: str
    first_name: str
    last_name: str
    email: str | None
    active: bool
    seats: int


class UsersOut(Schema):
    users: list[UserOut]


class SuggestionOut(Schema):
    """``certain``: each is the other's only one."""

    seat: int
    user: int
    reason: str
    certain: bool


class SuggestionsOut(Schema):
    suggestions: list[SuggestionOut]


class PastLinkOut(Schema):
    """``ended_at`` null: it counts now."""

    user_name: str
    reason: str
    made_by: str
    made_at: datetime
    ended_by: str
    ended_at: datetime | None


class SeatDetailOut(Schema):
    """``conflicts``: ``left`` (the seat has left Recruiter), ``deactivated`` (its user has), ``shared`` (its user has
    another seat of the same contract)."""

    seat: SeatOut
    reason: str | None
    conflicts: list[str]
    suggestions: list[SuggestionOut]
    history: list[PastLinkOut]


class LinkIn(Schema):
    """``user`` is the number that ``GET /users`` tells; ``reason`` same_email or same_name where it was suggested."""

    user: int
    reason: Literal["chosen", "same_email", "same_name"] = "chosen"


class ConfirmationOut(Schema):
    """``link`` leads ``user`` to LinkedIn's sign-in, which leaves no doubt whose seat it is. For seven days."""

    user: int
    name: str
    link: str


class ConfirmationsOut(Schema):
    """One for the seat's user, or else for each who may be it; none where it is confirmed, or was left."""

    links: list[ConfirmationOut]


class Linked(Schema):
    linked: int


@ROUTER.get("/seats", auth=needs(Scope.READ), response={200: SeatsOut, **REFUSALS})
async def seats(
    request: HttpRequest,
    shown: Literal["all", "open", "linked", "trouble", "left"] = "all",
    named: Annotated[str, Field(max_length=100, pattern=STORABLE)] = "",
    contract: Annotated[str | None, Field(max_length=200, pattern=STORABLE)] = None,
    limit: Annotated[int, Field(ge=1, le=1000)] = 100,
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0,
) -> dict[str, Any]:
    """Seats by name, with their users."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found, total = await load_seats(
            connection, caller.workspace_id, shown=shown, contract=contract, named=named, limit=limit, offset=offset
        )
    return {"seats": msgspec.to_builtins(found), "total": total}


@ROUTER.get("/seats/counts", auth=needs(Scope.READ), response={200: CountsOut, **REFUSALS})
async def counts(request: HttpRequest) -> dict[str, Any]:
    """How many seats there are, and how many are connected."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        told: dict[str, Any] = msgspec.to_builtins(await count_seats(connection, caller.workspace_id))
    return told


@ROUTER.get("/seats/suggestions", auth=needs(Scope.READ), response={200: SuggestionsOut, **REFUSALS})
async def suggestions(request: HttpRequest) -> dict[str, Any]:
    """Which user an open seat may be, and why."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        return {"suggestions": msgspec.to_builtins(await suggest_links(connection, caller.workspace_id))}


@ROUTER.get("/users", auth=needs(Scope.READ), response={200: UsersOut, **REFUSALS})
async def users(
    request: HttpRequest,
    named: Annotated[str, Field(max_length=100, pattern=STORABLE)] = "",
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    """Users of the ATS whose name or address holds each word of ``named``."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        return {"users": msgspec.to_builtins(await find_users(connection, caller.workspace_id, named, limit=limit))}


@ROUTER.post("/seats/refresh", auth=needs(Scope.SEATS), response={200: Linked, **REFUSALS})
async def refresh(request: HttpRequest) -> dict[str, Any]:
    """Have seats and users read anew, soon; how many are linked now."""
    caller = caller_of(request)
    await acts.read_soon(caller)
    async with caller.connection() as connection:
        return {"linked": (await count_seats(connection, caller.workspace_id)).linked}


@ROUTER.post("/seats/accept", auth=needs(Scope.SEATS), response={200: Linked, **REFUSALS})
async def accept(request: HttpRequest) -> dict[str, Any]:
    """Link every open seat to the one user it can only be; how many that were."""
    return {"linked": await acts.accept(caller_of(request))}


@ROUTER.get("/seats/{seat}", auth=needs(Scope.READ), response={200: SeatDetailOut, **MISSING, **REFUSALS})
async def one_seat(request: HttpRequest, seat: Number) -> dict[str, Any]:
    """One seat: whose it is and was, who it may be, and what contradicts."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await load_seat(connection, caller.workspace_id, seat)
        if found is None:
            raise NothingThereError("There is no such seat in this workspace.")
        history = await load_history(connection, caller.workspace_id, seat)
        suggested = await suggest_links(connection, caller.workspace_id, [seat])
    return {
        "seat": msgspec.to_builtins(found),
        "reason": found.reason,
        "conflicts": found.conflicts,
        "suggestions": msgspec.to_builtins(suggested),
        "history": msgspec.to_builtins(history),
    }


@ROUTER.post(
    "/seats/{seat}/confirmations", auth=needs(Scope.SEATS), response={200: ConfirmationsOut, **MISSING, **REFUSALS}
)
async def confirmations(request: HttpRequest, seat: Number) -> dict[str, Any]:
    """Links by which somebody confirms with LinkedIn that a seat is theirs, to be passed on to them."""
    caller = caller_of(request)
    origin = origin_of(caller, request)
    found = await users_to_confirm(caller, seat)
    return {
        "links": [{"user": user, "name": name, "link": link_to(caller, origin, seat, user)} for user, name in found]
    }


@ROUTER.post("/seats/{seat}/link", auth=needs(Scope.SEATS), response={200: Linked, **MISSING, **REFUSALS})
async def link(request: HttpRequest, wish: LinkIn, seat: Number) -> dict[str, Any]:
    """Say that a seat is this user."""
    await acts.link(caller_of(request), seat, wish.user, reason=wish.reason)
    return {"linked": 1}


@ROUTER.post("/seats/{seat}/unlink", auth=needs(Scope.SEATS), response={200: Linked, **MISSING, **REFUSALS})
async def unlink(request: HttpRequest, seat: Number) -> dict[str, Any]:
    """Say that a seat is nobody's; how many links that ended."""
    return {"linked": int(await acts.unlink(caller_of(request), seat))}
