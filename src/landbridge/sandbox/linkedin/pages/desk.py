"""Where page requests come in: the page behind a path, who may see it, and what every answer carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, Router

from landbridge.sandbox.kernel import REFUSED, App, Clock, Receive, Scope, Send
from landbridge.sandbox.kernel.forms import is_foreign, read_form
from landbridge.sandbox.linkedin.pages.page import ANYONE, MEMBER, Page
from landbridge.sandbox.linkedin.pages.registry import PAGES, ROOTS
from landbridge.sandbox.linkedin.pages.session import Session
from landbridge.sandbox.linkedin.pages.viewer import signed_in, why_no_recruiter
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.refusals import RefusalError

if TYPE_CHECKING:
    from landbridge.sandbox.linkedin.app import LinkedIn

Handler = Callable[[Request], Awaitable[Response]]


def serves(path: str) -> bool:
    """Whether a path is a page's and not the API's."""
    return path.split("/", 2)[1] in ROOTS if path.startswith("/") else False


def page_desk(linkedin: LinkedIn, clock: Clock) -> App:
    """An ASGI app that serves the pages."""
    desk = _Desk(linkedin, clock)
    routes = [Route(page.path, desk.endpoint(page), methods=[page.method]) for page in PAGES]
    app = ExceptionMiddleware(Router(routes=routes, redirect_slashes=False), handlers={HTTPException: desk.missing})

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        # With an app in its scope the router raises what it refuses, and we have a page for that.
        scope["app"] = app
        try:
            await app(scope, receive, send)
        except ClientDisconnect:
            return

    return serve


class _Desk:
    def __init__(self, linkedin: LinkedIn, clock: Clock) -> None:
        self._linkedin = linkedin
        self._clock = clock

    def endpoint(self, page: Page) -> Handler:
        async def serve(request: Request) -> Response:
            return self._finish(await self._visit(request), page)

        return serve

    async def missing(self, request: Request, refusal: Exception) -> Response:
        """No such page, or not with this method."""
        status = refusal.status_code if isinstance(refusal, HTTPException) else 500
        reason = "There is no page at this address." if status == 404 else "This page does not take such a request."
        return self._open(request, {}).refuse(status, "Nothing here", reason)

    async def _visit(self, request: Request) -> Visit:
        form: dict[str, list[str]] = {}
        if request.method == "POST":
            form = await read_form(request)
        return self._open(request, form)

    def _open(self, request: Request, form: dict[str, list[str]]) -> Visit:
        session = self._linkedin.sessions.read(request.headers.get("cookie", ""))
        return Visit(
            request=request,
            linkedin=self._linkedin,
            at=self._clock.ms(),
            session=session,
            somebody=signed_in(session, self._linkedin.state),
            form=form,
        )

    def _finish(self, visit: Visit, page: Page) -> Response:
        before = Session(visit.session.login, visit.session.contract, visit.session.notice)
        answer = _check_origin(visit) or _check_viewer(visit, page) or _handle(visit, page)
        if visit.session != before:
            for cookie in self._linkedin.sessions.write(visit.session):
                answer.headers.append("set-cookie", cookie)
        return answer


def _check_origin(visit: Visit) -> Response | None:
    headers = visit.request.headers
    if visit.request.method == "POST" and is_foreign(
        headers.get("origin", ""), headers.get("sec-fetch-site", ""), headers.get("host", "")
    ):
        return visit.refuse(403, "Not from here", "This form was sent from a page of another site.")
    return None


def _check_viewer(visit: Visit, page: Page) -> Response | None:
    """The page to see first, or the reason why this person may not see the page; None where they may."""
    if page.who == ANYONE or (page.who == MEMBER and visit.somebody):
        return None
    wanted = quote(_address(visit.request)) if page.method == "GET" else ""
    if visit.somebody is None:
        return visit.go(f"/login?next={wanted}")
    if page.who == MEMBER:
        return None
    reason = why_no_recruiter(visit.viewer)
    if reason is not None:
        return visit.refuse(403, "No access to Recruiter", reason)
    return visit.go(f"/recruiter/contract?next={wanted}") if visit.viewer.desk is None else None


def _address(request: Request) -> str:
    """Path and query as they were sent."""
    query = request.scope["query_string"].decode("latin-1")
    path = request.scope["raw_path"].decode("latin-1")
    return f"{path}?{query}" if query else path


def _handle(visit: Visit, page: Page) -> Response:
    try:
        return page.handler(visit)
    except RefusalError as refusal:
        visit.request.scope[REFUSED] = refusal.message
        return visit.refuse(refusal.status, "Not possible", refusal.message)
