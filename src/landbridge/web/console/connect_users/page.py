"""Seats with their users: suggestions, a search by name, conflicts, leavers, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from msgspec import Struct

from landbridge.errors import LandbridgeError
from landbridge.jobs.bucket import empty_until
from landbridge.store.contracts import load_contracts
from landbridge.store.seats import (
    SHOWN,
    FoundUser,
    PastLink,
    Seat,
    Suggestion,
    count_seats,
    find_users,
    load_history,
    load_seat,
    load_seats,
    suggest_links,
    weigh_links,
)
from landbridge.web.acts import seats
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.connect_users.confirmation import MOST_GUESSES, link_to, users_to_confirm
from landbridge.web.console.page import Page
from landbridge.web.console.visit import Visit
from landbridge.web.console.working import Problem, console_origin, problem_of

AT_A_TIME = 50
MOST_PAGES = 1_000
REASONS: Mapping[str, Promise] = {
    "same_email": _("same e-mail address"),
    "same_name": _("same name"),
    "chosen": _("chosen"),
    "confirmed": _("confirmed by the person"),
}
CONFLICTS: Mapping[str, Promise] = {
    "left": _("This seat has left Recruiter. What was imported stays; nothing new comes."),
    "deactivated": _("This user is deactivated in the ATS. Choose who takes over, or leave the seat without a user."),
    "shared": _("This user is connected with another seat of the same contract too. One of them is wrong: change it."),
}
FILTERS: Mapping[str, Promise] = {
    "all": _("All"),
    "open": _("Not connected"),
    "linked": _("Connected"),
    "trouble": _("To check"),
    "left": _("Left Recruiter"),
}


class Guess(Struct, frozen=True, kw_only=True):
    user: int
    name: str
    email: str
    reason: Promise
    certain: bool


class Line(Struct, frozen=True, kw_only=True):
    """One seat with what is to be said about it."""

    seat: Seat
    guesses: tuple[Guess, ...]
    reason: Promise | str
    trouble: tuple[Promise, ...]


class Filter(Struct, frozen=True, kw_only=True):
    name: str
    title: Promise
    address: str
    current: bool


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    return await _list(visit)


async def _list(visit: Visit, *, problem: Problem | None = None, status: int = 200) -> HttpResponse:
    shown = visit.asked.get("show", "all")
    shown = shown if shown in SHOWN else "all"
    named, contract = visit.asked_text("q"), visit.asked_text("contract") or None
    page = min(max(visit.asked_number("page") or 1, 1), MOST_PAGES)
    async with visit.connection() as connection:
        counts = await count_seats(connection, visit.workspace.id)
        contracts = [one for one in await load_contracts(connection, visit.workspace.id) if one.urn]
        found, total = await load_seats(
            connection,
            visit.workspace.id,
            shown=shown,
            contract=contract,
            named=named,
            limit=AT_A_TIME,
            offset=(page - 1) * AT_A_TIME,
        )
        suggested, certain = await weigh_links(connection, visit.workspace.id, [seat.id for seat in found])
        enabled = any(one.state == "enabled" for one in contracts)
        waits_until = await empty_until(connection, visit.workspace.id, visit.now) if enabled else None
    kept = {"q": named, "contract": contract or ""}
    context = {
        "counts": counts,
        "lines": _lines(found, suggested),
        "total": total,
        "certain": certain,
        "filters": _filters(shown, kept),
        "contracts": contracts,
        "contract": contract,
        "shown": shown,
        "named": named,
        "enabled": enabled,
        "waits_until": waits_until,
        "several": len(contracts) > 1,
        "page": page,
        "newer": "?" + _query(show=shown, page=str(page - 1), **kept) if page > 1 else "",
        "further": "?" + _query(show=shown, page=str(page + 1), **kept) if page * AT_A_TIME < total else "",
        "problem": problem,
    }
    return await visit.render("console/connect_users/page.html", context, status=status)


def _filters(shown: str, kept: Mapping[str, str]) -> list[Filter]:
    return [
        Filter(name=name, title=title, address="?" + _query(show=name, **kept), current=name == shown)
        for name, title in FILTERS.items()
    ]


def _lines(found: Sequence[Seat], suggested: Sequence[Suggestion]) -> list[Line]:
    guesses: dict[int, list[Guess]] = {}
    for one in suggested:
        guesses.setdefault(one.seat, []).append(
            Guess(
                user=one.user,
                name=one.user_name,
                email=one.user_email or "",
                reason=REASONS[one.reason],
                certain=one.certain,
            )
        )
    return [
        Line(
            seat=seat,
            guesses=tuple(guesses.get(seat.id, ())[:MOST_GUESSES]),
            reason=REASONS.get(seat.reason or "", seat.reason or ""),
            trouble=tuple(CONFLICTS[name] for name in seat.conflicts),
        )
        for seat in found
    ]


def _query(**named: str) -> str:
    return urlencode({name: value for name, value in named.items() if value and value != "all"}) or "show=all"


@shows(Who.VIEWER)
async def choose(visit: Visit, seat: int) -> HttpResponse:
    """One seat: search for its user, see its history. The search part is asked for alone while somebody types."""
    text = visit.asked_text("q")
    async with visit.connection() as connection:
        found = await load_seat(connection, visit.workspace.id, seat)
        if found is None:
            raise Http404
        users: list[FoundUser] = await find_users(connection, visit.workspace.id, text) if text else []
        history: list[PastLink] = await load_history(connection, visit.workspace.id, seat)
        suggested = await suggest_links(connection, visit.workspace.id, [seat])
    line = _lines([found], suggested)[0]
    context = {
        "line": line,
        "links": await _links_to_confirm(visit, seat) if visit.may.admin else [],
        "users": users,
        "text": text,
        "history": [(one, REASONS.get(one.reason, one.reason)) for one in history],
    }
    return await visit.render("console/connect_users/seat.html", context)


async def _links_to_confirm(visit: Visit, seat: int) -> list[tuple[str, str]]:
    """Names of users whose seat it may be, and the link for each to confirm it."""
    origin = console_origin(visit)
    return [(name, link_to(visit, origin, seat, user)) for user, name in await users_to_confirm(visit, seat)]


@acts(Who.ADMIN)
async def link(visit: Visit, seat: int) -> HttpResponse:
    user, reason = visit.form.get("user", ""), visit.form.get("reason", "chosen")
    if not user.isascii() or not user.isdigit() or len(user) > 18:
        raise Http404
    await seats.link(visit, seat, int(user), reason=reason)
    return await visit.goes_to(
        "connect-users",
        tell=_("Connected. InMails and notes of this seat are fetched in a few minutes, with those of the past."),
    )


@acts(Who.ADMIN)
async def unlink(visit: Visit, seat: int) -> HttpResponse:
    await seats.unlink(visit, seat)
    return await visit.goes_to("connect-users", tell=_("The seat has no user any more."))


@acts(Who.ADMIN)
async def accept(visit: Visit) -> HttpResponse:
    """Take every suggestion that leaves no doubt."""
    count = await seats.accept(visit)
    text = ngettext("%(count)d seat is connected.", "%(count)d seats are connected.", count) % {"count": count}
    return await visit.goes_to("connect-users", tell=text)


@acts(Who.ADMIN)
async def refresh(visit: Visit) -> HttpResponse:
    """Read seats and users now; what takes longer is left to a worker."""
    try:
        await seats.read_anew(visit)
    except LandbridgeError as error:
        await seats.read_soon(visit)
        return await _list(visit, problem=problem_of(error), status=409)
    return await visit.goes_to("connect-users", tell=_("Seats and users are up to date."))


PAGE = Page(
    name="connect-users",
    title=_("Connect users"),
    icon="users",
    routes=[
        path("connect-users", show, name="connect-users"),
        path("connect-users/accept", accept, name="connect-users-accept"),
        path("connect-users/refresh", refresh, name="connect-users-refresh"),
        path("connect-users/<int:seat>", choose, name="connect-user"),
        path("connect-users/<int:seat>/link", link, name="connect-user-link"),
        path("connect-users/<int:seat>/unlink", unlink, name="connect-user-unlink"),
    ],
)
