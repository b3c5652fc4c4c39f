"""``IN/HcmWidget``: the member behind a candidate, on the candidate's page in the ATS. Source: profile-plugin."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct
from starlette.responses import Response

from landbridge.sandbox.linkedin.books import Book, Stored
from landbridge.sandbox.linkedin.choices import UNLINK_LASTS
from landbridge.sandbox.linkedin.matching import NOBODY, attach_person, members_behind
from landbridge.sandbox.linkedin.pages.page import ANYONE, Page
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.pages.widgets.widget import Frame, open_frame, prompt
from landbridge.sandbox.linkedin.people import people_of
from landbridge.sandbox.linkedin.records import Thread
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.rules.candidates import DECODERS, Candidate
from landbridge.sandbox.worlds.network import Member
from landbridge.sandbox.worlds.profile import Profile, profile_of

ADDRESS: Final = "/rsc/widget/profile"
FEATURE: Final = "PROFILE_PLUGIN"
FOUND_AT_ONCE: Final = 10


class Person(Struct, frozen=True):
    """A member and what the profile shows."""

    member: Member
    profile: Profile


class Message(Struct, frozen=True, kw_only=True):
    """An InMail as the widget shows it: the first message only, and its text to its sender only."""

    sender: str
    at: int
    answer: str
    text: str | None


class Case(Struct, frozen=True):
    """The candidate the widget is about, and the members found behind them."""

    frame: Frame
    book: Book
    stored: Stored
    candidate: Candidate
    members: list[int]

    @property
    def candidate_id(self) -> str:
        return self.frame.visit.query("candidate")


def show(visit: Visit) -> Response:
    case = _open(visit)
    if isinstance(case, Response):
        return case
    if visit.query("words"):
        return _search(case, visit.query("words"))
    if len(case.members) == 1:
        return _profile(case, case.members[0], asks=visit.query("ask") == "unlink")
    found = [_person(visit, number) for number in case.members]
    return _choose(case, found, title="Several people may be this candidate") if found else _search(case, "")


def change(visit: Visit) -> Response:
    """Link a member to the candidate, or take the linked one off; the page around it is told the person URN."""
    case = _open(visit)
    if isinstance(case, Response):
        return case
    return _unlink(case) if visit.form("unlink") else _link(case, visit.form("member"))


def _open(visit: Visit) -> Case | Response:
    """The case, or what to see instead."""
    frame = open_frame(visit)
    child, context = frame.partner.application, visit.query("context")
    if not child.enabled(context, (FEATURE,)):
        return frame.say("Not switched on", f"{FEATURE} is not enabled for this company in Recruiter.")
    asked = prompt(frame)
    if asked is not None:
        return asked
    book = child.book(context)
    stored = book.candidates.get(visit.query("candidate"))
    if stored is None:
        return frame.say("Not synced yet", "LinkedIn does not know this candidate: the ATS has not sent it.")
    candidate = DECODERS[stored.dialect].decode(stored.raw)
    ripe = (
        stored.manual is not None
        or visit.at >= stored.written_at + 1000 * visit.linkedin.limits()["match_delay_seconds"]
    )
    members = members_behind(visit.state, child, candidate, stored.manual) if ripe else []
    living = [number for number in members if not visit.linkedin.talent.accounts.is_closed(number)]
    return Case(frame, book, stored, candidate, living)


def _profile(case: Case, number: int, *, asks: bool = False, **told: Any) -> Response:
    visit = case.frame.visit
    return case.frame.show(
        "widgets/member.html",
        person=_person(visit, number),
        messages=[
            _message(visit, thread) for thread in visit.linkedin.talent.inmails.about(visit.viewer.seat.urn, number)
        ],
        notes=visit.linkedin.talent.notes.visible(visit.viewer.seat.urn, number),
        names=_names(visit),
        may_unlink=bool(visit.query("unlink")),
        asks=asks,
        confirms=bool(visit.query("confirm")),
        **told,
    )


def _search(case: Case, words: str, **told: Any) -> Response:
    visit = case.frame.visit
    closed = visit.state.talent.closures
    wanted = words or f"{case.candidate.first_name} {case.candidate.last_name}"
    found = people_of(visit.state).search(wanted, 0, FOUND_AT_ONCE, without=[closed]).members
    people = [Person(member, _profile_of(visit, member)) for member in found]
    return _choose(case, people, title="Find this candidate on LinkedIn", words=wanted, **told)


def _choose(case: Case, people: list[Person], *, title: str, words: str = "", **told: Any) -> Response:
    return case.frame.show(
        "widgets/choose.html", title=title, people=people, words=words, settings=case.frame.settings, **told
    )


def _link(case: Case, wanted: str) -> Response:
    visit, child = case.frame.visit, case.frame.partner.application
    number = int(wanted) if wanted.isdecimal() and wanted.isascii() and len(wanted) < 20 else -1
    if number not in visit.state.directory.members or visit.linkedin.talent.accounts.is_closed(number):
        raise RefusalError(404, "There is no such member.")
    urn = child.persons.urn(number)
    attach_person(visit.state, child, case.book, case.candidate_id, urn)
    return _profile(case, number, calls=[("onlink", urn)])


def _unlink(case: Case) -> Response:
    child = case.frame.partner.application
    if len(case.members) != 1:
        raise RefusalError(409, "Nobody is linked to this candidate.")
    urn = child.persons.urn(case.members[0])
    attach_person(case.frame.visit.state, child, case.book, case.candidate_id, NOBODY if UNLINK_LASTS else None)
    return _search(case, "", calls=[("onunlink", urn)])


def _person(visit: Visit, number: int) -> Person:
    member = visit.state.directory.members[number]
    return Person(member, _profile_of(visit, member))


def _profile_of(visit: Visit, member: Member) -> Profile:
    return profile_of(member, visit.state.network.organization_name)


def _message(visit: Visit, thread: Thread) -> Message:
    mine = thread.seat == visit.viewer.seat.urn
    return Message(
        sender=visit.state.directory.members[thread.recruiter].name,
        at=thread.started_at,
        answer=(thread.answer or "").lower(),
        text=f"{thread.subject}: {thread.events[0].body}" if mine else None,
    )


def _names(visit: Visit) -> dict[str, str]:
    """The holders of seats, for the authors of notes."""
    members = visit.state.directory.members
    return {seat.urn: members[seat.member].name for seat in visit.state.network.seats}


PAGES: Final = (Page(ADDRESS, show, ANYONE), Page(ADDRESS, change, ANYONE, "POST"))
