"""Where page requests come in: the page behind a path, who may see it, and what every answer carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, Router

from landbridge.sandbox.kernel import App, Receive, Scope, Send
from landbridge.sandbox.kernel.forms import is_foreign, read_form
from landbridge.sandbox.smartrecruiters.pages import people, requisitions, sign_in
from landbridge.sandbox.smartrecruiters.pages.rendering import FOLDER
from landbridge.sandbox.smartrecruiters.pages.session import Session, key_of, read_session, write_session
from landbridge.sandbox.smartrecruiters.pages.visit import Visit, Widget
from landbridge.sandbox.smartrecruiters.state import State

ROOT: Final = "/app"
FILES: Final = {"style.css": "text/css", "widget.js": "text/javascript", "icon.svg": "image/svg+xml"}


class Page(Struct, frozen=True):
    """``open`` pages are for everybody; all others are for people who have signed in."""

    path: str
    handler: Callable[[Visit], Response]
    method: str = "GET"
    open: bool = False


def _file(visit: Visit) -> Response:
    name = visit.path["name"]
    if name not in FILES:
        return visit.refuse(404, "Nothing here", "There is no such file.")
    content = (FOLDER / "static" / name).read_bytes()
    return Response(content, headers={"cache-control": "no-cache"}, media_type=FILES[name])


def _home(visit: Visit) -> Response:
    return visit.go(sign_in.HOME)


JOB: Final = f"{ROOT}/jobs/{{job}}"
PERSON: Final = f"{people.ADDRESS}/{{candidate}}"
APPLICATION: Final = f"{ROOT}/people/applications/{{application}}"
PAGES: Final = (
    Page(f"{ROOT}/static/{{name}}", _file, open=True),
    Page(ROOT, _home),
    Page(f"{ROOT}/sign-in", sign_in.show, open=True),
    Page(f"{ROOT}/sign-in", sign_in.enter, "POST", open=True),
    Page(f"{ROOT}/sign-out", sign_in.leave, "POST", open=True),
    Page(f"{ROOT}/jobs", requisitions.show_all),
    Page(f"{ROOT}/jobs/new", requisitions.show_new),
    Page(f"{ROOT}/jobs/new", requisitions.create, "POST"),
    Page(JOB, requisitions.show),
    Page(f"{JOB}/ad", requisitions.edit_ad, "POST"),
    Page(f"{JOB}/act", requisitions.act, "POST"),
    Page(people.ADDRESS, people.show_all),
    Page(f"{people.ADDRESS}/new", people.show_new),
    Page(f"{people.ADDRESS}/new", people.create, "POST"),
    Page(PERSON, people.show),
    Page(f"{PERSON}/edit", people.edit, "POST"),
    Page(f"{PERSON}/jobs", people.add_to_job, "POST"),
    Page(f"{PERSON}/notes", people.write_note, "POST"),
    Page(f"{PERSON}/delete", people.delete, "POST"),
    Page(f"{PERSON}/linkedin", people.link_member, "POST"),
    Page(APPLICATION, people.show_application),
    Page(f"{APPLICATION}/step", people.move, "POST"),
)


def page_desk(state: Callable[[], State], widget: Callable[[], Widget | None]) -> App:
    """An ASGI app that serves the pages. ``state`` is another one after each seed."""
    desk = _Desk(state, widget)
    routes = [Route(page.path, desk.endpoint(page), methods=[page.method]) for page in PAGES]
    app = ExceptionMiddleware(Router(routes=routes, redirect_slashes=False), handlers={HTTPException: desk.missing})

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except ClientDisconnect:
            return

    return serve


class _Desk:
    def __init__(self, state: Callable[[], State], widget: Callable[[], Widget | None]) -> None:
        self._state = state
        self._widget = widget

    def endpoint(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            return self._serve(self._open(request, await read_form(request)), page)

        return serve

    async def missing(self, request: Request, refusal: Exception) -> Response:
        """No such page, or not with this method."""
        status = refusal.status_code if isinstance(refusal, HTTPException) else 500
        reason = "There is no page at this address." if status == 404 else "This page does not take such a request."
        return self._open(request, {}).refuse(status, "Nothing here", reason)

    def _open(self, request: Request, form: dict[str, list[str]]) -> Visit:
        state = self._state()
        session = read_session(request.headers.get("cookie", ""), self._key(state))
        return Visit(request, state, session, form, self._widget)

    def _key(self, state: State) -> bytes:
        return key_of(state.world.seed, state.world.name)

    def _serve(self, visit: Visit, page: Page) -> Response:
        before = Session(visit.session.user, visit.session.notice)
        answer = _check(visit, page) or page.handler(visit)
        if visit.session != before:
            answer.headers.append("set-cookie", write_session(visit.session, self._key(visit.state)))
        return answer


def _check(visit: Visit, page: Page) -> Response | None:
    """A form must come from a page of ours: browsers tell where it comes from, and who tells nothing is no browser."""
    origin, site, host = (visit.request.headers.get(name, "") for name in ("origin", "sec-fetch-site", "host"))
    if page.method == "POST" and is_foreign(origin, site, host):
        return visit.refuse(403, "Not from here", "This form was sent from another site.")
    if not page.open and visit.somebody is None:
        return visit.go(f"{ROOT}/sign-in")
    return None
