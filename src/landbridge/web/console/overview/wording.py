"""The admin's words for what the database says."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from landbridge.connectors.linkedin.dialects import V2 as LINKEDIN_RESOURCES
from landbridge.store.overview import Turn
from landbridge.web.console.turns import Text
from landbridge.web.words import reason_of


class Words(Struct, frozen=True):
    """Whose turn it is, what that means, what happens next. ``tone`` is good, busy, wait or bad."""

    whose: Text
    tone: str
    text: Text


TURNS: Mapping[Turn, Words] = {
    Turn.RESUME: Words(
        _("Your turn"), "wait", _("You have paused this workspace. Nothing is read or sent until you resume it.")
    ),
    Turn.CONNECT: Words(_("Your turn"), "wait", _("Enter the credentials of SmartRecruiters and LinkedIn.")),
    Turn.REPAIR: Words(
        _("Your turn"), "bad", _("A connection needs you, see below. Everything is kept; it goes on by itself.")
    ),
    Turn.REQUEST: Words(_("Your turn"), "wait", _("Request the integrations for a LinkedIn contract.")),
    Turn.ENABLE: Words(
        _("Recruiter admin's turn"),
        "wait",
        _("Enable the integrations in LinkedIn Recruiter: More, Admin Settings, ATS. Data may not be sent before."),
    ),
    Turn.START: Words(_("Your turn"), "wait", _("Everything is connected. Start the historical sync.")),
    Turn.WAIT_FAR_SIDE: Words(
        _("LinkedIn's turn"),
        "wait",
        _("LinkedIn has asked for a pause, or has not said yet what became of something. It goes on by itself."),
    ),
    Turn.WORKING: Words(_("Landbridge's turn"), "busy", _("Reading and sending. Nothing for you to do.")),
    Turn.FIX_RECORDS: Words(
        _("Your turn"), "wait", _("All is sent, but LinkedIn refused some records. What to do about each is below.")
    ),
    Turn.DONE: Words(_("Nobody's turn"), "good", _("LinkedIn has everything that may be sent.")),
}

WITHDRAWN = Words(
    _("Your turn"), "wait", _("The consent was withdrawn. Nothing is sent to LinkedIn until somebody agrees again.")
)
ALL_REST = Words(_("Your turn"), "wait", _("Every contract is paused, so nothing goes to LinkedIn until one goes on."))
ALL_DISCONNECTED = Words(
    _("Your turn"),
    "wait",
    _("Every contract is disconnected, so nothing goes to LinkedIn until one is connected again."),
)

PEOPLE_WAIT = Words(
    _("Your turn"),
    "wait",
    _("LinkedIn has everything that may be sent. What came from there waits for you, see below."),
)

SYSTEMS = {"smartrecruiters": "SmartRecruiters", "rest_ats": _("Your own ATS"), "linkedin": "LinkedIn"}

STATES = {
    "ok": (_("Connected"), "good"),
    "unchecked": (_("Not tried yet"), "wait"),
    "needs_person": (_("Needs you"), "bad"),
}

INTEGRATIONS = {
    "ONE_CLICK_EXPORT": _("One-Click Export"),
    "IN_ATS_INDICATOR": _("In-ATS indicator"),
    "PROFILE_PLUGIN": _("Profile widget"),
    "CSA_API": _("Recruiter System Connect"),
}

INTEGRATION_STATUSES = {
    "ENABLED": (_("Enabled"), "good"),
    "ABSENT": (_("Not requested yet"), "wait"),
    "REQUESTED": (_("Requested"), "wait"),
    "DISABLED": (_("Disabled"), "bad"),
}

SWEEP_STATES = {"running": _("running"), "paused": _("paused"), "done": _("finished"), "stopped": _("stopped")}

PAUSES = {
    "quota": _("What may be sent today, or this minute, is used up."),
    "rate_limited": _("LinkedIn has asked us to slow down."),
    "unavailable": _("LinkedIn could not be reached, or failed."),
    "surprise": _("LinkedIn gave an answer nobody expected; it is tried again."),
}


def pause_of(code: str) -> Text:
    """Why a lane waits."""
    return PAUSES.get(code) or reason_of(code).meaning


def calls_a_day(system: str, resource: str) -> int | None:
    """The documented number of calls LinkedIn takes a day; None where none is known."""
    known = LINKEDIN_RESOURCES.get(resource) if system == "linkedin" else None
    return known.limits.calls_per_day if known else None


def status_of(raw: str) -> tuple[Text, str]:
    """LinkedIn's word for an integration's status: ours where we know it, else its own."""
    return INTEGRATION_STATUSES.get(raw) or (raw.replace("_", " ").capitalize(), "wait")
