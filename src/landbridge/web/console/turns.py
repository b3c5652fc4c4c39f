"""Whose turn it is: the steps of a way that several people and machines go together."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

Text = str | Promise


class Whose(StrEnum):
    YOU = "you"
    RECRUITER_ADMIN = "recruiter_admin"
    LINKEDIN = "linkedin"
    LANDBRIDGE = "landbridge"
    NOBODY = "nobody"


WORDS: dict[Whose, Promise] = {
    Whose.YOU: _("Your turn"),
    Whose.RECRUITER_ADMIN: _("Recruiter admin's turn"),
    Whose.LINKEDIN: _("LinkedIn's turn"),
    Whose.LANDBRIDGE: _("Landbridge's turn"),
    Whose.NOBODY: _("Nobody's turn"),
}


class State(StrEnum):
    DONE = "done"
    NOW = "now"
    LATER = "later"
    PROBLEM = "problem"


STATE_WORDS: dict[State, Promise] = {
    State.DONE: _("Done"),
    State.NOW: _("Now"),
    State.LATER: _("Later"),
    State.PROBLEM: _("Problem"),
}


class Step(Struct, frozen=True, kw_only=True):
    """``address`` and ``label``: the link or the page that moves it on, where somebody here can."""

    title: Text
    state: State
    whose: Whose = Whose.NOBODY
    text: Text = ""
    address: str = ""
    label: Text = ""

    @property
    def whose_words(self) -> Text:
        return WORDS[self.whose] if self.state in {State.NOW, State.PROBLEM} else ""

    @property
    def state_words(self) -> Promise:
        return STATE_WORDS[self.state]
