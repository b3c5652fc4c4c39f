"""``/login`` and ``/logout``. The people of the world are listed on the page, so that nobody has to look them up."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from starlette.responses import Response

from landbridge.sandbox.linkedin.pages.page import ANYONE, Page
from landbridge.sandbox.linkedin.pages.session import Session
from landbridge.sandbox.linkedin.pages.viewer import Desk, desks_of, name_of, person_of
from landbridge.sandbox.linkedin.pages.visit import Visit, own_path
from landbridge.sandbox.linkedin.state import State
from landbridge.sandbox.worlds.network import Person

HOME: Final = "/recruiter"
WRONG: Final = "This e-mail address and password do not belong together."


class Known(Struct, frozen=True):
    """A person of the world as the list on the page shows them."""

    person: Person
    name: str
    desks: tuple[Desk, ...]


def show(visit: Visit) -> Response:
    return _form(visit, 200, login=visit.somebody.person.login if visit.somebody else "", problem="")


def sign_in(visit: Visit) -> Response:
    person = check_password(visit.state, visit.form("login"), visit.form("password"))
    if person is None:
        return _form(visit, 401, login=visit.form("login"), problem=WRONG)
    visit.session = Session(login=person.login)
    return visit.go(own_path(visit.form("next"), HOME))


def sign_out(visit: Visit) -> Response:
    """The only way to another contract, as in the original: the choice is remembered until then."""
    answer = visit.go(f"/login?next={own_path(visit.form('next'), HOME)}")
    visit.session = Session()
    return answer


def check_password(state: State, login: str, password: str) -> Person | None:
    person = person_of(state.network, login)
    known = person is not None and hmac.compare_digest(person.password.encode(), password.encode("utf-8", "replace"))
    return person if known else None


def known_people(state: State) -> Iterator[Known]:
    """Everybody who can sign in."""
    for person in state.network.people:
        member = state.directory.members.get(person.member)
        yield Known(person, name_of(member) if member else person.login, desks_of(state.network, person))


def _form(visit: Visit, status: int, *, login: str, problem: str) -> Response:
    return visit.show(
        "sign_in/sign_in.html",
        status,
        login=login,
        problem=problem,
        people=list(known_people(visit.state)),
        next=own_path(visit.form("next") or visit.query("next"), HOME),
    )


PAGES: Final = (
    Page("/login", show, ANYONE),
    Page("/login", sign_in, ANYONE, "POST"),
    Page("/logout", sign_out, ANYONE, "POST"),
)
