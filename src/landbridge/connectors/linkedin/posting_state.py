"""What is known of one job posting on LinkedIn, and which operation comes next. Pure.

LinkedIn has no upsert for jobs: CREATE fails for a job that is open, UPDATE for one that is not, and each verdict
comes minutes later from a task. So the writer keeps this state with the record and decides from it alone.
Source: LinkedIn's pages on creating jobs and on checking a job's task.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

Operation = Literal["CREATE", "UPDATE", "RENEW", "CLOSE"]

FIRST_LOOK = timedelta(minutes=5)
# A task's id lives 24 hours by one page and 30 days by another; an hour before the sooner end it is given up.
GIVE_UP_AFTER = timedelta(hours=23)
LONGEST_PAUSE = timedelta(hours=1)
# Without ``expireAt`` a basic job lives 180 days; a renewal adds 30 in the description of 2022.
JOB_LIFE = timedelta(days=180)
RENEWED_LIFE = timedelta(days=30)
RENEW_BEFORE = timedelta(days=7)
MOST_LOSSES = 3


class Timing(Struct, frozen=True, kw_only=True):
    """The waits LinkedIn asks for; a demonstration may shorten them."""

    first_look: timedelta = FIRST_LOOK
    give_up_after: timedelta = GIVE_UP_AFTER
    job_life: timedelta = JOB_LIFE
    renewed_life: timedelta = RENEWED_LIFE
    renew_before: timedelta = RENEW_BEFORE


class Shown(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The small fields of the posting as it stands there. CLOSE needs a whole body even if the ATS has lost them."""

    title: str
    location: str
    url: str
    listed_at: int
    workplace: str = "On-site"


class Task(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An operation LinkedIn has taken and not yet judged. Times are epoch seconds.

    ``answers`` is when LinkedIn asked for the job again, where that is why it was posted.
    """

    urn: str
    operation: Operation
    availability: str
    content: str
    posted_at: int
    look_at: int
    looks: int = 0
    shown: Shown | None = None
    answers: int | None = None


class PostingState(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """``content`` is the hash of what was last taken.

    ``tried`` is the operation that failed and whose failure is being probed; CLOSE: the operation to probe with.
    ``asked_at`` is when LinkedIn asked for the job again (epoch seconds), ``answered_at`` the last such wish that was
    met: until they are one, it is sent again though nothing has changed.
    """

    open: bool = False
    closed: bool = False
    availability: str = ""
    content: str = ""
    renew_at: int | None = None
    shown: Shown | None = None
    task: Task | None = None
    tried: Operation | None = None
    losses: int = 0
    asked_at: int | None = None
    answered_at: int | None = None

    @property
    def is_wanted_again(self) -> bool:
        return self.asked_at is not None and self.asked_at > (self.answered_at or 0)

    @classmethod
    def read(cls, far: dict[str, Any] | None) -> PostingState:
        """From what the ledger kept. A state no longer readable is as good as none: the task tells."""
        try:
            return msgspec.convert(far or {}, cls)
        except msgspec.ValidationError:
            return cls()

    def note(self) -> dict[str, Any]:
        """As the ledger keeps it: plain JSON."""
        noted: dict[str, Any] = msgspec.to_builtins(self)
        return noted


class Wish(Struct, frozen=True, kw_only=True):
    """What should be on LinkedIn. ``availability`` None: not open; ``record``: closed, but there to be counted."""

    availability: str | None
    content: str
    record: bool


def next_operation(state: PostingState, wish: Wish, now: datetime) -> Operation | None:
    """The one operation that brings LinkedIn nearer to the wish; None: it is there."""
    wanted = wish.availability is not None or wish.record
    if state.tried == "CLOSE":
        return "CLOSE"
    if state.tried == "CREATE":
        return "UPDATE" if wanted else "CLOSE"
    if state.tried is not None and wish.availability is not None:
        return "CREATE"
    if state.open:
        return _next_while_open(state, wish, now)
    if wish.availability is not None or (wish.record and not state.closed):
        return "CREATE"
    return None


def _next_while_open(state: PostingState, wish: Wish, now: datetime) -> Operation | None:
    if wish.availability != state.availability:
        return "CLOSE"  # also on the way from public to private: CLOSE, then CREATE
    if wish.content != state.content or state.is_wanted_again:
        return "UPDATE"
    if state.renew_at is not None and now.timestamp() >= state.renew_at:
        return "RENEW"
    return None


def started(task: Task, urn: str, now: datetime, timing: Timing) -> Task:
    """LinkedIn has named the task. The second added makes up for the fraction that was cut off."""
    first_look = int((now + timing.first_look).timestamp()) + 1
    return msgspec.structs.replace(task, urn=urn, posted_at=int(now.timestamp()), look_at=first_look)


def posted(state: PostingState, task: Task) -> PostingState:
    """LinkedIn has taken the operation and will judge it later."""
    return msgspec.structs.replace(state, task=task)


def succeeded(state: PostingState, task: Task, timing: Timing) -> PostingState:
    """The task went well: what it sent is what stands there now."""
    if task.operation == "CLOSE":
        return closed(state)
    life = {"CREATE": timing.job_life, "RENEW": timing.renewed_life}.get(task.operation)
    renew_at = state.renew_at
    if life is not None:
        renew_at = task.posted_at + int((life - timing.renew_before).total_seconds())
    return PostingState(
        open=True,
        availability=task.availability,
        content=task.content,
        renew_at=renew_at,
        shown=task.shown,
        asked_at=state.asked_at,
        answered_at=task.answers or state.answered_at,
    )


def closed(state: PostingState) -> PostingState:
    """The posting is closed, by us or before (409)."""
    return PostingState(closed=True, availability=state.availability, shown=state.shown)


def failed(state: PostingState, task: Task) -> PostingState | None:
    """The task failed: the state in which another operation may help, or None where nothing more can be tried.

    A CREATE fails when the job is there already (an answer of ours got lost), an UPDATE or RENEW when it is not.
    LinkedIn says so in prose only, so instead of reading it the other operation is tried once. Where a CREATE and the
    UPDATE after it both fail, the job may be there with another availability: then it is closed and made anew.
    """
    if task.operation == "CLOSE":
        return lost(state)
    if state.tried is None:
        probed: Operation = "CREATE" if task.operation == "CREATE" else "UPDATE"
        return msgspec.structs.replace(state, task=None, tried=probed)
    if (state.tried, task.operation) == ("CREATE", "UPDATE"):
        return msgspec.structs.replace(state, task=None, tried="CLOSE")
    return None


def lost(state: PostingState) -> PostingState | None:
    """Nobody will ever say what became of the task: do it again, a few times."""
    if state.losses >= MOST_LOSSES - 1:
        return None
    return msgspec.structs.replace(state, task=None, losses=state.losses + 1)


def settled(state: PostingState) -> PostingState:
    """Nothing more is tried until the record changes; then everything is open again."""
    return msgspec.structs.replace(state, task=None, tried=None, losses=0)


def asked_again(far: dict[str, Any] | None, asked_at: datetime) -> dict[str, Any] | None:
    """The notes on an open posting that LinkedIn has asked for again; None: it has been sent since, or is not open.

    What LinkedIn has taken counts as sent, whatever it will say of it.
    """
    state, at = PostingState.read(far), int(asked_at.timestamp())
    sending = state.task.answers if state.task is not None else None
    if not (state.open or state.task is not None) or max(sending or 0, state.answered_at or 0) >= at:
        return None
    return msgspec.structs.replace(state, asked_at=max(at, state.asked_at or 0)).note()


def look_again(task: Task, now: datetime, timing: Timing) -> Task:
    """Not decided yet: ask again, each time twice as late."""
    pause = min(timing.first_look * 2**task.looks, LONGEST_PAUSE)
    look_at = int((now + pause).timestamp()) + 1
    return msgspec.structs.replace(task, looks=min(task.looks + 1, 30), look_at=look_at)


def is_given_up(task: Task, now: datetime, timing: Timing) -> bool:
    return now.timestamp() - task.posted_at >= timing.give_up_after.total_seconds()


def look_time(task: Task) -> datetime:
    return datetime.fromtimestamp(task.look_at, UTC)
