"""Comparing both sides field by field, and asking for matches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from landbridge.errors import UnavailableError
from landbridge.ports.destination import Entity, Outcome, Outgoing, Writer
from landbridge.ports.source import Gone
from landbridge.records import Kind
from landbridge.store import matches as store_matches
from landbridge.sync.matches import Matching, read_slice
from landbridge.sync.reconcile import Finding, Reconciling, Report, Seen, reconcile
from tests.unit.sync.conftest import Stage
from tests.unit.sync.fakes import FarSide, application, candidate, job


class Dump:
    """What the far sides hold, as a view that is compared by the whole body."""

    def __init__(self, *sides: FarSide) -> None:
        self._sides = {side.kind: side for side in sides}

    def expect(self, entity: Entity) -> Mapping[str, Any]:
        return {"body": entity.body, "key": entity.key}

    async def read(self, kind: Kind) -> AsyncIterator[Seen]:
        for key, body in self._sides[kind].has.items():
            yield Seen(key, {"body": body, "key": key, "ours": False})


class Both:
    """Candidates and applications of a small company, sent."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.sides = [FarSide(Kind.JOB), FarSide(Kind.CANDIDATE), FarSide(Kind.APPLICATION)]

    @property
    def candidates(self) -> FarSide:
        return self.sides[1]

    async def sync(self) -> None:
        # Records come after what they hang on, and go before it.
        for side in (*self.sides, *reversed(self.sides)):
            await self.stage.drive(side)

    async def compare(self, *, view: bool = True) -> Report:
        writers: list[Writer] = list(self.sides)
        return await reconcile(
            Reconciling(
                database=self.stage.database,
                workspace=self.stage.workspace,
                writers=writers,
                clock=self.stage.clock,
                view=Dump(*self.sides) if view else None,
            )
        )


@pytest.fixture
async def both(stage: Stage) -> Both:
    people = [candidate(f"c{number}") for number in range(5)]
    await stage.put(job("j1"), *people, *(application(f"a{one.id}", one.id, "j1") for one in people))
    both = Both(stage)
    await both.sync()
    return both


async def test_both_sides_alike_are_clean(both: Both) -> None:
    report = await both.compare()
    assert report.clean
    assert report.findings == []
    assert {name: (one.ats, one.linkedin) for name, one in report.kinds.items()} == {
        "jobs": (1, 1),
        "candidates": (5, 5),
        "applications": (5, 5),
    }


async def test_every_difference_is_found_and_named(both: Both) -> None:
    has = both.candidates.has
    del has["c1"]
    has["c2"] = b"{}"
    has["stranger"] = b"{}"
    await both.stage.put(candidate("c3", "Ana"))
    report = await both.compare()
    found = report.kinds["candidates"]
    assert (found.ats, found.linkedin, found.missing, found.extra, found.different, found.stale) == (5, 4, 1, 1, 1, 1)
    assert not report.clean
    assert [one for one in report.findings if one.kind == "candidates"] == [
        Finding(kind="candidates", key="c2", what="different", fields=("body",)),
        Finding(kind="candidates", key="c3", what="stale"),
        Finding(kind="candidates", key="stranger", what="extra"),
        Finding(kind="candidates", key="c1", what="missing"),
    ]


async def test_held_and_quarantined_records_are_counted_by_reason_and_missed_by_nobody(both: Both) -> None:
    both.candidates.held["new1"] = "email_missing"
    both.candidates.broken.add("new2")
    await both.stage.put(candidate("new1"), candidate("new2"))
    await both.sync()
    found = (await both.compare()).kinds["candidates"]
    assert found.held == {"email_missing": 1}
    assert found.quarantined == {"not_rendered": 1}
    assert found.linkedin + sum(found.held.values()) + sum(found.quarantined.values()) == found.ats == 7
    assert found.missing == 0


async def test_held_record_of_which_an_older_state_is_there_is_stale(both: Both) -> None:
    both.candidates.held["c1"] = "email_missing"
    await both.stage.put(candidate("c1", "Ana"))
    await both.sync()
    found = (await both.compare()).kinds["candidates"]
    assert (found.linkedin, found.stale, found.held, found.missing) == (4, 1, {"email_missing": 1}, 0)
    assert found.linkedin + sum(found.held.values()) == found.ats


async def test_removed_record_that_is_still_there_is_extra_or_on_its_way(both: Both) -> None:
    await both.stage.put(gone=(Gone(Kind.CANDIDATE, "c1"),))
    found = (await both.compare()).kinds["candidates"]
    assert (found.ats, found.linkedin, found.stale) == (4, 4, 1)
    body = both.candidates.has["c1"]
    await both.sync()
    assert (await both.compare()).clean
    both.candidates.has["c1"] = body
    found = (await both.compare()).kinds["candidates"]
    assert (found.ats, found.linkedin, found.extra) == (4, 4, 1)


async def test_without_a_view_the_ledger_is_believed(both: Both) -> None:
    await both.stage.put(candidate("new"), candidate("c1", "Ana"))
    found = (await both.compare(view=False)).kinds["candidates"]
    assert (found.ats, found.linkedin, found.missing, found.stale) == (6, 5, 1, 1)


class Matcher:
    """A destination that knows some members."""

    name = "linkedin"
    writers: Sequence[Writer] = ()
    match_lookup_delay = timedelta(minutes=15)

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = dict(known)
        self.asked: list[list[str]] = []
        self.down = False

    async def check_access(self) -> Sequence[str]:
        return ()

    async def tell_matches(
        self, rows: Sequence[Outgoing], persons: Mapping[int, str | None], now: datetime
    ) -> Sequence[Outcome]:
        return [Outcome(record_id=row.record_id, status="delivered") for row in rows]

    async def read_matches(self, candidate_keys: Sequence[str]) -> dict[str, str]:
        if self.down:
            raise UnavailableError
        self.asked.append(list(candidate_keys))
        return {key: self.known[key] for key in candidate_keys if key in self.known}

    async def close(self) -> None:
        pass


async def test_matches_are_asked_for_once_some_time_after_delivery_and_again_much_later(both: Both) -> None:
    stage, matcher = both.stage, Matcher({"c1": "urn:li:person:1"})
    matching = Matching(
        database=stage.database, workspace=stage.workspace, destination=matcher, budget=None, clock=stage.clock
    )
    length = timedelta(seconds=20)
    await read_slice(matching, length=length)
    assert matcher.asked == []
    stage.clock.advance(901)
    end = await read_slice(matching, length=length)
    assert end.counts == {"asked": 5, "matched": 1}
    await read_slice(matching, length=length)
    assert len(matcher.asked) == 1
    async with stage.database.connection() as connection:
        assert await store_matches.count(connection, stage.workspace) == (5, 1)
    matcher.known["c2"] = "urn:li:person:2"
    stage.clock.advance(timedelta(days=8).total_seconds())
    assert (await read_slice(matching, length=length)).counts == {"asked": 4, "matched": 1}


async def test_match_is_asked_for_again_when_the_candidate_was_sent_again(both: Both) -> None:
    stage, matcher = both.stage, Matcher({"c1": "urn:li:person:1"})
    matching = Matching(
        database=stage.database, workspace=stage.workspace, destination=matcher, budget=None, clock=stage.clock
    )
    length = timedelta(seconds=20)
    stage.clock.advance(901)
    await read_slice(matching, length=length)
    stage.clock.advance(1)
    await stage.put(candidate("c1", "Ana"), candidate("c2", "Ana"))
    await both.sync()
    await read_slice(matching, length=length)
    assert len(matcher.asked) == 1
    stage.clock.advance(901)
    await read_slice(matching, length=length)
    assert matcher.asked[1:] == [["c2"]]


async def test_far_side_that_is_down_keeps_matches_to_be_asked_for(both: Both) -> None:
    stage, matcher = both.stage, Matcher({})
    matching = Matching(
        database=stage.database, workspace=stage.workspace, destination=matcher, budget=None, clock=stage.clock
    )
    stage.clock.advance(901)
    matcher.down = True
    end = await read_slice(matching, length=timedelta(seconds=20))
    assert isinstance(end.problem, UnavailableError)
    matcher.down = False
    assert (await read_slice(matching, length=timedelta(seconds=20))).counts["asked"] == 5
