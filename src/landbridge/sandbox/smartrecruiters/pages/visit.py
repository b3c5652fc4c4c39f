"""One request to a page, with everything its handler needs, and the ways to answer it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from landbridge.sandbox.smartrecruiters.happenings import Author
from landbridge.sandbox.smartrecruiters.pages.rendering import page_headers, render
from landbridge.sandbox.smartrecruiters.pages.session import Session
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.company import User

ROWS: Final = 25
MANAGERS: Final = frozenset({"ADMINISTRATOR", "EXTENDED"})


class Widget(Struct, frozen=True):
    """LinkedIn's widget on a candidate's page: where LinkedIn is, and which application of it we are."""

    linkedin: str
    client_id: str
    context: str


class Visit:
    """``somebody`` is who is signed in, or None; ``user`` is the same person where the page is for nobody else."""

    def __init__(
        self,
        request: Request,
        state: State,
        session: Session,
        form: Mapping[str, list[str]],
        widget: Callable[[], Widget | None],
    ) -> None:
        self.request = request
        self.state = state
        self.session = session
        self._widget = widget
        self._form = form
        user = state.users_by_id.get(session.user)
        self.somebody = user if user is not None and user.active else None

    @property
    def user(self) -> User:
        assert self.somebody is not None
        return self.somebody

    @property
    def widget(self) -> Widget | None:
        return self._widget()

    @property
    def by(self) -> Author:
        return Author("USER", self.user.id)

    @property
    def manages(self) -> bool:
        """Whether this person may take things away for good."""
        return self.user.role in MANAGERS

    @property
    def path(self) -> Mapping[str, Any]:
        return self.request.path_params

    def form(self, name: str) -> str:
        """The (first) text of a field without blanks around it, "" where there is none."""
        return next(iter(self._form.get(name, ())), "").strip()

    def query(self, name: str) -> str:
        return self.request.query_params.get(name, "").strip()

    @property
    def number(self) -> int:
        """The page of a long list, from 1."""
        text = self.query("page")
        return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1

    def show(self, template: str, status: int = 200, **context: Any) -> Response:
        notice, self.session.notice = self.session.notice, ""
        given = {
            "somebody": self.somebody,
            "here": self.request.scope["path"],
            "notice": notice,
            "problem": "",
            "company": self.state.world.company.name,
            "widget": None,
            **context,
        }
        widget = given["widget"]
        headers = page_headers(widget.linkedin if isinstance(widget, Widget) else None)
        return Response(render(template, given), status, headers=headers, media_type="text/html; charset=utf-8")

    def refuse(self, status: int, title: str, reason: str) -> Response:
        """A page that says why not."""
        return self.show("refused.html", status, title=title, reason=reason)

    def go(self, path: str, *, notice: str = "") -> Response:
        """The way on after a form, to another page of ours."""
        self.session.notice = notice
        return Response(status_code=303, headers={"location": path, "cache-control": "no-store"})


class Shown(Struct, frozen=True):
    """One page of a long list. ``before`` and ``after`` are the addresses of its neighbours, "" for none."""

    rows: list[Any]
    total: int
    first: int
    before: str
    after: str


def page_of(visit: Visit, rows: list[Any], total: int) -> Shown:
    """``rows`` are those of this page already; what narrowed the list goes along to its neighbours."""
    here, number = visit.request.scope["path"], visit.number
    kept = "".join(f"&{name}={quote(visit.query(name))}" for name in ("q", "status") if visit.query(name))
    return Shown(
        rows=rows,
        total=total,
        first=(number - 1) * ROWS + 1,
        before=f"{here}?page={number - 1}{kept}" if number > 1 else "",
        after=f"{here}?page={number + 1}{kept}" if number * ROWS < total else "",
    )
