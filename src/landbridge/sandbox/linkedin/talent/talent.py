"""All that people do, in one place: see the package's own words for the list."""

from __future__ import annotations

from collections.abc import Callable

from landbridge.sandbox.kernel import Clock
from landbridge.sandbox.linkedin.pushes import Pushes
from landbridge.sandbox.linkedin.state import State
from landbridge.sandbox.linkedin.talent.accounts import Accounts
from landbridge.sandbox.linkedin.talent.desk import Desk
from landbridge.sandbox.linkedin.talent.evaluations import Evaluations
from landbridge.sandbox.linkedin.talent.exports import Exports
from landbridge.sandbox.linkedin.talent.inmails import InMails
from landbridge.sandbox.linkedin.talent.links import Links
from landbridge.sandbox.linkedin.talent.notes import Notes
from landbridge.sandbox.linkedin.talent.resyncs import Resyncs


class Talent:
    """The hands of recruiters and members."""

    def __init__(self, state: Callable[[], State], clock: Clock, pushes: Pushes) -> None:
        desk = Desk(state, clock, pushes)
        self.inmails = InMails(desk)
        self.notes = Notes(desk)
        self.exports = Exports(desk)
        self.accounts = Accounts(desk)
        self.resyncs = Resyncs(desk)
        self.evaluations = Evaluations(desk)
        self.links = Links(desk)
