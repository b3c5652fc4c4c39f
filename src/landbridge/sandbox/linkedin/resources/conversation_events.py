"""``conversationEvents``: the InMails one seat sent and received. Source: inmail-history."""

from __future__ import annotations

from typing import Any, Final

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.limits import PROSPECT_INTERACTIONS
from landbridge.sandbox.linkedin.records import Event, Thread
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.resources.finding import (
    check_contract,
    check_finder,
    check_window,
    number_of,
    page_of,
    urn_of,
)
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import parameter


def find_events(call: Call) -> Answer:
    """``q=criteria``: from ``timeRange.start`` (included) to ``timeRange.end`` (not included), oldest first."""
    check_finder(call, "criteria")
    viewer = urn_of(call, "viewer", "seat")
    since, until = number_of(call, "timeRange.start"), number_of(call, "timeRange.end")
    if since is not None and until is not None and since > until:
        raise RefusalError(400, "timeRange ends before it starts")
    seat = next((seat for seat in call.state.network.seats if seat.urn == viewer), None)
    check_contract(call, seat.contract if seat else "")
    check_window(call, since, until)
    thread_urn = parameter(call.query, "threadUrn")
    found = [
        (event.at, event.id, thread, event)
        for thread in call.state.talent.threads.values()
        if thread.seat == viewer and thread_urn in (None, thread.urn)
        for event in thread.events
        if (since is None or event.at >= since) and (until is None or event.at < until)
    ]
    found.sort(key=lambda one: one[:2])
    return page_of(call, found, lambda one: _shown(call, one[2], one[3]))


def _shown(call: Call, thread: Thread, event: Event) -> dict[str, Any]:
    person = call.application.persons.urn
    to = thread.recruiter if event.by_member else thread.member
    return {
        "id": event.id,
        "createdAt": event.at,
        "author": person(event.author),
        "recipients": [person(to)],
        "thread": thread.urn,
        "contract": thread.contract,
        "visibility": "PRIVATE" if thread.private else "PUBLIC",
        "content": {"subject": thread.subject, "body": event.body},
    }


V2: Final = Resource(
    name="conversation_events",
    generation="v2",
    path="conversationEvents",
    methods={"finder": find_events},
    bucket=PROSPECT_INTERACTIONS,
    paced_by="viewer",
)
