"""One request to a page, with everything its handler needs, and the ways to answer it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from landbridge.sandbox.linkedin.pages.rendering import page_headers, policy, render
from landbridge.sandbox.linkedin.pages.session import Session
from landbridge.sandbox.linkedin.pages.viewer import Viewer
from landbridge.sandbox.linkedin.state import State

if TYPE_CHECKING:
    from landbridge.sandbox.linkedin.app import LinkedIn


class Visit:
    """``form``, ``path`` and ``query`` are what the browser sent; ``session`` may be changed and is kept.

    ``somebody`` is who is signed in, or None; ``viewer`` is the same person where the page is for nobody else.
    """

    def __init__(
        self,
        *,
        request: Request,
        linkedin: LinkedIn,
        at: int,
        session: Session,
        somebody: Viewer | None,
        form: Mapping[str, list[str]],
    ) -> None:
        self.request = request
        self.linkedin = linkedin
        self.at = at
        self.session = session
        self.somebody = somebody
        self._form = form

    @property
    def state(self) -> State:
        return self.linkedin.state

    @property
    def viewer(self) -> Viewer:
        assert self.somebody is not None
        return self.somebody

    @property
    def path(self) -> Mapping[str, Any]:
        return self.request.path_params

    def form(self, name: str) -> str:
        """The (first) text of a field, "" where there is none."""
        return next(iter(self._form.get(name, ())), "")

    def ticked(self, name: str) -> list[str]:
        """All values of a field: boxes that were ticked, options that were chosen."""
        return list(self._form.get(name, ()))

    def query(self, name: str) -> str:
        return self.request.query_params.get(name, "")

    def show(
        self, template: str, status: int = 200, *, forms: str = "'self'", frames: str = "'none'", **context: Any
    ) -> Response:
        """A page from its template. ``forms`` and ``frames`` widen the content security policy."""
        from landbridge.sandbox.linkedin.pages.registry import NAVIGATION

        notice, self.session.notice = self.session.notice, ""
        here = self.request.scope["path"]
        given = {
            "viewer": self.somebody,
            "navigation": NAVIGATION,
            "here": here,
            "notice": notice,
            "organization": self.state.network.organization_name,
            **context,
        }
        return Response(
            render(template, given),
            status,
            headers=page_headers(policy(forms=forms, frames=frames)),
            media_type="text/html; charset=utf-8",
        )

    def refuse(self, status: int, title: str, reason: str, **context: Any) -> Response:
        """A page that says why not."""
        return self.show("frame/refused.html", status, title=title, reason=reason, **context)

    def go(self, path: str, *, notice: str = "") -> Response:
        """The way on after a form, to another page of ours."""
        self.session.notice = notice
        return Response(status_code=303, headers={"location": path, "cache-control": "no-store"})


def own_path(path: str, otherwise: str) -> str:
    """``path`` where it leads to a page of ours, so that nobody is sent elsewhere by a link they were given."""
    clean = path.isascii() and path.isprintable() and "\\" not in path
    return path if clean and path.startswith("/") and not path.startswith("//") else otherwise
