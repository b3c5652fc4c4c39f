"""What both widgets share: who may see them, signing in from inside a frame, and calls to the page around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import orjson
from msgspec import Struct
from starlette.responses import Response

from landbridge.sandbox.linkedin.pages.page import ANYONE, Page
from landbridge.sandbox.linkedin.pages.viewer import why_no_recruiter
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.pages.widgets.partner import Partner, partner_of

SIGNED_IN: Final = "/rsc/widget/signed-in"


class Frame(Struct, frozen=True):
    """One widget on one page of a partner."""

    visit: Visit
    partner: Partner
    address: str

    def show(self, template: str, *, calls: Sequence[tuple[str, Any]] = (), **context: Any) -> Response:
        """``calls`` are functions of the page around it, by event, with their argument."""
        return self.visit.show(
            template,
            frames=self.partner.origin,
            origin=self.partner.origin,
            address=self.address,
            calls=orjson.dumps([{"name": name, "value": value} for name, value in calls]).decode(),
            **context,
        )

    def say(self, title: str, text: str) -> Response:
        return self.show("widgets/told.html", title=title, text=text)


def open_frame(visit: Visit) -> Frame:
    """Raises :class:`RefusalError` where the page around it may not show it."""
    partner = partner_of(visit.state, visit.query("api_key"), visit.query("origin"))
    query = visit.request.scope["query_string"].decode("latin-1")
    return Frame(visit, partner, f"{visit.request.scope['path']}?{query}")


def prompt(frame: Frame) -> Response | None:
    """What has to happen before Recruiter's part of a widget can be shown; None where nothing has to."""
    viewer = frame.visit.somebody
    if viewer is None:
        return frame.show("widgets/sign_in.html", way=f"/login?next={SIGNED_IN}")
    reason = why_no_recruiter(viewer)
    if reason is not None:
        return frame.show("widgets/sign_in.html", way=f"/login?next={SIGNED_IN}", reason=reason)
    if viewer.desk is None:
        return frame.show("widgets/contract.html")
    return None


def tell_frame(visit: Visit) -> Response:
    """The end of signing in, in the window a frame has opened."""
    return visit.show("widgets/done.html")


PAGES: Final = (Page(SIGNED_IN, tell_frame, ANYONE),)
