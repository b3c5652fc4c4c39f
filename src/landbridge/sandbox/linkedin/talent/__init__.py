"""What people do in Recruiter and as members, as plain Python: every page and every control-room route ends here.

``linkedin.talent`` is a :class:`Talent`. Seats, threads and contracts are named by their URNs, members by their number
(``state.directory.members``); times are epoch ms of the sandbox clock. Whatever Recruiter would not let a person do
raises a :class:`~landbridge.sandbox.linkedin.refusals.RefusalError` whose ``message`` can be shown to that person.

inmails     send(seat, member, subject, body, private=False) -> Thread         follow_up(thread, body) -> Event
            reply(thread, body, accept=True, share_contact=False) -> Event     decline(thread, body="") -> Thread
            share_contact(thread) -> Stub       between(seat, member) -> [Thread]     about(seat, member) -> [Thread]
            of_seat(seat) -> [Thread]           of_member(member) -> [Thread]         thread(urn) -> Thread
notes       write(seat, member, text, private=False) -> Note    edit(seat, note, text=None, private=None) -> Note
            delete(seat, note) -> Note                          visible(seat, member) -> [Note]
exports     systems() -> [System]                               jobs(seat, text="", client_id=None, most=20) -> [Target]
            export(seat, member, job, client_id=None) -> Export left(seat) -> int         of_member(member) -> [Export]
accounts    close(member) -> Closure                            is_closed(member) -> bool
resyncs     ask(jobs=None, client_id=None) -> Resync            (None: all open jobs)
evaluations evaluate(application, client_id=None) -> Evaluation
links       of_member(member) -> [Link]                         (the candidates this member is)

What is kept of all this is in :mod:`landbridge.sandbox.linkedin.records`.

control     the same as routes under ``/_sandbox/talent``
"""

from landbridge.sandbox.linkedin.records import (
    Closure,
    Evaluation,
    Event,
    Export,
    Note,
    Records,
    Resync,
    Stub,
    Thread,
)
from landbridge.sandbox.linkedin.talent.talent import Talent

__all__ = [
    "Closure",
    "Evaluation",
    "Event",
    "Export",
    "Note",
    "Records",
    "Resync",
    "Stub",
    "Talent",
    "Thread",
]
