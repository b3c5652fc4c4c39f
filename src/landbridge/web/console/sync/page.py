"""The historical sync: progress, pause, proof, again."""

from __future__ import annotations

import msgspec
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from landbridge.connectors.linkedin.settings import resources_of
from landbridge.errors import LandbridgeError
from landbridge.jobs.forecast import forecast
from landbridge.jobs.news import load_news
from landbridge.jobs.wiring import FAR_SIDE
from landbridge.store.connections import load_settings
from landbridge.store.overview import load_overview
from landbridge.store.pace import load_pace
from landbridge.store.reconciliations import load_newest_reconciliation
from landbridge.web.acts import sync
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.overview.news import shown
from landbridge.web.console.page import Page
from landbridge.web.console.sync.context import is_open, sync_of
from landbridge.web.console.visit import Visit
from landbridge.web.console.working import Problem, problem_of


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    return await _page(visit)


async def _page(visit: Visit, *, problem: Problem | None = None, status: int = 200) -> HttpResponse:
    async with visit.transaction() as connection:
        overview = await load_overview(connection, visit.workspace.id, visit.now)
        pace = await load_pace(connection, visit.workspace.id, visit.now)
        allowed = await is_open(connection, visit.workspace.id, overview)
        systems = {one.system for one in overview.systems}
        resources = resources_of(await load_settings(connection, visit.workspace.id, FAR_SIDE))
        news = await load_news(
            connection, visit.workspace.id, systems=systems, settings=visit.room.settings, now=visit.now
        )
    ahead = forecast(overview.kinds, overview.sweep, resources, visit.now, overview.quotas)
    context = {
        "news": shown(news),
        "sync": sync_of(overview, pace, may_send=allowed, now=visit.now, forecast=ahead),
        "connected": any(one.system != "linkedin" for one in overview.systems),
        "problem": problem,
    }
    return await visit.render("console/sync/page.html", context, status=status)


@acts(Who.ADMIN)
async def start(visit: Visit) -> HttpResponse:
    """Begin, go on after a pause, or read everything once more."""
    try:
        await sync.begin(visit, again=visit.form.get("again") == "yes")
    except LandbridgeError as error:
        return await _page(visit, problem=problem_of(error), status=409)
    return await visit.goes_to("sync", tell=_("It is under way."))


@acts(Who.ADMIN)
async def pause(visit: Visit) -> HttpResponse:
    """Let reading and sending rest after what is in work."""
    await sync.rest(visit)
    return await visit.goes_to("sync")


@acts(Who.ADMIN)
async def compare(visit: Visit) -> HttpResponse:
    await sync.compare(visit)
    return await visit.goes_to("sync", tell=_("Both sides are being compared; the result shows below in a moment."))


@shows(Who.VIEWER)
async def report(visit: Visit) -> HttpResponse:
    """The newest comparison as a file, for auditors and for LinkedIn's certification."""
    async with visit.connection() as connection:
        found = await load_newest_reconciliation(connection, visit.workspace.id)
    if found is None:
        raise Http404
    name = f"reconciliation-{visit.workspace.slug}-{found.at:%Y%m%d-%H%M}"
    if visit.asked.get("form") == "json":
        content = msgspec.json.format(msgspec.json.encode({"at": found.at, "report": found.report}))
        return _file(content, "application/json", f"{name}.json")
    return _file(sync.table_of(found), "text/csv; charset=utf-8", f"{name}.csv")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


PAGE = Page(
    name="sync",
    title=_("Historical sync"),
    icon="history",
    routes=[
        path("sync", show, name="sync"),
        path("sync/start", start, name="sync-start"),
        path("sync/pause", pause, name="sync-pause"),
        path("sync/compare", compare, name="sync-compare"),
        path("sync/report", report, name="sync-report"),
    ],
)
