"""``/recruiter/inmails`` and ``/recruiter/people/{member}/inmail``. What the member does is in :mod:`as_member`."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from landbridge.sandbox.linkedin.choices import MESSAGE_LENGTH, SUBJECT_LENGTH
from landbridge.sandbox.linkedin.pages.page import Page
from landbridge.sandbox.linkedin.pages.people.looking import member_of, shown_of
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.records import THREAD_URN, Thread
from landbridge.sandbox.linkedin.refusals import RefusalError

ADDRESS: Final = "/recruiter/inmails"
SHOWN: Final = 100


def show_inbox(visit: Visit) -> Response:
    """The newest conversations of this seat, the last spoken in first."""
    threads = visit.linkedin.talent.inmails.of_seat(visit.viewer.seat.urn)
    threads.sort(key=lambda thread: thread.events[-1].at, reverse=True)
    people = [shown_of(visit, visit.state.directory.members[thread.member]) for thread in threads[:SHOWN]]
    return visit.show(
        "inmails/inbox.html", conversations=list(zip(threads, people, strict=False)), total=len(threads), shown=SHOWN
    )


def show_form(visit: Visit) -> Response:
    person = shown_of(visit, member_of(visit))
    return visit.show("inmails/new.html", person=person, subject_length=SUBJECT_LENGTH, length=MESSAGE_LENGTH)


def send(visit: Visit) -> Response:
    thread = visit.linkedin.talent.inmails.send(
        visit.viewer.seat.urn,
        member_of(visit).number,
        visit.form("subject"),
        visit.form("body"),
        private=bool(visit.form("private")),
    )
    return visit.go(address_of(thread), notice="InMail sent.")


def show_thread(visit: Visit) -> Response:
    thread = _own(visit)
    gone = visit.linkedin.talent.accounts.is_closed(thread.member)
    stub = next((stub for stub in visit.state.talent.stubs if stub.thread == thread.urn), None)
    person = shown_of(visit, visit.state.directory.members[thread.member])
    return visit.show("inmails/thread.html", thread=thread, person=person, stub=stub, gone=gone)


def follow_up(visit: Visit) -> Response:
    thread = _own(visit)
    visit.linkedin.talent.inmails.follow_up(thread.urn, visit.form("body"))
    return visit.go(address_of(thread), notice="Message sent.")


def address_of(thread: Thread) -> str:
    return f"{ADDRESS}/{thread.urn.removeprefix(THREAD_URN)}"


def _own(visit: Visit) -> Thread:
    """The conversation the path names, where it is this seat's; raises a 404 :class:`RefusalError`."""
    thread = visit.linkedin.talent.inmails.thread(THREAD_URN + visit.path["thread"])
    if thread.seat != visit.viewer.seat.urn:
        raise RefusalError(404, "There is no such conversation among yours.")
    return thread


PAGES: Final = (
    Page(ADDRESS, show_inbox),
    Page(f"{ADDRESS}/{{thread}}", show_thread),
    Page(f"{ADDRESS}/{{thread}}", follow_up, method="POST"),
    Page("/recruiter/people/{member:int}/inmail", show_form),
    Page("/recruiter/people/{member:int}/inmail", send, method="POST"),
)
