"""``/recruiter/as-member/{member}``: whoever works with the sandbox acts as one of its members."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from landbridge.sandbox.linkedin.pages.page import Page
from landbridge.sandbox.linkedin.pages.people.looking import member_of, shown_of
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.records import THREAD_URN, Thread
from landbridge.sandbox.linkedin.refusals import RefusalError

ADDRESS: Final = "/recruiter/as-member/{member:int}"


def show(visit: Visit) -> Response:
    """All conversations of the member, with recruiters of every contract, the newest first."""
    member, members = member_of(visit), visit.state.directory.members
    threads = visit.linkedin.talent.inmails.of_member(member.number)
    threads.sort(key=lambda thread: thread.events[-1].at, reverse=True)
    return visit.show(
        "as_member/member.html",
        person=shown_of(visit, member),
        conversations=[(thread, members[thread.recruiter].name) for thread in threads],
        seated=any(seat.member == member.number for seat in visit.state.network.seats),
    )


def answer(visit: Visit) -> Response:
    """Which button was pressed says what the answer is."""
    thread, inmails, body = _own(visit), visit.linkedin.talent.inmails, visit.form("body")
    how = visit.form("answer")
    if how == "decline":
        inmails.decline(thread.urn, body)
        return _back(visit, "Declined.")
    if how == "share":
        inmails.share_contact(thread.urn)
        return _back(visit, "Contact details shared.")
    inmails.reply(thread.urn, body, share_contact=bool(visit.form("share")))
    return _back(visit, "Answer sent, contact details shared." if visit.form("share") else "Answer sent.")


def close(visit: Visit) -> Response:
    member = member_of(visit)
    if visit.form("sure") != "yes":
        raise RefusalError(422, "Tick that you are sure: a closed account cannot be opened again.")
    visit.linkedin.talent.accounts.close(member.number)
    notice = f"{member.name} has closed the account. The ATS learns of it when it next asks for closed profiles."
    return visit.go("/recruiter/people", notice=notice)


def _back(visit: Visit, notice: str) -> Response:
    return visit.go(f"/recruiter/as-member/{visit.path['member']}", notice=notice)


def _own(visit: Visit) -> Thread:
    """The conversation the path names, where it is this member's; raises a 404 :class:`RefusalError`."""
    member = member_of(visit)
    thread = visit.linkedin.talent.inmails.thread(THREAD_URN + visit.path["thread"])
    if thread.member != member.number:
        raise RefusalError(404, "There is no such conversation with this member.")
    return thread


PAGES: Final = (
    Page(ADDRESS, show),
    Page(f"{ADDRESS}/inmails/{{thread}}", answer, method="POST"),
    Page(f"{ADDRESS}/close", close, method="POST"),
)
