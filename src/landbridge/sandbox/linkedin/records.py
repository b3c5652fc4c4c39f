"""What LinkedIn keeps of what people do: conversations, shared contact details, notes, exports and closed accounts.

Members are by number, everything else by its own id; instants are epoch ms.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Final, Literal

from msgspec import Struct, field

from landbridge.sandbox.worlds.network import Member, Network, PastConversation, PastNote
from landbridge.sandbox.worlds.profile import profile_of

THREAD_URN: Final = "urn:li:messagingThread:"
FIRST_NOTE: Final = 1_300_000_000


class Event(Struct, frozen=True, kw_only=True):
    """One message of a thread. ``author`` is the number of the member who wrote it: the prospect or the recruiter."""

    id: str
    thread: str
    at: int
    author: int
    by_member: bool
    body: str


class Thread(Struct, kw_only=True):
    """One conversation between a seat and a member. ``recruiter`` is who held the seat, ``answer`` the member's."""

    urn: str
    seat: str
    contract: str
    recruiter: int
    member: int
    subject: str
    private: bool
    started_at: int
    events: list[Event]
    answer: Literal["ACCEPTED", "DECLINED"] | None = None
    shared_at: int | None = None


class Stub(Struct, frozen=True, kw_only=True):
    """The contact details a member agreed to share when answering an InMail, as they were then."""

    thread: str
    seat: str
    contract: str
    member: int
    created_at: int
    email: str
    phone: str


class Note(Struct, kw_only=True):
    """A recruiter's note about a member. ``was_public``: others could read it, so they have to learn of its end."""

    id: int
    seat: str
    contract: str
    member: int
    text: str
    private: bool
    created_at: int
    modified_at: int
    active: bool = True
    was_public: bool = False


class Export(Struct, kw_only=True):
    """One One-Click Export; ``request_id`` is what the push carries and the client reads it by."""

    request_id: str
    client_id: str
    organization: str
    seat: str
    member: int
    job: str
    at: int
    expires_at: int
    read_at: int | None = None


class Closure(Struct, frozen=True):
    """That a member has closed the account."""

    member: int
    at: int


class Resync(Struct, frozen=True, kw_only=True):
    """That jobs are to be sent again; ``jobs`` is empty where all open ones are meant."""

    number: int
    client_id: str
    all_open: bool
    jobs: tuple[str, ...]
    asked_at: int
    due_at: int


class Evaluation(Struct, kw_only=True):
    """What the hiring assistant thinks of one application."""

    request_id: str
    client_id: str
    organization: str
    application: str
    at: int
    expires_at: int
    rating: str
    summary: str
    read_at: int | None = None


class Records(Struct, kw_only=True):
    """All of it, oldest first. ``swept_at`` is when an application last asked for closed accounts, by client id;
    ``owed`` the duties that already were found neglected."""

    threads: dict[str, Thread] = field(default_factory=dict)
    stubs: list[Stub] = field(default_factory=list)
    notes: dict[int, Note] = field(default_factory=dict)
    exports: dict[str, Export] = field(default_factory=dict)
    closures: dict[int, Closure] = field(default_factory=dict)
    resyncs: list[Resync] = field(default_factory=list)
    evaluations: dict[str, Evaluation] = field(default_factory=dict)
    swept_at: dict[str, int] = field(default_factory=dict)
    owed: set[str] = field(default_factory=set)

    def events(self) -> int:
        return sum(len(thread.events) for thread in self.threads.values())


def open_records(network: Network) -> Records:
    """What happened before the sandbox was started, as the world tells it."""
    records = Records()
    holders = {seat.urn: seat for seat in network.seats}
    for past in network.conversations:
        seat = holders[past.seat]
        _remember(records, past, seat.contract, seat.member)
    for note in network.notes:
        _keep(records, note, holders[note.seat].contract)
    wanted = {thread.member for thread in records.threads.values() if thread.shared_at}
    members = {member.number: member for member in network.members if member.number in wanted}
    for thread in records.threads.values():
        if thread.shared_at is not None:
            records.stubs.append(stub_of(thread, members[thread.member], network.organization_name, thread.shared_at))
    records.stubs.sort(key=lambda stub: (stub.created_at, stub.thread))
    return records


def _remember(records: Records, past: PastConversation, contract: str, recruiter: int) -> None:
    thread = Thread(
        urn=thread_urn(len(records.threads)),
        seat=past.seat,
        contract=contract,
        recruiter=recruiter,
        member=past.member,
        subject=past.subject,
        private=past.private,
        started_at=past.messages[0].at,
        events=[],
        shared_at=past.shared_at,
    )
    if past.accepted is not None:
        thread.answer = "ACCEPTED" if past.accepted else "DECLINED"
    for message in past.messages:
        add_event(thread, message.at, message.body, by_member=message.by_member)
    records.threads[thread.urn] = thread


def _keep(records: Records, past: PastNote, contract: str) -> None:
    number = FIRST_NOTE + len(records.notes) + 1
    records.notes[number] = Note(
        id=number,
        seat=past.seat,
        contract=contract,
        member=past.member,
        text=past.text,
        private=past.private,
        created_at=past.created,
        modified_at=past.modified,
        active=past.active,
        was_public=not past.private,
    )


def add_event(thread: Thread, at: int, body: str, *, by_member: bool) -> Event:
    event = Event(
        id=_text_id(f"{thread.urn}/{len(thread.events)}"),
        thread=thread.urn,
        at=at,
        author=thread.member if by_member else thread.recruiter,
        by_member=by_member,
        body=body,
    )
    thread.events.append(event)
    return event


def stub_of(thread: Thread, member: Member, customer: str, at: int) -> Stub:
    return Stub(
        thread=thread.urn,
        seat=thread.seat,
        contract=thread.contract,
        member=member.number,
        created_at=at,
        email=member.emails[0],
        phone=profile_of(member, customer).phone,
    )


def thread_urn(place: int) -> str:
    return THREAD_URN + _text_id(f"thread/{place}")


def _text_id(subject: str) -> str:
    digest = hashlib.blake2b(subject.encode(), digest_size=12).digest()
    return "2-" + base64.urlsafe_b64encode(digest).decode()
