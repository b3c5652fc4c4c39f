"""The page that holds LinkedIn's window, for admins and for whoever was sent a hand-over link.

Programs that show what is behind a link open it as well: nothing is begun by that, but by the guest's Start.

The window tells the page what was requested, level by level; the page passes that on at once and again with Finish, so
nothing is lost when it is closed too early. What it tells is believed only when LinkedIn confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from landbridge.connectors.linkedin.settings import AUTH_URL, read_settings
from landbridge.errors import LandbridgeError
from landbridge.jobs.onboarding import contracts
from landbridge.jobs.onboarding.statuses import look_now
from landbridge.jobs.wiring import FAR_SIDE, Works
from landbridge.store.audit import note_act
from landbridge.store.contracts import Contract, load_contracts
from landbridge.store.handovers import find_handover, use_handover
from landbridge.store.workspaces import Workspace, load_workspace
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.contracts.context import platform_of
from landbridge.web.console.refusals import DeadLinkError
from landbridge.web.console.visit import Visit
from landbridge.web.console.working import Problem, console_origin, problem_of

LONGEST_TOLD = 64 * 1024
EXTENSION = "/rsc/extensions/onboarding-widget"
LOADER = "/xdoor/scripts/in.js"


class Seen(Struct, frozen=True, kw_only=True):
    """Who stands before the window, and where the page's forms lead."""

    visit: Visit
    workspace: Workspace
    by: str
    token: str = ""

    async def note(self, act: str, subject: str) -> None:
        """In the activity of the workspace, also for somebody without an account."""
        async with self.visit.connection() as connection:
            await note_act(
                connection,
                at=self.visit.now,
                act=act,
                who=self.by,
                user=self.visit.user.id if self.visit.user and not self.token else None,
                workspace=self.workspace.id,
                subject=subject,
            )

    def address(self, name: str) -> str:
        if self.token:
            return reverse(f"handover-{name}", kwargs={"token": self.token})
        return self.visit.address(f"contract-{name}")


async def _admin(visit: Visit) -> Seen:
    return Seen(visit=visit, workspace=visit.workspace, by=visit.person.get_username())


async def _guest(visit: Visit, token: str) -> Seen:
    """Whoever has a living link. Raises DeadLinkError for any other."""
    async with visit.connection() as connection:
        number = await use_handover(connection, token, visit.now)
        if number is None:
            raise DeadLinkError
        workspace = await load_workspace(connection, number)
    return Seen(visit=visit, workspace=workspace, by=_("hand-over link"), token=token)


@shows(Who.ADMIN)
async def show(visit: Visit) -> HttpResponse:
    return await _show(await _admin(visit))


@acts(Who.ADMIN)
async def told(visit: Visit) -> HttpResponse:
    return await _told(await _admin(visit))


@acts(Who.ADMIN)
async def finish(visit: Visit) -> HttpResponse:
    return await _finish(await _admin(visit))


@acts(Who.ADMIN)
async def refused(visit: Visit) -> HttpResponse:
    return await _refused(await _admin(visit))


@shows(Who.ANYBODY)
async def show_guest(visit: Visit, token: str) -> HttpResponse:
    async with visit.connection() as connection:
        led = await find_handover(connection, token, visit.now)
        if led is None:
            raise DeadLinkError
        workspace = await load_workspace(connection, led.workspace_id)
    seen = Seen(visit=visit, workspace=workspace, by=_("hand-over link"), token=token)
    return await (_show if led.begun else _welcome)(seen)


@acts(Who.ANYBODY)
async def start_guest(visit: Visit, token: str) -> HttpResponse:
    seen = await _guest(visit, token)
    try:
        async with visit.works() as works:
            await contracts.begin(works, seen.workspace.id, by=seen.by, console=console_origin(visit))
    except LandbridgeError as error:
        return await _welcome(seen, problem_of(error), 409)
    await seen.note("handover.begun", "")
    return redirect(seen.address("window"))


async def _welcome(seen: Seen, problem: Problem | None = None, status: int = 200) -> HttpResponse:
    """What the link is for, and Start."""
    context = {"seen": seen, "problem": problem, "start": seen.address("start")}
    return await seen.visit.render("console/contracts/welcome.html", context, status=status)


@acts(Who.ANYBODY)
async def told_guest(visit: Visit, token: str) -> HttpResponse:
    return await _told(await _guest(visit, token))


@acts(Who.ANYBODY)
async def finish_guest(visit: Visit, token: str) -> HttpResponse:
    return await _finish(await _guest(visit, token))


@acts(Who.ANYBODY)
async def refused_guest(visit: Visit, token: str) -> HttpResponse:
    return await _refused(await _guest(visit, token))


async def _show(seen: Seen, problem: Problem | None = None, status: int = 200, told: str = "") -> HttpResponse:
    """The page; the workspace's application is made here where there is none yet."""
    client_id, auth_url, known = "", AUTH_URL, []
    try:
        async with seen.visit.works() as works:
            if not seen.token:
                await contracts.begin(works, seen.workspace.id, by=seen.by, console=console_origin(seen.visit))
            settings = read_settings(await works.wiring(seen.workspace.id, FAR_SIDE), organization_known=False)
            client_id, auth_url = settings.client_id, settings.auth_url
            known = await _known(works, seen.workspace.id)
    except LandbridgeError as error:
        problem, status = problem_of(error), 409
        if seen.token:
            return await _welcome(seen, problem, status)
    platform = platform_of(auth_url)
    context = {
        "seen": seen,
        "client_id": client_id,
        "loader": platform + LOADER,
        "extension": platform + EXTENSION,
        "linkedin": auth_url,
        "problem": problem,
        "told": told,
        "connected": [one for one in known if one.urn and one.state not in {"disconnected", "refused", "kept"}],
        "kept": contracts.kept_of(known),
        "organization_known": bool(seen.workspace.organization_urn),
        "addresses": {name: seen.address(name) for name in ("told", "finish", "refused")},
    }
    answer = await seen.visit.render("console/contracts/window.html", context, status=status)
    return _loosened(answer, platform, auth_url)


def _loosened(answer: HttpResponse, platform: str, auth_url: str) -> HttpResponse:
    """Let LinkedIn's script and frame in, on this page only; it has to learn the page's origin and keep its window."""
    sign_in = "{0.scheme}://{0.netloc}".format(urlsplit(auth_url))
    answer["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self' {platform}; style-src 'self'; img-src 'self' {platform}; "
        f"connect-src 'self' {platform}; frame-src {platform} {sign_in}; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    answer["Referrer-Policy"] = "strict-origin"
    answer["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
    answer["X-Landbridge-Loosens"] = "1"
    return answer


async def _known(works: Works, workspace: int) -> list[Contract]:
    async with works.database.connection() as connection:
        return await load_contracts(connection, workspace)


def _read(visit: Visit) -> list[Any]:
    """What the window has told so far, as the page collected it."""
    text = visit.form.get("requested", "")[:LONGEST_TOLD]
    try:
        found = msgspec.json.decode(text or "[]")
    except msgspec.DecodeError:
        return []
    return found if isinstance(found, list) else [found]


async def _told(seen: Seen) -> HttpResponse:
    """One level was requested: take it over where both are there, and say how far it is."""
    async with seen.visit.connection() as connection:
        known = await load_contracts(connection, seen.workspace.id)
    asked = contracts.with_kept(contracts.read_asked(_read(seen.visit)), known)
    problem: Problem | None = None
    taken: Sequence[Contract] = ()
    if asked.contracts and (asked.organizations or seen.workspace.organization_urn):
        try:
            async with seen.visit.works() as works:
                await _take(seen, works, asked, known)
                taken = [one for one in await _known(works, seen.workspace.id) if one.urn in asked.contracts]
        except LandbridgeError as error:
            problem = problem_of(error)
    context: Mapping[str, Any] = {
        "company": bool(asked.organizations or seen.workspace.organization_urn),
        "contract": bool(asked.contracts),
        "ready": bool(taken) and all(one.state in {"waiting", "enabled"} for one in taken),
        "problem": problem,
    }
    return await seen.visit.render("console/contracts/progress.html", context)


async def _take(seen: Seen, works: Works, asked: contracts.Asked, known: Sequence[Contract]) -> list[Contract]:
    """Take over what was requested; what is on its way already was noted when it began."""
    taken = await contracts.take_request(works, seen.workspace.id, asked, by=seen.by)
    on_the_way = {one.urn for one in known if one.state not in {"kept", "refused", "disconnected", "expired"}}
    if new := [one.number for one in taken if one.urn not in on_the_way]:
        await seen.note("contract.added", ", ".join(new))
    await look_now(works, seen.workspace.id)
    return taken


async def _finish(seen: Seen) -> HttpResponse:
    """Take over what was requested; from the window, or by the number somebody typed."""
    visit = seen.visit
    number = visit.form.get("contract", "").strip()[:100]
    try:
        asked = contracts.read_asked(_read(visit))
        if number:
            asked = contracts.asked_by_number(number, visit.form.get("organization", "")[:100])
        async with visit.works() as works:
            known = await _known(works, seen.workspace.id)
            taken = await _take(seen, works, asked, known)
    except LandbridgeError as error:
        return await _show(seen, problem_of(error), 422, told=visit.form.get("requested", "")[:LONGEST_TOLD])
    enabled = {one.urn for one in known if one.state == "enabled"}
    again = [one for one in taken if one.urn in enabled]
    if seen.token:
        return await visit.render("console/contracts/handed_over.html", {"seen": seen, "taken": taken})
    if again:
        text = _(
            "LinkedIn named contract %(number)s, which is connected already. To add another one, sign out of LinkedIn "
            "first, then open the window again: LinkedIn offers a choice only to somebody who signs in anew."
        )
        return await visit.goes_to("contracts", tell=text % {"number": again[0].number}, tone="wait")
    return redirect(visit.address("contract", number=taken[0].id))


async def _refused(seen: Seen) -> HttpResponse:
    """LinkedIn's window has refused; only the person before it can see how."""
    code = seen.visit.form.get("code", "")[:50]
    try:
        async with seen.visit.works() as works:
            await contracts.note_refusal(works, seen.workspace.id, code, by=seen.by)
    except LandbridgeError as error:
        return await _show(seen, problem_of(error), 422)
    await seen.note("contract.refused", code)
    if seen.token:
        return await seen.visit.render("console/contracts/handed_over.html", {"seen": seen, "code": code})
    return await seen.visit.goes_to("contracts")
