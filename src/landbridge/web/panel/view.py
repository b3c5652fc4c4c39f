"""What one person gets to see of one candidate, in words."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from landbridge.store.database import Connection
from landbridge.store.panel import (
    Message,
    Stand,
    Viewer,
    load_applications,
    load_messages,
    load_stand,
    load_viewer,
)
from landbridge.web.words import reason_of

Text = str | Promise


class Standing(Struct, frozen=True, kw_only=True):
    """Where a record stands, as a badge and a sentence; ``since`` of what the sentence says. ``fix``: what helps."""

    tone: str
    words: Text
    text: Text
    fix: Text = ""
    since: datetime | None = None
    title: Text = ""


class Shown(Struct, frozen=True, kw_only=True):
    """A message as this viewer gets it: without its words where they are not for them."""

    kind: Text
    who: Text
    at: datetime | None
    edited_at: datetime | None
    subject: str = ""
    text: str = ""
    closed: bool = False


class View(Struct, frozen=True, kw_only=True):
    """``matched`` None: LinkedIn was not asked yet. ``viewer`` None: the link names nobody whom Landbridge knows."""

    candidate: Standing
    applications: list[Standing]
    matched: bool | None
    read_at: datetime | None
    messages: list[Shown]
    hidden: int
    viewer: Viewer | None
    on_linkedin: bool


async def load_view(connection: Connection, workspace: int, candidate: str, user: str) -> View:
    stand = await load_stand(connection, workspace, candidate)
    viewer = await load_viewer(connection, workspace, user) if user else None
    if stand is None or stand.gone:
        told = _UNKNOWN if stand is None else _GONE
        return View(
            candidate=told, applications=[], matched=None, read_at=None, messages=[], hidden=0, viewer=viewer,
            on_linkedin=False,
        )  # fmt: skip
    found = await load_messages(connection, workspace, stand)
    visible = [one for one in found if may_know(viewer, one)]
    return View(
        candidate=_standing(stand.state or "due", stand.reason or "", stand.sent_at, stand.since),
        applications=[
            _standing(one.state, one.reason, one.sent_at, one.since, one.title or _("A job that has not come yet"))
            for one in await load_applications(connection, workspace, candidate)
        ],
        matched=None if stand.read_at is None else stand.person_urn is not None,
        read_at=stand.read_at,
        messages=[_shown(viewer, one) for one in visible],
        hidden=sum(not may_read(viewer, one) for one in visible),
        viewer=viewer,
        on_linkedin=is_on_linkedin(stand),
    )


def is_on_linkedin(stand: Stand) -> bool:
    return stand.sent_at is not None and stand.state not in {"held", "quarantined", "gone"}


def may_know(viewer: Viewer | None, message: Message) -> bool:
    """A private note is its author's alone: nobody else learns that there is one."""
    return not message.private or (viewer is not None and viewer.connected and message.seat in viewer.seats)


def may_read(viewer: Viewer | None, message: Message) -> bool:
    """Its author, and colleagues who are connected on the same contract. Others learn who wrote, and when."""
    if viewer is None or not viewer.connected:
        return False
    return message.seat in viewer.seats or (not message.private and message.contract in viewer.contracts)


def _shown(viewer: Viewer | None, message: Message) -> Shown:
    readable = may_read(viewer, message)
    author = message.author or _("a recruiter")
    if message.kind == "note":
        who: Text = _("by %(author)s") % {"author": author}
    elif message.outgoing is None:
        who = _("between %(author)s and the candidate") % {"author": author}
    elif message.outgoing:
        who = _("%(author)s to the candidate") % {"author": author}
    else:
        who = _("the candidate to %(author)s") % {"author": author}
    return Shown(
        kind=_("Note") if message.kind == "note" else _("InMail"),
        who=who,
        at=message.at,
        edited_at=message.edited_at,
        subject=message.subject if readable else "",
        text=message.text if readable else "",
        closed=not readable,
    )


def _standing(state: str, reason: str, sent_at: datetime | None, since: datetime | None, title: Text = "") -> Standing:
    words = reason_of(reason) if reason else None
    match state:
        case "delivered":
            return Standing(tone="good", words=_("On LinkedIn"), text=_("up to date since"), since=sent_at, title=title)
        case "held" | "quarantined":
            tone, badge = ("held", _("Not shared")) if state == "held" else ("bad", _("Refused"))
            told, fix = (words.meaning, words.fix) if words else ("", "")
            return Standing(tone=tone, words=badge, text=told, fix=fix, since=since, title=title)
        case "gone":
            return Standing(tone="held", words=_("Removed"), text=_("taken from LinkedIn"), since=since, title=title)
    if sent_at is not None:
        return Standing(
            tone="busy", words=_("Changing"), text=_("a change is on its way since"), since=since, title=title
        )
    return Standing(tone="busy", words=_("On its way"), text=_("waits for its turn since"), since=since, title=title)


_UNKNOWN = Standing(
    tone="held",
    words=_("Not known"),
    text=_("The ATS has not told Landbridge of this candidate yet."),
    fix=_("A new candidate comes within minutes, a first synchronisation takes longer."),
)
_GONE = Standing(tone="held", words=_("Removed"), text=_("The candidate was deleted in the ATS, and so on LinkedIn."))
