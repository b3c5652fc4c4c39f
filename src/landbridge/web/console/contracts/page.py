"""The contracts of a workspace: the list, one contract with its steps, and what an admin can do with it."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from landbridge.errors import LandbridgeError
from landbridge.jobs.onboarding import contracts
from landbridge.jobs.onboarding.application import Kind
from landbridge.jobs.wiring import FAR_SIDE
from landbridge.store.connections import SystemState, load_system_states
from landbridge.store.consents import load_consent
from landbridge.store.contracts import Contract, load_contract, load_contracts
from landbridge.store.database import Connection
from landbridge.store.handovers import load_handovers
from landbridge.store.inbox import heard_since
from landbridge.store.integrations import load_integrations
from landbridge.web.acts import contracts as ours
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.contracts import window
from landbridge.web.console.contracts.around import surroundings
from landbridge.web.console.contracts.context import card_of
from landbridge.web.console.page import Page
from landbridge.web.console.visit import Visit
from landbridge.web.console.working import Problem, console_origin, problem_of

# LinkedIn pushes at once; nobody says how long that may take.
PUSHES_WITHIN = timedelta(minutes=2)


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    return await _list(visit)


@shows(Who.VIEWER)
async def show_one(visit: Visit, number: int) -> HttpResponse:
    return await _one(visit, number)


async def _list(visit: Visit, *, problem: Problem | None = None, link: str = "", status: int = 200) -> HttpResponse:
    stored, around = await surroundings(visit, visit.address)
    async with visit.connection() as connection:
        known = await load_integrations(connection, visit.workspace.id)
        cards = [card_of(one, known, around) for one in await load_contracts(connection, visit.workspace.id)]
        links = await load_handovers(connection, visit.workspace.id)
        state = await _linkedin_state(connection, visit)
    settings = visit.room.settings
    context = {
        "cards": cards,
        "around": around,
        "problem": problem,
        "state": state,
        "partner_known": bool(stored.get("client_id") or stored.get("parent_client_id") or settings.linkedin_client_id),
        "client_id": stored.get("client_id", ""),
        "links": [one for one in links if one.living(visit.now)],
        "link": link,
    }
    return await visit.render("console/contracts/page.html", context, status=status)


async def _one(visit: Visit, number: int, *, problem: Problem | None = None, status: int = 200) -> HttpResponse:
    _stored, around = await surroundings(visit, visit.address)
    async with visit.connection() as connection:
        contract = await load_contract(connection, visit.workspace.id, number)
        if contract is None:
            raise Http404
        known = await load_integrations(connection, visit.workspace.id)
        state = await _linkedin_state(connection, visit)
    checked = [one.checked_at for one in known if one.context in {contract.urn, contract.organization_urn}]
    context = {
        "card": card_of(contract, known, around),
        "around": around,
        "problem": problem,
        "state": state,
        "checked_at": max(checked, default=None),
        "moving": contract.state in {"requested", "configuring", "waiting", "disabled"},
        "unheard": await _unheard(visit, contract),
    }
    return await visit.render("console/contracts/contract.html", context, status=status)


async def _unheard(visit: Visit, contract: Contract) -> str:
    """The address at which LinkedIn's pushes should have arrived and have not; "" where all is well.

    Enabling is always pushed. States are asked for besides, so they are true all the same; exports are only pushed.
    """
    if contract.state != "enabled" or contract.enabled_at is None or visit.now - contract.enabled_at < PUSHES_WITHIN:
        return ""
    async with visit.connection() as connection:
        since = contract.configured_at or contract.added_at
        if await heard_since(connection, visit.workspace.id, FAR_SIDE, since):
            return ""
    try:
        async with visit.works() as works:
            return await contracts.callback_url(works, visit.workspace)
    except LandbridgeError:
        return ""


async def _linkedin_state(connection: Connection, visit: Visit) -> SystemState | None:
    states = await load_system_states(connection, visit.workspace.id)
    return next((one for one in states if one.system == "linkedin" and one.state == "needs_person"), None)


@acts(Who.ADMIN)
async def add(visit: Visit) -> HttpResponse:
    """Get ready for LinkedIn's window and lead there."""
    async with visit.connection() as connection:
        before = await load_contracts(connection, visit.workspace.id)
        if await load_consent(connection, visit.workspace.id) is None:
            return await visit.goes_to("consent", tell=_("First agree to what is shared, please."), tone="wait")
    try:
        async with visit.works() as works:
            begun = await contracts.begin(
                works, visit.workspace.id, by=visit.person.get_username(), console=console_origin(visit)
            )
    except LandbridgeError as error:
        return await _list(visit, problem=problem_of(error), status=409)
    if begun.id not in {one.id for one in before}:
        await visit.note("contract.begun")
    return redirect(visit.address("contract-window"))


@acts(Who.ADMIN)
async def give_up(visit: Visit) -> HttpResponse:
    async with visit.works() as works:
        if await contracts.give_up(works, visit.workspace.id):
            await visit.note("contract.given_up")
    return await visit.goes_to("contracts")


@acts(Who.ADMIN)
async def reload(visit: Visit, number: int) -> HttpResponse:
    """Ask LinkedIn now."""
    try:
        await ours.look(visit, number)
    except LandbridgeError as error:
        return await _one(visit, number, problem=problem_of(error), status=409)
    return await visit.goes_to("contract", number=number)


@acts(Who.ADMIN)
async def pause(visit: Visit, number: int) -> HttpResponse:
    """Pause, or go on; which of both the form says, so that a second click does nothing."""
    await ours.pause(visit, number, paused=visit.form.get("paused") == "yes")
    return await visit.goes_to("contract", number=number)


@acts(Who.ADMIN)
async def rename(visit: Visit, number: int) -> HttpResponse:
    await ours.rename(visit, number, visit.form.get("name", ""))
    return await visit.goes_to("contract", number=number)


@acts(Who.ADMIN, fresh=True)
async def disconnect(visit: Visit, number: int) -> HttpResponse:
    contract = await ours.disconnect(visit, number)
    if contract.urn is None:
        return await visit.goes_to("contracts")
    text = _("Disconnected. Switch it off in Recruiter's ATS tab too, so that recruiters see it no more.")
    return await visit.goes_to("contract", number=number, tell=text, tone="wait")


@acts(Who.ADMIN)
async def reconnect(visit: Visit, number: int) -> HttpResponse:
    try:
        await ours.reconnect(visit, number)
    except LandbridgeError as error:
        return await _one(visit, number, problem=problem_of(error), status=409)
    return await visit.goes_to("contract", number=number)


@acts(Who.ADMIN, fresh=True)
async def save_keys(visit: Visit) -> HttpResponse:
    """Keys of the partner's application, or of one that exists for this customer."""
    client_id, secret = visit.form.get("client_id", "").strip()[:200], visit.form.get("client_secret", "").strip()[:300]
    kind: Kind = "parent" if visit.form.get("kind") == "parent" else "child"
    try:
        await ours.save_keys(visit, kind, client_id=client_id, client_secret=secret)
    except LandbridgeError as error:
        return await _list(visit, problem=problem_of(error), status=422)
    return await visit.goes_to("contracts", tell=_("LinkedIn knows these keys; they are saved."))


@acts(Who.ADMIN, fresh=True)
async def hand_over(visit: Visit) -> HttpResponse:
    """A link for whoever is Recruiter admin. It is shown once."""
    token = await ours.hand_over(visit)
    link = console_origin(visit) + reverse("handover-window", kwargs={"token": token})
    return await _list(visit, link=link)


@acts(Who.ADMIN)
async def take_links_back(visit: Visit) -> HttpResponse:
    await ours.take_links_back(visit)
    return await visit.goes_to("contracts", tell=_("No hand-over link works any more."))


PAGE = Page(
    name="contracts",
    title=_("Contracts"),
    icon="contracts",
    routes=[
        path("contracts", show, name="contracts"),
        path("contracts/add", add, name="contract-add"),
        path("contracts/give-up", give_up, name="contract-give-up"),
        path("contracts/keys", save_keys, name="contract-keys"),
        path("contracts/hand-over", hand_over, name="contract-hand-over"),
        path("contracts/hand-over/revoke", take_links_back, name="contract-hand-over-revoke"),
        path("contracts/window", window.show, name="contract-window"),
        path("contracts/window/told", window.told, name="contract-told"),
        path("contracts/window/finish", window.finish, name="contract-finish"),
        path("contracts/window/refused", window.refused, name="contract-refused"),
        path("contracts/<int:number>", show_one, name="contract"),
        path("contracts/<int:number>/reload", reload, name="contract-reload"),
        path("contracts/<int:number>/pause", pause, name="contract-pause"),
        path("contracts/<int:number>/name", rename, name="contract-name"),
        path("contracts/<int:number>/disconnect", disconnect, name="contract-disconnect"),
        path("contracts/<int:number>/reconnect", reconnect, name="contract-reconnect"),
    ],
)

# For people who have a link instead of an account.
GUEST_ROUTES = [
    path("handover/<str:token>", window.show_guest, name="handover-window"),
    path("handover/<str:token>/start", window.start_guest, name="handover-start"),
    path("handover/<str:token>/told", window.told_guest, name="handover-told"),
    path("handover/<str:token>/finish", window.finish_guest, name="handover-finish"),
    path("handover/<str:token>/refused", window.refused_guest, name="handover-refused"),
]
