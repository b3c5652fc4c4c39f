"""A job's operations against a model of LinkedIn: whatever happens on the way, it ends where it should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from landbridge.connectors.linkedin import posting_state as posting
from landbridge.connectors.linkedin.posting_state import Operation, PostingState, Shown, Task, Timing, Wish

START = datetime(2026, 1, 1, tzinfo=UTC)
TIMING = Timing()

Mishap = Literal["none", "lost answer", "lost task", "slow"]
WISHES = st.sampled_from([
    Wish(availability="PUBLIC", content="a", record=False),
    Wish(availability="PUBLIC", content="b", record=False),
    Wish(availability="PRIVATE", content="a", record=False),
    Wish(availability=None, content="a", record=True),
    Wish(availability=None, content="a", record=False),
])  # fmt: skip
STEPS = st.lists(st.tuples(WISHES, st.lists(st.sampled_from(["none", "lost answer", "lost task", "slow"]), max_size=6)))


class FarSide:
    """One job as LinkedIn keeps it: CREATE only when it is not open, all else only when it is."""

    def __init__(self) -> None:
        self.open = False
        self.availability = ""
        self.content = ""
        self.known = False
        self.expires_at = START

    def take(self, operation: Operation, availability: str, content: str, now: datetime) -> bool:
        open_now = self.open and now < self.expires_at
        if operation == "CREATE":
            if open_now:
                return False
            self.open, self.known, self.expires_at = True, True, now + timedelta(days=180)
        elif not open_now:
            return False
        if operation == "CLOSE":
            self.open = False
            return True
        if operation == "RENEW":
            self.expires_at = max(self.expires_at, now + timedelta(days=30))
        if operation == "UPDATE" and availability != self.availability:
            return False
        self.availability, self.content = availability, content
        return True


class Driver:
    """The writer's part: decide, send, look, and keep what the ledger would keep."""

    def __init__(self) -> None:
        self.far_side = FarSide()
        self.state = PostingState()
        self.now = START
        self.operations = 0

    def run(self, wish: Wish, mishaps: list[Mishap]) -> bool:
        """Until nothing more is to be done (True) or the job is given up (False)."""
        for _ in range(40):
            self.state = PostingState.read(msgspec.json.decode(msgspec.json.encode(self.state.note())))
            operation = posting.next_operation(self.state, wish, self.now)
            if operation is None:
                return True
            if not self.post(operation, wish, mishaps.pop(0) if mishaps else "none"):
                return False
        raise AssertionError("never settles")

    def post(self, operation: Operation, wish: Wish, mishap: Mishap) -> bool:
        self.operations += 1
        closing = operation == "CLOSE"
        availability = self.state.availability if closing else wish.availability or "PRIVATE"
        task = Task(
            urn="t", operation=operation, availability=availability, content=wish.content, posted_at=0, look_at=0
        )
        task = posting.started(task, "t", self.now, TIMING)
        assert posting.look_time(task) >= self.now + TIMING.first_look
        if closing and not self.far_side.open:
            if self.state.tried == "CLOSE":
                self.state = posting.settled(self.state)
                return False
            self.state = posting.closed(self.state)  # 409
            return True
        ok = self.far_side.take(operation, availability, wish.content, self.now)
        self.now += timedelta(minutes=6)
        if mishap == "lost answer":
            return True  # nothing was saved
        if mishap == "lost task":
            onward = posting.lost(self.state)
        else:
            onward = posting.succeeded(self.state, task, TIMING) if ok else posting.failed(self.state, task)
        self.state = onward or posting.settled(self.state)
        return onward is not None


@given(STEPS)
def test_last_wish_is_what_stands_on_linkedin(steps: list[tuple[Wish, list[Mishap]]]) -> None:
    driver = Driver()
    for wish, mishaps in [*steps, (Wish(availability="PRIVATE", content="end", record=False), [])]:
        driver.run(wish, list(mishaps))
        driver.now += timedelta(days=1)
    far_side = driver.far_side
    assert far_side.open
    assert far_side.content == "end"


@given(WISHES)
def test_wish_without_mishap_is_met_in_at_most_two_operations(wish: Wish) -> None:
    driver = Driver()
    assert driver.run(wish, [])
    assert driver.operations <= 2
    assert driver.far_side.open is (wish.availability is not None)
    assert driver.far_side.known is (wish.availability is not None or wish.record)
    assert posting.next_operation(driver.state, wish, driver.now) is None


@given(st.integers(1, 800))
def test_job_that_is_looked_at_when_it_asks_to_be_never_ends(days: int) -> None:
    wish, driver = Wish(availability="PUBLIC", content="a", record=False), Driver()
    driver.run(wish, [])
    end = START + timedelta(days=days)
    while driver.now < end:
        assert driver.state.renew_at is not None
        driver.now = datetime.fromtimestamp(driver.state.renew_at, UTC)
        assert driver.now < driver.far_side.expires_at
        assert driver.run(wish, [])
    assert driver.operations <= 2 + days // 15


@given(st.text(max_size=20), st.integers(0, 2**40))
def test_state_survives_the_ledger(text: str, number: int) -> None:
    shown = Shown(title=text, location=text, url=text, listed_at=number)
    task = Task(
        urn=text, operation="RENEW", availability=text, content=text, posted_at=number, look_at=number, shown=shown
    )
    state = PostingState(
        open=True, availability=text, renew_at=number, task=task, tried="UPDATE", losses=2, shown=shown
    )
    assert PostingState.read(msgspec.json.decode(msgspec.json.encode(state.note()))) == state
    assert PostingState.read({"open": "what?"}) == PostingState.read(None) == PostingState()
