"""Confirm it is me: whoever holds a seat signs in to LinkedIn once, and leaves no doubt whose seat it is.

The link needs no account here. It names workspace, seat and user, and is signed; what LinkedIn sends back is believed
only in the browser that was sent there. Of the person nothing is learned but the id, and no token is kept.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.crypto import constant_time_compare, get_random_string
from msgspec import Struct

from landbridge.connectors.linkedin.member import consent_address, read_person
from landbridge.connectors.linkedin.settings import read_settings
from landbridge.errors import LandbridgeError
from landbridge.jobs.onboarding import people
from landbridge.jobs.onboarding.application import CONFIRMED, ensure_application
from landbridge.jobs.wiring import FAR_SIDE
from landbridge.store.audit import note_act
from landbridge.store.seats import Seat, load_seat, load_user, suggest_links
from landbridge.store.workspaces import Workspace, load_workspace
from landbridge.web.acts.actor import Actor, NothingThereError
from landbridge.web.console.access import Who, shows
from landbridge.web.console.refusals import DeadLinkError
from landbridge.web.console.visit import Visit
from landbridge.web.console.working import Problem, console_origin, problem_of

LINK, STATE = "confirm-seat", "confirm-seat-state"
LINKS_LIVE = timedelta(days=7)
# LinkedIn's codes live 30 minutes.
ANSWERS_WITHIN = timedelta(minutes=30)
MOST_GUESSES = 3
NONCE = "landbridge_confirm_seat"


class Asked(Struct, frozen=True, kw_only=True):
    """What a link is about, as it is now."""

    token: str
    workspace: Workspace
    seat: Seat
    user: int
    user_name: str
    by: str


def link_to(actor: Actor, origin: str, seat: int, user: int) -> str:
    """The address to pass on to whoever holds the seat. ``origin`` is that of the console."""
    told = {"w": actor.workspace_id, "s": seat, "u": user, "by": actor.name}
    token = signing.dumps(told, salt=LINK, compress=True)
    return origin + reverse("confirm-seat", kwargs={"token": token})


async def users_to_confirm(actor: Actor, number: int) -> list[tuple[int, str]]:
    """The user of a seat, or else whoever it may be; nobody where that is confirmed, or the seat was left.

    Raises NothingThereError.
    """
    async with actor.connection() as connection:
        seat = await load_seat(connection, actor.workspace_id, number)
        if seat is None:
            raise NothingThereError("There is no such seat in this workspace.")
        if seat.left_at is not None or seat.reason == "confirmed":
            return []
        if seat.user and seat.user_name:
            return [(seat.user, seat.user_name)]
        suggested = await suggest_links(connection, actor.workspace_id, [number])
    return [(one.user, one.user_name) for one in suggested[:MOST_GUESSES]]


async def _asked(visit: Visit, token: str) -> Asked:
    """Raises DeadLinkError for a link that is too old, not ours, or about somebody who is gone."""
    try:
        told: dict[str, Any] = signing.loads(token, salt=LINK, max_age=LINKS_LIVE)
    except signing.BadSignature:
        raise DeadLinkError from None
    async with visit.connection() as connection:
        try:
            workspace = await load_workspace(connection, told["w"])
        except LandbridgeError:
            raise DeadLinkError from None
        seat = await load_seat(connection, workspace.id, told["s"])
        name = await load_user(connection, workspace.id, told["u"])
    if seat is None or name is None:
        raise DeadLinkError
    return Asked(token=token, workspace=workspace, seat=seat, user=told["u"], user_name=name, by=told["by"])


@shows(Who.ANYBODY)
async def show(visit: Visit, token: str) -> HttpResponse:
    return await _page(visit, await _asked(visit, token))


@shows(Who.ANYBODY)
async def go(visit: Visit, token: str) -> HttpResponse:
    """To LinkedIn's sign-in, with what makes its answer ours."""
    asked = await _asked(visit, token)
    console = console_origin(visit)
    try:
        async with visit.works() as works:
            await ensure_application(works, asked.workspace.id, console=console)
            settings = read_settings(await works.wiring(asked.workspace.id, FAR_SIDE), organization_known=False)
    except LandbridgeError as error:
        return await _page(visit, asked, problem=problem_of(error), status=409)
    nonce = get_random_string(32)
    await visit.request.session.aset(NONCE, nonce)
    state = signing.dumps({"t": token, "n": nonce}, salt=STATE, compress=True)
    return redirect(consent_address(settings, console + CONFIRMED, state))


@shows(Who.ANYBODY)
async def back(visit: Visit) -> HttpResponse:
    """From LinkedIn, with a code or with a refusal."""
    asked = await _asked_of_state(visit)
    if asked is None and (done := await _confirmed_of_state(visit)):
        return await visit.render("console/connect_users/confirmed.html", {"asked": done, "already": True})
    if asked is None:
        return await visit.render("console/connect_users/strange.html", status=401)
    if visit.asked.get("error"):
        return await _page(visit, asked, refused=True)
    try:
        async with visit.works() as works:
            wiring = await works.wiring(asked.workspace.id, FAR_SIDE)
            settings = read_settings(wiring, organization_known=False)
            redirect_uri = console_origin(visit) + CONFIRMED
            person = await read_person(settings, wiring, visit.asked.get("code", "")[:2000], redirect_uri)
            count = await people.confirm(
                works, asked.workspace.id, asked.seat.id, asked.user, person_urn=person, by=asked.user_name
            )
    except LandbridgeError as error:
        return await _page(visit, asked, problem=problem_of(error), status=409)
    await _note(visit, asked, count)
    return await visit.render("console/connect_users/confirmed.html", {"asked": asked, "count": count})


def _state_of(visit: Visit) -> dict[str, str] | None:
    try:
        state: dict[str, str] = signing.loads(visit.asked.get("state", ""), salt=STATE, max_age=ANSWERS_WITHIN)
    except signing.BadSignature:
        return None
    return state


async def _confirmed_of_state(visit: Visit) -> Asked | None:
    """What was confirmed by then: somebody went back to an answer that has counted. It changes nothing."""
    state = _state_of(visit)
    asked = await _asked(visit, state["t"]) if state else None
    return asked if asked and asked.seat.reason == "confirmed" and asked.seat.user == asked.user else None


async def _asked_of_state(visit: Visit) -> Asked | None:
    """What this browser was sent to LinkedIn for; None where it was not, or too long ago. It counts once."""
    nonce = await visit.request.session.apop(NONCE, "")
    state = _state_of(visit)
    if state is None or not nonce or not constant_time_compare(state["n"], nonce):
        return None
    return await _asked(visit, state["t"])


async def _note(visit: Visit, asked: Asked, count: int) -> None:
    async with visit.connection() as connection:
        await note_act(
            connection,
            at=visit.now,
            act="seat.confirmed",
            who=asked.user_name,
            workspace=asked.workspace.id,
            subject=f"seat {asked.seat.id}",
            facts={"asked_by": asked.by, "seats": count},
        )


async def _page(
    visit: Visit, asked: Asked, *, problem: Problem | None = None, refused: bool = False, status: int = 200
) -> HttpResponse:
    context = {"asked": asked, "problem": problem, "refused": refused}
    return await visit.render("console/connect_users/confirm.html", context, status=status)


GUEST_ROUTES = [
    path("confirm-seat/<str:token>", show, name="confirm-seat"),
    path("confirm-seat/<str:token>/linkedin", go, name="confirm-seat-go"),
    path(CONFIRMED.removeprefix("/"), back, name="confirmed-seat"),
]
