"""What both widgets share: who may see them, signing in from inside a frame, and calls to the page around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import orjson
from msgspec import Struct
from starlette.responses import Response

from landbridge.sandbox.linkedin.pages.page import ANYONE, Page
from landbridge.sandbox.linkedin.pages.viewer import why_no_recruiter
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.pages.widgets.partner import Partner, partner_of

SIGNED_IN: Final = "/rsc/widget/signed-in"


class Frame(Struct, frozen=True):
    """One widget on one page of a partner, where it is served and with which settings."""

    visit: Visit
    partner: Partner
    path: str
    settings: tuple[tuple[str, str], ...]

    @property
    def address(self) -> str:
        return f"{self.path}?{urlencode(self.settings)}"

    def show(self, template: str, *, calls: Sequence[tuple[str, Any]] = (), **context: Any) -> Response:
        """``calls`` are functions of the page around it, by event, with their argument."""
        return self.visit.show(
            template,
            frames=self.partner.framers,
            origin=self.partner.origin,
            address=self.address,
            calls=orjson.dumps([{"name": name, "value": value} for name, value in calls]).decode(),
            **context,
        )

    def say(self, title: str, text: str) -> Response:
        return self.show("widgets/told.html", title=title, text=text)


def open_frame(visit: Visit) -> Frame:
    """Raises :class:`RefusalError` where the page around it may not show it."""
    partner = partner_of(visit.linkedin, visit.query("api_key"), visit.query("origin"))
    return Frame(visit, partner, visit.request.scope["path"], tuple(_settings(visit)))


def _settings(visit: Visit) -> Iterator[tuple[str, str]]:
    """What the page around the widget asked for; the rest of the query was asked by somebody in the frame."""
    for name, text in visit.request.query_params.multi_items():
        if name not in ("words", "ask"):
            yield name, text


def prompt(frame: Frame) -> Response | None:
    """What has to happen before Recruiter's part of a widget can be shown; None where nothing has to."""
    viewer = frame.visit.somebody
    reason = "" if viewer is None else why_no_recruiter(viewer)
    if reason is not None:
        host = frame.visit.request.headers.get("host", "")
        elsewhere = urlsplit(frame.partner.origin).hostname != urlsplit(f"http://{host}").hostname
        way = f"/login?next={SIGNED_IN}"
        return frame.show("widgets/sign_in.html", way=way, reason=reason, host=host, elsewhere=elsewhere)
    return frame.show("widgets/contract.html") if frame.visit.viewer.desk is None else None


def tell_frame(visit: Visit) -> Response:
    """The end of signing in, in the window a frame has opened."""
    return visit.show("widgets/done.html")


PAGES: Final = (Page(SIGNED_IN, tell_frame, ANYONE),)
