"""Sign in as one of the company's people. There are no passwords: everybody here is invented."""

from __future__ import annotations

from starlette.responses import Response

from landbridge.sandbox.smartrecruiters.pages.visit import ROWS, Visit, page_of

HOME = "/app/jobs"


def show(visit: Visit) -> Response:
    words = visit.query("q").lower()
    people = [
        user
        for user in visit.state.world.users
        if user.active and words in f"{user.first_name} {user.last_name} {user.email or ''}".lower()
    ]
    first = (visit.number - 1) * ROWS
    return visit.show(
        "sign_in.html", people=page_of(visit, people[first : first + ROWS], len(people)), words=visit.query("q")
    )


def enter(visit: Visit) -> Response:
    user = visit.state.users_by_id.get(visit.form("user"))
    if user is None or not user.active:
        return visit.refuse(403, "You cannot sign in", "There is no active user with this id.")
    visit.session.user = user.id
    return visit.go(HOME)


def leave(visit: Visit) -> Response:
    visit.session.user = ""
    return visit.go("/app/sign-in", notice="You have signed out.")
