"""Who may use a route: declared where the handler is, checked in one place, and no start without a declaration."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Concatenate, Final, ParamSpec
from urllib.parse import urlencode

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.views.decorators.csrf import csrf_exempt
from msgspec import Struct

from landbridge.errors import LandbridgeError
from landbridge.store.memberships import Entered, Role, find_entered
from landbridge.web.acts.actor import NothingThereError
from landbridge.web.console.refusals import in_trouble
from landbridge.web.console.sign_in.idle import has_ended
from landbridge.web.console.visit import Visit
from landbridge.web.rooms import room_of

P = ParamSpec("P")
SAFE: Final = ("GET", "HEAD")
CONFIRMED_AT = "landbridge_confirmed_at"
FRESH_FOR = timedelta(minutes=15)


class Who(IntEnum):
    """Everybody who may come, each with all rights of those before. VIEWER to OWNER are roles in a workspace."""

    MACHINE = -1  # a far side that proves itself by signature; no cookies, no form tokens
    ANYBODY = 0
    SIGNED_IN = 1
    VIEWER = 2
    ADMIN = 3
    OWNER = 4
    OPERATOR = 5  # runs the installation


IN_WORKSPACE = (Who.VIEWER, Who.ADMIN, Who.OWNER)
RANKS = {Role.VIEWER: Who.VIEWER, Role.ADMIN: Who.ADMIN, Role.OWNER: Who.OWNER}


class Access(Struct, frozen=True, kw_only=True):
    """Who may look (GET, HEAD) and who may change something (POST); None: nobody, the method is not served.

    ``fresh``: only for those who proved within the last 15 minutes who they are.
    """

    shows: Who | None = None
    changes: Who | None = None
    fresh: bool = False

    def needed(self, method: str | None) -> Who | None:
        if method in SAFE:
            return self.shows
        return self.changes if method == "POST" else None

    @property
    def methods(self) -> list[str]:
        return [*(SAFE if self.shows is not None else ()), *(("POST",) if self.changes is not None else ())]


class UndeclaredRouteError(TypeError):
    """A route does not say who may use it, or says what makes no sense: a mistake in our code."""


Handler = Callable[Concatenate[Visit, P], Awaitable[HttpResponse]]
Route = Callable[..., Coroutine[Any, Any, HttpResponse]]


def shows(who: Who, *, changes: Who | None = None, fresh: bool = False) -> Callable[[Handler[P]], Route]:
    """Declare a handler that shows a page to ``who``; it takes forms as well where ``changes`` says from whom."""
    return functools.partial(_guarded, Access(shows=who, changes=changes, fresh=fresh))


def acts(who: Who, *, fresh: bool = False) -> Callable[[Handler[P]], Route]:
    """Declare a handler that changes something: POST only."""
    return functools.partial(_guarded, Access(changes=who, fresh=fresh))


def machine(view: Callable[..., Any]) -> Callable[..., Any]:
    """Declare a plain Django view for far sides. It has to check their signature itself."""
    view.access = Access(shows=Who.MACHINE, changes=Who.MACHINE)  # type: ignore[attr-defined]  # check_routes reads it
    return csrf_exempt(view)


def borrowed(view: Callable[..., Any], access: Access) -> Route:
    """Guard a view that somebody else has written (allauth's) as if it were ours."""

    @functools.wraps(view)
    async def handler(visit: Visit, *arguments: Any, **named: Any) -> HttpResponse:
        call = view if iscoroutinefunction(view) else sync_to_async(view)
        answer: HttpResponse = await call(visit.request, *arguments, **named)
        return answer if getattr(answer, "is_rendered", True) else await sync_to_async(answer.render)()  # type: ignore[attr-defined]

    return _guarded(access, handler)


def _guarded(access: Access, handler: Handler[P]) -> Route:
    @functools.wraps(handler)
    async def enter(request: ASGIRequest, *arguments: Any, **named: Any) -> HttpResponse:
        try:
            visit = await admit(request, access, named.pop("workspace", None))
            return visit if isinstance(visit, HttpResponse) else await handler(visit, *arguments, **named)
        except NothingThereError as nothing:
            raise Http404 from nothing
        except LandbridgeError as trouble:
            return await sync_to_async(in_trouble)(request, trouble)

    enter.access = access  # type: ignore[attr-defined]  # check_routes reads it
    return enter


async def admit(request: ASGIRequest, access: Access, slug: str | None) -> Visit | HttpResponse:
    """The visit, or the answer for somebody who may not. Raises Http404, PermissionDenied."""
    needed = access.needed(request.method)
    if needed is None:
        return HttpResponseNotAllowed(access.methods)
    room = room_of(request)
    user = await request.auser()
    person = user if isinstance(user, User) else None
    rested = person is not None and await has_ended(request, room.clock(), room.settings.session_idle_minutes)
    person = None if rested else person
    visit = Visit(request=request, room=room, now=room.clock(), user=person)
    if needed > Who.ANYBODY and person is None:
        return to_sign_in(request, rested=rested)
    if slug is not None:
        visit = visit.entering(await _enter(visit, slug))
    if not allowed(visit, needed):
        raise PermissionDenied
    if access.fresh and not is_fresh(request, visit.now):
        return to_confirmation(visit)
    request.visit = visit  # type: ignore[attr-defined]  # templates find it there, whoever renders them
    return visit


def allowed(visit: Visit, needed: Who) -> bool:
    """Whether the rank is enough; 404 for strangers to a workspace comes before this."""
    if needed in IN_WORKSPACE:
        return visit.role is not None and RANKS[visit.role] >= needed
    if needed is Who.OPERATOR:
        return visit.user is not None and visit.user.is_superuser
    return True


async def _enter(visit: Visit, slug: str) -> Entered:
    async with visit.connection() as connection:
        found = await find_entered(connection, visit.person.id, slug)
    if found is None:
        raise Http404
    return found


def to_sign_in(request: ASGIRequest, *, rested: bool = False) -> HttpResponse:
    """To the sign-in page and back; a partial update makes the whole page go there. ``rested``: the page says why."""
    back = request.get_full_path() if request.method in SAFE else "/"
    return _detour(request, reverse("sign-in"), back, {"rested": "1"} if rested else {})


def to_confirmation(visit: Visit) -> HttpResponse:
    """To the page that asks who it is. A form sent too late is not kept: whoever comes back decides anew."""
    request = visit.request
    back = request.get_full_path() if request.method in SAFE else page_of(request.path)
    return _detour(request, reverse("confirm"), back)


def page_of(path: str) -> str:
    """The page on which the form of an act stands: ``/w/acme/people/7/role`` belongs to ``/w/acme/people``."""
    parts = path.split("/")
    return "/".join(parts[: 4 if parts[1] == "w" else 2])


def _detour(
    request: ASGIRequest, address: str, back: str, further: Mapping[str, str] = MappingProxyType({})
) -> HttpResponse:
    target = f"{address}?{urlencode({'next': back, **further}, safe='/')}"
    if request.headers.get("hx-request"):
        return HttpResponse(headers={"HX-Redirect": target})
    return redirect(target)


def confirm(request: HttpRequest, now: datetime) -> None:
    """Note that this person has just proved who they are."""
    request.session[CONFIRMED_AT] = now.timestamp()


def is_fresh(request: HttpRequest, now: datetime) -> bool:
    at = request.session.get(CONFIRMED_AT)
    return isinstance(at, float) and 0 <= now.timestamp() - at < FRESH_FOR.total_seconds()


def routes(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route with its whole pattern."""
    for pattern in patterns:
        whole = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, whole)
        else:
            yield whole, pattern


def check_routes(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Raises UndeclaredRouteError naming each route that does not say, or cannot mean, who may use it."""
    wrong = [found for whole, pattern in routes(patterns) if (found := _finding(whole, pattern))]
    if wrong:
        raise UndeclaredRouteError("; ".join(wrong))


def _finding(whole: str, pattern: URLPattern) -> str:
    access = getattr(pattern.callback, "access", None)
    if not isinstance(access, Access):
        return f"{whole} does not say who may use it"
    inside = whole.startswith("w/<slug:workspace>/")
    for who in (access.shows, access.changes):
        if who is not None and (who in IN_WORKSPACE) != inside:
            return f"{whole} is {'inside' if inside else 'outside'} a workspace and open to {who.name}"
    return "" if access.methods else f"{whole} serves no method"
