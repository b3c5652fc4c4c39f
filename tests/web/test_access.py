"""Every route, every role, one's own workspace and somebody else's: generated, so that a new page is walked unasked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, URLPattern, path, resolve
from msgspec import Struct

import landbridge.web
from landbridge.settings import Settings
from landbridge.store.accounts import make_sign_in_token
from landbridge.store.database import Database
from landbridge.store.memberships import Role
from landbridge.store.project import configure
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace
from landbridge.web.application import build
from landbridge.web.rooms import Room
from tests.conftest import settings_for
from tests.web.conftest import Clock
from tests.web.people import join

# The routes are known once Django is configured; nothing is asked of this database.
configure(settings_for("postgresql://localhost/none"), "postgresql://localhost/none", secret_key="k" * 60)

from landbridge.web.console.access import (  # noqa: E402 - needs Django's settings
    RANKS,
    Access,
    UndeclaredRouteError,
    Who,
    check_routes,
    page_of,
    routes,
)
from landbridge.web.urls import urlpatterns  # noqa: E402 - as above

OWN, FOREIGN = "acme", "globex"
PEOPLE: dict[str, Role | None] = {
    "viewer": Role.VIEWER, "admin": Role.ADMIN, "owner": Role.OWNER, "newcomer": None, "stranger": None,
}  # fmt: skip
# What stands for a value in an address. Nothing of that number exists: a handler may say so, access is decided before.
SAMPLES = {
    "int": "2147483000",
    "str": "no-such-thing",
    "slug": "no-such-thing",
    "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
}


class Case(Struct, frozen=True):
    whole: str
    method: str
    needed: Who | None
    machine: bool

    @property
    def inside(self) -> bool:
        return self.whole.startswith("w/<slug:workspace>/")

    def address(self, slug: str) -> str:
        whole = self.whole.replace("<slug:workspace>", slug)
        return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or "str"], whole)


def access_of(pattern: URLPattern | ResolverMatch) -> Access:
    access = getattr(pattern.callback if isinstance(pattern, URLPattern) else pattern.func, "access", None)
    assert isinstance(access, Access)
    return access


def cases() -> Iterator[Case]:
    for whole, pattern in routes(urlpatterns):
        access = access_of(pattern)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            yield Case(whole, method, access.needed(method), access.shows is Who.MACHINE)


CASES = list(cases())
GUARDED = [case for case in CASES if case.needed is not None and case.needed >= Who.SIGNED_IN]


def names(case: Case) -> str:
    return f"{case.method} {case.whole}"


class House(Struct, frozen=True):
    """Two workspaces; people with each role in the first, and an owner of the second, signed in."""

    browsers: dict[str, httpx2.AsyncClient]


@pytest.fixture
async def house(settings: Settings, database: Database, vault: Vault, clock: Clock) -> AsyncIterator[House]:
    app = build(Room(settings=settings, database=database, clock=clock), vault)
    numbers = {}
    async with database.transaction() as connection:
        for slug in (OWN, FOREIGN):
            numbers[slug] = await create_workspace(connection, slug=slug, name=slug, foreign_id=slug, now=clock.now)
    browsers = {}
    for name, role in [*PEOPLE.items(), ("operator", None)]:
        async with database.transaction() as connection:
            cursor = await connection.execute(
                """INSERT INTO auth_user (username, password, first_name, last_name, email, is_superuser, is_staff,
                                          is_active, date_joined)
                   VALUES (%s, '!', '', '', '', %s, false, true, %s) RETURNING id""",
                [name, name == "operator", clock.now],
            )
            row = await cursor.fetchone()
            assert row is not None
            if role is not None:
                await join(connection, numbers[OWN], row[0], role, clock.now)
            if name == "stranger":
                await join(connection, numbers[FOREIGN], row[0], Role.OWNER, clock.now)
            token = await make_sign_in_token(connection, row[0], clock.now)
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        browsers[name] = httpx2.AsyncClient(transport=transport, base_url="http://localhost")
        assert (await browsers[name].get(f"/sign-in/{token}")).status_code == 302
    browsers["nobody"] = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app, raise_app_exceptions=False), base_url="http://localhost"
    )
    yield House(browsers)
    for browser in browsers.values():
        await browser.aclose()


async def send(browser: httpx2.AsyncClient, case: Case, slug: str = OWN, **values: str) -> httpx2.Response:
    """As a browser would: changes carry the token of a form. ``values`` are asked for, or sent with it."""
    if case.method == "GET":
        return await browser.get(case.address(slug), params=values)
    page = await browser.get("/workspaces")
    page = page if page.status_code == 200 else await browser.get("/sign-in")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token is not None
    return await browser.request(
        case.method, case.address(slug), data=values, headers={"x-csrftoken": token[1], "origin": "http://localhost"}
    )


def may(name: str, needed: Who) -> bool:
    if name == "operator":
        return True
    if needed in {Who.SIGNED_IN, Who.ANYBODY}:
        return True
    role = PEOPLE[name]
    return role is not None and RANKS[role] >= needed


async def test_every_route_lets_in_whom_it_names_and_nobody_else(house: House) -> None:
    wrong = []
    for case in GUARDED:
        assert case.needed is not None
        for name in (*PEOPLE, "operator"):
            if case.whole == "sign-out":
                continue  # it would end the walk
            status = (await send(house.browsers[name], case)).status_code
            if may(name, case.needed):
                fine = status not in {403, 405} and status < 500
            elif case.inside and PEOPLE[name] is None:
                fine = status == 404  # whoever has no part in a workspace does not learn that there is one
            else:
                fine = status == 403
            if not fine:
                wrong.append(f"{names(case)} answers {name} with {status}")
    assert wrong == []
    assert len(GUARDED) > 3


async def test_nobody_enters_another_workspace_by_any_address(house: House) -> None:
    wrong = []
    for case in GUARDED:
        if case.inside:
            for name in ("viewer", "admin", "owner"):
                status = (await send(house.browsers[name], case, FOREIGN)).status_code
                if status != 404:
                    wrong.append(f"{names(case)} answers {name} with {status}")
    assert wrong == []


async def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_page(house: House) -> None:
    browser = house.browsers["nobody"]
    for case in GUARDED:
        answer = await send(browser, case)
        assert answer.status_code == 302, names(case)
        assert answer.headers["location"].startswith("/sign-in?next="), names(case)


async def test_unsafe_methods_need_the_token_of_a_form(house: House) -> None:
    for case in CASES:
        if case.method != "GET" and not case.machine:
            answer = await house.browsers["operator"].request(case.method, case.address(OWN), data={})
            assert answer.status_code == 403, names(case)


async def test_methods_nobody_declared_are_not_served(house: House) -> None:
    for case in CASES:
        if case.needed is None:
            answer = await send(house.browsers["operator"], case)
            # Operations of the API have methods of their own, and ask whoever comes for a token first.
            asked = {401} if case.whole.startswith("api/") else set()
            assert answer.status_code in {405} | asked, names(case)


# What the handlers look for in addresses and forms.
FIELDS = sorted({
    name
    for file in Path(landbridge.web.__file__).parent.rglob("*.py")
    for name in re.findall(r"""\b(?:asked|form|asked_text|asked_number)(?:\.get\w*)?\("(\w+)\"""", file.read_text())
})  # fmt: skip


async def test_what_no_browser_sends_is_no_mistake_of_ours(house: House) -> None:
    assert len(FIELDS) > 20
    wrong = []
    for case in GUARDED:
        if case.method in {"GET", "POST"} and case.whole != "sign-out":
            for value in ("\0", "9" * 40, "\u00b2") if case.method == "GET" else ("\0",):
                answer = await send(house.browsers["owner"], case, **dict.fromkeys(FIELDS, value))
                if answer.status_code >= 500:
                    wrong.append(f"{names(case)} answers {value!r} with {answer.status_code}")
    assert wrong == []


async def test_partial_update_of_somebody_signed_out_moves_the_whole_page(house: House) -> None:
    answer = await house.browsers["nobody"].get(f"/w/{OWN}/", headers={"hx-request": "true"})
    assert answer.headers["hx-redirect"] == f"/sign-in?next=/w/{OWN}/"


def test_whoever_has_to_confirm_comes_back_to_a_page_that_can_be_shown() -> None:
    for whole, pattern in routes(urlpatterns):
        if access_of(pattern).fresh and access_of(pattern).shows is None:
            address = page_of(Case(whole, "POST", None, machine=False).address(OWN))
            assert access_of(resolve(address)).shows is not None, f"{whole} leads back to {address}"


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_route_without_a_declaration_does_not_start() -> None:
    with pytest.raises(UndeclaredRouteError, match="secrets does not say who may use it"):
        check_routes([*urlpatterns, path("secrets", plain)])


def test_roles_of_a_workspace_make_sense_inside_one_only() -> None:
    from landbridge.web.console.access import shows

    inside = shows(Who.VIEWER)(plain)  # type: ignore[arg-type]  # never called
    outside = shows(Who.SIGNED_IN)(plain)  # type: ignore[arg-type]  # never called
    with pytest.raises(UndeclaredRouteError, match="outside a workspace and open to VIEWER"):
        check_routes([path("secrets", inside)])
    with pytest.raises(UndeclaredRouteError, match="inside a workspace and open to SIGNED_IN"):
        check_routes([path("w/<slug:workspace>/secrets", outside)])
