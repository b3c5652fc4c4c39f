"""InMails: a recruiter writes, the member answers or declines, and may share contact details with the answer.

Sources: inmail-history, inmail-stub-profiles.
"""

from __future__ import annotations

from landbridge.sandbox.linkedin.choices import MESSAGE_LENGTH, SUBJECT_LENGTH
from landbridge.sandbox.linkedin.records import Event, Stub, Thread, add_event, stub_of, thread_urn
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.talent.desk import Desk, written


class InMails:
    """The conversations of all seats."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def send(self, seat: str, member: int, subject: str, body: str, private: bool = False) -> Thread:
        """A new conversation; ``private`` hides it from colleagues in Recruiter."""
        holder, to = self._desk.seat(seat), self._desk.member(member)
        if to.number == holder.member:
            raise RefusalError(422, "nobody can write to themselves")
        subject, body = written(subject, "subject", SUBJECT_LENGTH), written(body, "message", MESSAGE_LENGTH)
        threads, at = self._desk.records.threads, self._desk.clock.ms()
        thread = Thread(
            urn=thread_urn(len(threads)),
            seat=seat,
            contract=holder.contract,
            recruiter=holder.member,
            member=member,
            subject=subject,
            private=private,
            started_at=at,
            events=[],
        )
        add_event(thread, at, body, by_member=False)
        threads[thread.urn] = thread
        return thread

    def follow_up(self, thread: str, body: str) -> Event:
        """The recruiter writes once more; not to somebody who said no."""
        found = self._living(thread)
        self._desk.seat(found.seat)
        if found.answer == "DECLINED":
            raise RefusalError(409, "the member declined this conversation")
        return self._add(found, body, by_member=False)

    def reply(self, thread: str, body: str, accept: bool = True, share_contact: bool = False) -> Event:
        """The member answers; the first answer accepts or declines, and says whether contact details are shared."""
        found = self._living(thread)
        event = self._add(found, body, by_member=True)
        if found.answer != "ACCEPTED":
            found.answer = "ACCEPTED" if accept else "DECLINED"
        if share_contact and found.shared_at is None:
            self.share_contact(thread)
        return event

    def decline(self, thread: str, body: str = "") -> Thread:
        """The member says no, with or without a word."""
        found = self._living(thread)
        if found.answer is not None:
            raise RefusalError(409, "the member has answered already")
        if body.strip():
            self._add(found, body, by_member=True)
        found.answer = "DECLINED"
        return found

    def share_contact(self, thread: str) -> Stub:
        """The member agrees to share contact details: a stub profile comes to be. Only once, and only with an answer
        that accepts."""
        found = self._living(thread)
        if found.answer != "ACCEPTED" or not any(event.by_member for event in found.events):
            raise RefusalError(409, "contact details are shared with an answer that accepts the InMail")
        if found.shared_at is not None:
            raise RefusalError(409, "the contact details are shared already")
        found.shared_at = self._desk.clock.ms()
        member = self._desk.member(found.member)
        stub = stub_of(found, member, self._desk.state.network.organization_name, found.shared_at)
        self._desk.records.stubs.append(stub)
        return stub

    def thread(self, urn: str) -> Thread:
        """Raises a 404 :class:`RefusalError`."""
        found = self._desk.records.threads.get(urn)
        if found is None:
            raise RefusalError(404, "there is no such conversation")
        return found

    def between(self, seat: str, member: int) -> list[Thread]:
        return [thread for thread in self.of_seat(seat) if thread.member == member]

    def about(self, seat: str, member: int) -> list[Thread]:
        """What this seat sees of anybody's conversations with a member: its own, and those not private."""
        return [thread for thread in self.of_member(member) if thread.seat == seat or not thread.private]

    def of_seat(self, seat: str) -> list[Thread]:
        return [thread for thread in self._desk.records.threads.values() if thread.seat == seat]

    def of_member(self, member: int) -> list[Thread]:
        return [thread for thread in self._desk.records.threads.values() if thread.member == member]

    def _living(self, urn: str) -> Thread:
        """A conversation with a member who still has an account."""
        found = self.thread(urn)
        self._desk.member(found.member)
        return found

    def _add(self, thread: Thread, body: str, *, by_member: bool) -> Event:
        return add_event(thread, self._desk.clock.ms(), written(body, "message", MESSAGE_LENGTH), by_member=by_member)
