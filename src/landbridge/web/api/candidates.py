"""One candidate, as the console's page shows it: where it stands, and that something came, without anybody's words."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema

from landbridge.store.panel import Message, load_applications, load_messages, load_stand
from landbridge.store.tokens import Scope
from landbridge.web.acts.actor import NothingThereError
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.words import MISSING, REFUSALS, text_of
from landbridge.web.panel.view import may_know

ROUTER = Router(tags=["The candidate panel"])


class PlacedOut(Schema):
    """Where a record stands, as in ``GET /records``; ``sent_at`` null: LinkedIn never had it."""

    state: str
    reason: str
    since: datetime | None
    sent_at: datetime | None


class ApplicationPlacedOut(PlacedOut):
    title: str


class CameOut(Schema):
    """An InMail or a note that came. ``outgoing`` null: it has no direction. Its words are for seats of Recruiter."""

    kind: str
    author: str | None
    at: datetime | None
    edited_at: datetime | None
    outgoing: bool | None


class CandidateOut(Schema):
    """``matched`` null: LinkedIn was not asked yet whom it knows; ``gone``: deleted in the ATS."""

    key: str
    gone: bool
    candidate: PlacedOut
    applications: list[ApplicationPlacedOut]
    matched: bool | None
    asked_at: datetime | None
    came: list[CameOut]


@ROUTER.get("/candidate", auth=needs(Scope.READ), response={200: CandidateOut, **MISSING, **REFUSALS})
async def candidate(request: HttpRequest, key: Annotated[str, text_of(500, 1)]) -> dict[str, Any]:
    """One candidate by the id in the ATS: where it and its applications stand, and what came from LinkedIn."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        stand = await load_stand(connection, caller.workspace_id, key)
        if stand is None:
            raise NothingThereError("The ATS has not told of this candidate.")
        applications = await load_applications(connection, caller.workspace_id, key)
        messages = [] if stand.gone else await load_messages(connection, caller.workspace_id, stand)
    return {
        "key": key,
        "gone": stand.gone,
        "candidate": {
            "state": stand.state or "due",
            "reason": stand.reason or "",
            "since": stand.since,
            "sent_at": stand.sent_at,
        },
        "applications": [
            {"title": one.title, "state": one.state, "reason": one.reason, "since": one.since, "sent_at": one.sent_at}
            for one in applications
        ],
        "matched": None if stand.read_at is None else stand.person_urn is not None,
        "asked_at": stand.read_at,
        "came": [_came(one) for one in messages if may_know(None, one)],
    }


def _came(message: Message) -> dict[str, Any]:
    return {
        "kind": message.kind,
        "author": message.author,
        "at": message.at,
        "edited_at": message.edited_at,
        "outgoing": message.outgoing,
    }
