"""What every imitated system of the sandbox is built from.

An imitated system is one ASGI app that satisfies :class:`~landbridge.sandbox.kernel.site.System`::

    class SmartRecruiters:                       # or LinkedIn
        name = "smartrecruiters"

        def __init__(self, site: Site) -> None:
            self.clock, self.journal, self.faults = site.clock, Journal(), Faults()
            site.add(self)                       # calls self.seed(world)
            self._control = control_room(site, self)

        @recorded
        async def __call__(self, scope, receive, send) -> None:
            if scope["path"].startswith(PREFIX):         # "/_sandbox": outside quotas and journal
                return await self._control(scope, receive, send)
            body = await read_body(receive)
            number = self.journal.next_number()
            operation = ...                              # "jobs.list": what faults, limits and the journal name
            fault = self.faults.strike(operation)
            if fault and fault.kind in SILENT:
                return await play_silence(send, fault)   # after noting the call
            answer = ...                                 # an Answer; status faults answer fault.status instead
            self.journal.note(Entry(number=number, ...))
            await (send_broken(send, answer, fault) if fault else send_answer(send, answer))

``Site`` holds what the systems share (clock, world; seed and reset act on all of them); journal, faults and limits are
each system's own. ``SlidingWindow`` and ``DayQuota`` count; a broken documented rule is a :class:`Rule` given to
``journal.violate``. :mod:`server` runs apps on sockets, in the foreground or in a thread.

State joins the snapshots by itself where it hangs below something named in :meth:`System.state_parts`: a new field of a
``Struct``, a new plain object of this package in an attribute. Only two things take a line: what hangs on the system
itself (``self.webhooks``) is named in ``state_parts`` and taken back in ``take_back``; and what must not be written, a
cache or a callback, is named with its maker in front of the class: ``@kept(_derived=dict)``. A callback is tied anew in
``take_back``. What is forgotten fails ``tests/sandbox/test_kernel_snapshots.py``.
"""

from landbridge.sandbox.kernel.clock import Clock
from landbridge.sandbox.kernel.control import PREFIX, control_room
from landbridge.sandbox.kernel.exchange import (
    Answer,
    App,
    ClientGoneError,
    Receive,
    Scope,
    Send,
    json_answer,
    play_silence,
    read_body,
    send_answer,
    send_broken,
)
from landbridge.sandbox.kernel.faults import PARTIAL, SILENT, Fault, Faults
from landbridge.sandbox.kernel.graph import kept
from landbridge.sandbox.kernel.journal import Entry, Journal, Rule, Violation, Writes
from landbridge.sandbox.kernel.limits import DAY_MS, DayQuota, SlidingWindow
from landbridge.sandbox.kernel.recording import recorded
from landbridge.sandbox.kernel.site import Site, System, WorldChoice
from landbridge.sandbox.kernel.visits import REFUSED

__all__ = [
    "DAY_MS",
    "PARTIAL",
    "PREFIX",
    "REFUSED",
    "SILENT",
    "Answer",
    "App",
    "ClientGoneError",
    "Clock",
    "DayQuota",
    "Entry",
    "Fault",
    "Faults",
    "Journal",
    "Receive",
    "Rule",
    "Scope",
    "Send",
    "Site",
    "SlidingWindow",
    "System",
    "Violation",
    "WorldChoice",
    "Writes",
    "control_room",
    "json_answer",
    "kept",
    "play_silence",
    "read_body",
    "recorded",
    "send_answer",
    "send_broken",
]
