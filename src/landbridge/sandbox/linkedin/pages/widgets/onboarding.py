"""``IN/ATSIntegrationWidget``: an admin asks for access for the ATS on whose page this is."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from landbridge.sandbox.linkedin.choices import WIDGET_STATUS_FIELD
from landbridge.sandbox.linkedin.levels import COMPANY, LEVELS, Access, Level, access_of
from landbridge.sandbox.linkedin.pages.page import ANYONE, Page
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.pages.widgets.widget import Frame, open_frame, prompt
from landbridge.sandbox.linkedin.state import Integration

ADDRESS: Final = "/rsc/widget/onboarding"


def show(visit: Visit) -> Response:
    frame = open_frame(visit)
    return _closed(frame) or _rows(frame)


def request(visit: Visit) -> Response:
    """Request, or Notify partner: the page around the widget is told the integrations of the row."""
    frame = open_frame(visit)
    level = next((one for one in _offered(frame) if one.name == visit.form("level")), None)
    closed = _closed(frame)
    if closed is not None or level is None:
        return closed or _rows(frame)
    context = _context(frame, level)
    client_id = frame.partner.application.client_id
    if level is COMPANY:
        visit.linkedin.recruiter.request(organization=context, client_id=client_id)
    else:
        visit.linkedin.recruiter.request(contract=context, client_id=client_id)
    return _rows(frame, told=access_of(frame.partner.application, level, context))


def _closed(frame: Frame) -> Response | None:
    """What to see instead of the rows: the way in, or why not."""
    asked = prompt(frame)
    if asked is not None:
        return asked
    viewer = frame.visit.viewer
    if not viewer.admin:
        return frame.say(
            "For admins of the contract",
            f"To connect an ATS you have to be an admin of a contract with Recruiter seats, with an active seat on it. "
            f"{viewer.name} is not an admin of {viewer.contract.name}.",
        )
    if not _offered(frame):
        return frame.say("Nothing to request", "This page offers no integration that the sandbox knows.")
    return None


def _rows(frame: Frame, told: Access | None = None) -> Response:
    accesses = [access_of(frame.partner.application, level, _context(frame, level)) for level in _offered(frame)]
    calls = [("onintegrate", [_told(one) for one in told.integrations])] if told else []
    return frame.show(
        "widgets/onboarding.html", calls=calls, accesses=accesses, application=frame.partner.application.name
    )


def _told(integration: Integration) -> dict[str, Any]:
    return {
        "integrationContext": integration.context,
        "integrationType": integration.type,
        "tenantType": integration.tenant,
        WIDGET_STATUS_FIELD: integration.status,
    }


def _offered(frame: Frame) -> list[Level]:
    """The levels the page supports."""
    bundles = [text.strip() for text in frame.visit.query("types").split(",")]
    return [level for level in LEVELS if level.bundle in bundles]


def _context(frame: Frame, level: Level) -> str:
    return frame.visit.state.network.organization if level is COMPANY else frame.visit.viewer.contract.urn


PAGES: Final = (Page(ADDRESS, show, ANYONE), Page(ADDRESS, request, ANYONE, "POST"))
