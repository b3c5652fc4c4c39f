"""The addresses of the control room's pages, their style and their script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import jinja2
import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from landbridge.sandbox.kernel import PREFIX, Site
from landbridge.sandbox.kernel.control import Span, replay_span
from landbridge.sandbox.kernel.graph import BadSnapshotError, CannotKeepError
from landbridge.sandbox.kernel.search import as_har, as_ndjson, found, search_of
from landbridge.sandbox.kernel.site import System
from landbridge.sandbox.room import view
from landbridge.sandbox.room.actions import ACTIONS, FAILURES
from landbridge.sandbox.scenarios import EXAMPLES, ScriptError, example, read_script, run

_HERE: Final = Path(__file__).parent
_SEALED: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_FILES: Final = {"room.css": "text/css", "room.js": "text/javascript"}
_TEMPLATES: Final = jinja2.Environment(
    loader=jinja2.FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


def page_routes(site: Site, _: System) -> Sequence[BaseRoute]:
    pages = _Pages(site)
    return [
        Route(PREFIX, pages.overview, methods=["GET"]),
        Route(f"{PREFIX}/", pages.overview, methods=["GET"]),
        *(Route(f"{PREFIX}/{name}", pages.file, methods=["GET"]) for name in _FILES),
        Route(f"{PREFIX}/room/journal", pages.journal, methods=["GET"]),
        Route(f"{PREFIX}/room/journal/{{system}}.{{form:str}}", pages.export, methods=["GET"]),
        Route(f"{PREFIX}/room/journal/{{system}}/{{number:int}}", pages.call, methods=["GET", "POST"]),
        Route(f"{PREFIX}/room/audit", pages.audit, methods=["GET"]),
        Route(f"{PREFIX}/room/faults", pages.faults, methods=["GET"]),
        Route(f"{PREFIX}/room/deliveries", pages.deliveries, methods=["GET"]),
        Route(f"{PREFIX}/room/snapshots", pages.snapshots, methods=["GET"]),
        Route(f"{PREFIX}/room/scenarios", pages.scenarios, methods=["GET", "POST"]),
        Route(f"{PREFIX}/room/do/{{action}}", pages.act, methods=["POST"]),
    ]


class _Pages:
    """One handler per page."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def _show(self, request: Request, here: str, status: int = 200, problem: str = "", **further: Any) -> Response:
        done = ACTIONS.get(request.query_params.get("done", ""))
        content = _TEMPLATES.get_template(f"{here}.html").render(
            **view.frame(self._site, here), said=done[2] if done else "", problem=problem, **further
        )
        return Response(content, status, media_type="text/html", headers=_SEALED)

    async def file(self, request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        return Response((_HERE / name).read_bytes(), media_type=_FILES[name], headers=_SEALED)

    async def overview(self, request: Request, problem: str = "") -> Response:
        return self._show(request, "overview", 400 if problem else 200, problem, **view.overview(self._site))

    async def journal(self, request: Request, problem: str = "") -> Response:
        query: dict[str, str] = dict(request.query_params)
        try:
            return self._show(request, "journal", 200, problem, **view.journal(self._site, query))
        except ValueError as refusal:
            kept = {"system": query.get("system", "")}
            return self._show(request, "journal", 400, str(refusal), **view.journal(self._site, kept))

    async def export(self, request: Request) -> Response:
        system = view.system_of(self._site, request.path_params["system"])
        entries = found(system.journal, search_of(request.query_params), 1 << 30)
        form = request.path_params["form"]
        if form == "har":
            content = as_har(system.journal, entries, self._site.urls.get(system.name, ""))
        else:
            content = b"".join(as_ndjson(system.journal, entries))
        name = f'attachment; filename="{system.name}.{form}"'
        return Response(content, media_type="application/octet-stream", headers={"content-disposition": name})

    async def call(self, request: Request) -> Response:
        site, number = self._site, request.path_params["number"]
        system = view.system_of(site, request.path_params["system"])
        found_call = view.call(site, system.name, number)
        if found_call is None:
            return self._show(request, "gone", 404)
        if request.method == "GET":
            return self._show(request, "call", **found_call, results=None)
        async with request.form() as form:
            snapshot = str(form.get("snapshot") or "") or None
        span = Span(first=number, last=number, snapshot=snapshot)
        try:
            results = [msgspec.structs.asdict(result) for result in await replay_span(site, system, span)]
        except ValueError as problem:
            return self._show(request, "call", 400, str(problem), **found_call, results=None)
        return self._show(request, "call", **found_call, results=results)

    async def audit(self, request: Request) -> Response:
        return self._show(request, "audit", **view.audit(self._site))

    async def faults(self, request: Request, problem: str = "") -> Response:
        return self._show(request, "faults", 400 if problem else 200, problem, **view.faults(self._site))

    async def deliveries(self, request: Request, problem: str = "") -> Response:
        return self._show(request, "deliveries", 400 if problem else 200, problem, **await view.deliveries(self._site))

    async def snapshots(self, request: Request, problem: str = "") -> Response:
        return self._show(request, "snapshots", 400 if problem else 200, problem, **view.snapshots(self._site))

    async def scenarios(self, request: Request) -> Response:
        shown = view.scenarios()
        if request.method == "GET":
            return self._show(request, "scenarios", **shown, report=None, text="")
        async with request.form() as form:
            name, text = str(form.get("example") or ""), str(form.get("text") or "")
        if name in EXAMPLES:
            text = example(name)
        try:
            report = await run(self._site, read_script(text))
        except ScriptError as problem:
            return self._show(request, "scenarios", 400, str(problem), **shown, report=None, text=text)
        return self._show(request, "scenarios", **shown, report=report, text="" if name else text)

    async def act(self, request: Request) -> Response:
        """Do it and go to its page; on failure show that page with what was wrong."""
        name = request.path_params["action"]
        if name not in ACTIONS:
            return self._show(request, "gone", 404)
        do, page, _ = ACTIONS[name]
        try:
            async with request.form() as form:
                await do(self._site, form)
        except (*FAILURES, BadSnapshotError, CannotKeepError) as problem:
            again = {"": self.overview, "room/journal": self.journal, "room/faults": self.faults}
            again |= {"room/deliveries": self.deliveries, "room/snapshots": self.snapshots}
            said = f"{problem.args[0]} is missing" if isinstance(problem, KeyError) else str(problem)
            return await again[page](request, said)
        return RedirectResponse(f"{PREFIX}/{page}?{urlencode({'done': name})}", 303)
