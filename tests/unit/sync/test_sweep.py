"""Reading the ATS: pages and items, each with its place saved in the same breath."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from landbridge.errors import NotPermittedError, RateLimitedError, RejectedError, UnavailableError
from landbridge.ports.source import Gone, Item, Page, Refused
from landbridge.records import Kind
from landbridge.store import readings, sweeps
from landbridge.store.database import Connection, Database
from landbridge.sync import sweep
from landbridge.sync.sweep import SweepEnd, Sweeping
from tests.unit.sync.conftest import Stage
from tests.unit.sync.fakes import (
    APPLICATIONS,
    CANDIDATES,
    HISTORY,
    JOBS,
    Ats,
    FarSide,
    application,
    candidate,
    job,
)
from tests.unit.sync.fakes import stage as step

SLICE = timedelta(seconds=20)


def company() -> Ats:
    """Three candidates on two pages, four applications for two jobs, each with a history of two steps."""
    ats = Ats(CANDIDATES, JOBS, APPLICATIONS, HISTORY)
    pairs = {"c1": ("j1", "j2"), "c2": ("j1",), "c3": ("j2",)}
    listed = {one: tuple((one, other) for other in jobs) for one, jobs in pairs.items()}
    for cursor, people, following in ((None, ("c1", "c2"), "p2"), ("p2", ("c3",), None)):
        own = tuple(pair for one in people for pair in listed[one])
        ats.lists["candidates", cursor] = Page(
            records=tuple(candidate(one) for one in people),
            items=tuple(Item("applications", ".".join(pair)) for pair in own)
            + (tuple(Item("jobs", key) for key in ("j1", "j2")) if cursor is None else ()),
            listed=own,
            cursor=following,
            total=3,
        )
    for key in ("j1", "j2"):
        ats.items["jobs", key] = Page(records=(job(key),))
    for pair in (pair for own in listed.values() for pair in own):
        name = f"a-{pair[0]}-{pair[1]}"
        ats.items["applications", ".".join(pair)] = Page(
            records=(application(name, *pair),),
            provisional=(step(name, 1, "Interview"),),
            items=(Item("history", name),),
            calls=2,
        )
        steps = (step(name, 1, "New"), step(name, 2, "Interview"))
        ats.items["history", name] = Page(records=steps, complete=(name,))
    return ats


class Sweeper:
    """A sweep driven by hand."""

    def __init__(self, stage: Stage, ats: Ats) -> None:
        self.stage = stage
        self.ats = ats
        self.sweeping = Sweeping(
            database=stage.database, workspace=stage.workspace, source=ats, bell=stage.bell, clock=stage.clock
        )

    async def run(self, mode: sweeps.Mode = "full", *, reread: bool = False) -> SweepEnd:
        await sweep.start(self.sweeping, mode, reread=reread)
        return await self.go_on()

    async def go_on(self) -> SweepEnd:
        self.stage.clock.advance(1)
        return await sweep.run_slice(self.sweeping, length=SLICE)

    async def newest(self) -> sweeps.Sweep:
        async with self.stage.database.connection() as connection:
            found = await sweeps.newest(connection, self.stage.workspace)
        assert found is not None
        return found

    async def progress(self) -> dict[str, tuple[int | None, int, int]]:
        async with self.stage.database.connection() as connection:
            passes = await sweeps.progress(connection, self.stage.workspace, (await self.newest()).id)
        return {one.name: (one.total, one.done, one.calls) for one in passes}

    async def keys(self, kind: Kind) -> set[str]:
        return set(await self.stage.rows(kind=kind))

    async def waiting(self) -> dict[str, int]:
        async with self.stage.database.connection() as connection:
            return await readings.count_due(connection, self.stage.workspace)


@pytest.fixture
def sweeper(stage: Stage) -> Sweeper:
    return Sweeper(stage, company())


async def test_sweep_reads_everything_once_and_counts_it(sweeper: Sweeper) -> None:
    end = await sweeper.run()
    assert end.done
    assert await sweeper.keys(Kind.CANDIDATE) == {"c1", "c2", "c3"}
    assert await sweeper.keys(Kind.JOB) == {"j1", "j2"}
    assert await sweeper.keys(Kind.APPLICATION) == {"a-c1-j1", "a-c1-j2", "a-c2-j1", "a-c3-j2"}
    assert len(await sweeper.keys(Kind.STAGE)) == 8
    assert await sweeper.progress() == {
        "candidates": (3, 3, 2),
        "jobs": (2, 2, 2),
        "applications": (4, 4, 8),
        "history": (4, 4, 4),
    }
    assert len(sweeper.ats.reads) == len(set(sweeper.ats.reads)) == 12
    assert await sweeper.waiting() == {}
    assert (await sweeper.newest()).state == "done"


async def test_items_are_read_several_at_a_time_and_never_more_than_allowed(sweeper: Sweeper) -> None:
    await sweeper.run()
    assert sweeper.ats.most_in_flight == 4


async def test_second_sweep_changes_nothing_and_reads_no_application_again(sweeper: Sweeper) -> None:
    await sweeper.run()
    before = await sweeper.stage.rows("state, d.revision, r.revision")
    sweeper.ats.reads.clear()
    assert (await sweeper.run()).done
    assert await sweeper.stage.rows("state, d.revision, r.revision") == before
    assert {name for name, _ in sweeper.ats.reads} == {"candidates", "jobs"}


async def test_changed_candidate_has_its_applications_read_again(sweeper: Sweeper) -> None:
    await sweeper.run()
    first = sweeper.ats.lists["candidates", None]
    assert isinstance(first, Page)

    people = (candidate("c1", "Ana"), candidate("c2"))
    sweeper.ats.lists["candidates", None] = msgspec.structs.replace(first, records=people)
    sweeper.ats.reads.clear()
    await sweeper.run()
    assert sorted(key or "" for name, key in sweeper.ats.reads if name == "applications") == ["c1.j1", "c1.j2"]


async def test_full_reread_reads_every_application_again(sweeper: Sweeper) -> None:
    await sweeper.run()
    sweeper.ats.reads.clear()
    await sweeper.run(reread=True)
    assert len([key for name, key in sweeper.ats.reads if name == "applications"]) == 4


async def test_history_replaces_the_provisional_stage_and_is_never_overwritten_by_it(sweeper: Sweeper) -> None:
    await sweeper.run()
    assert await names(sweeper) == {"a-c2-j1.1": "New", "a-c2-j1.2": "Interview"}
    await sweeper.run(reread=True)
    assert await names(sweeper) == {"a-c2-j1.1": "New", "a-c2-j1.2": "Interview"}


async def test_stages_that_the_history_lost_are_removed(sweeper: Sweeper) -> None:
    await sweeper.run()
    sweeper.ats.items["history", "a-c2-j1"] = Page(records=(step("a-c2-j1", 1, "New"),), complete=("a-c2-j1",))
    await sweeper.run(reread=True)
    gone = await sweeper.stage.rows("r.gone, priority", Kind.STAGE)
    assert gone["a-c2-j1.2"] == (True, 0)
    assert gone["a-c2-j1.1"] == (False, 2)


async def names(sweeper: Sweeper) -> dict[str, str]:
    rows = await sweeper.stage.rows("r.body->>'name'", Kind.STAGE)
    return {key: name for key, name in rows.items() if key.startswith("a-c2-j1")}


async def test_application_that_is_not_listed_any_more_is_read_and_found_gone(sweeper: Sweeper) -> None:
    await sweeper.run()
    sweeper.ats.lists["candidates", None] = Page(
        records=(candidate("c1"), candidate("c2")), listed=(("c1", "j1"), ("c2", "j1")), cursor="p2"
    )
    sweeper.ats.items["applications", "c1.j2"] = Page(gone=(Gone(Kind.APPLICATION, "", ("c1", "j2")),))
    await sweeper.run()
    assert (await sweeper.stage.rows("r.gone", Kind.APPLICATION))["a-c1-j2"]
    assert {key for key, gone in (await sweeper.stage.rows("r.gone", Kind.STAGE)).items() if gone} == {
        "a-c1-j2.1",
        "a-c1-j2.2",
    }


async def test_candidate_that_the_full_list_lacks_is_checked_and_found_gone(sweeper: Sweeper) -> None:
    await sweeper.run()
    sweeper.ats.lists["candidates", None] = Page(
        records=(candidate("c1"),), listed=(("c1", "j1"), ("c1", "j2")), cursor="p2"
    )
    sweeper.ats.items["candidates", "c2"] = Page(gone=(Gone(Kind.CANDIDATE, "c2"),))
    await sweeper.run()
    assert ("candidates", "c2") in sweeper.ats.reads
    assert (await sweeper.stage.rows("r.gone", Kind.CANDIDATE)) == {"c1": False, "c2": True, "c3": False}
    assert (await sweeper.stage.rows("r.gone", Kind.APPLICATION))["a-c2-j1"]


async def test_erased_person_comes_back_only_when_a_later_sweep_lists_it(sweeper: Sweeper) -> None:
    await sweeper.run()
    await sweeper.stage.put(gone=(Gone(Kind.CANDIDATE, "c1"),))
    await sweeper.stage.put(candidate("c1", "Late"))
    assert (await sweeper.stage.rows("r.gone", Kind.CANDIDATE))["c1"]
    await sweeper.run()
    assert not (await sweeper.stage.rows("r.gone", Kind.CANDIDATE))["c1"]


async def test_page_read_before_an_erasure_does_not_bring_the_person_back(sweeper: Sweeper) -> None:
    """The list is on its way when the person is erased; merging it must not revive them."""

    async def erase() -> None:
        sweeper.ats.during = None
        await sweeper.stage.put(gone=(Gone(Kind.CANDIDATE, "c1"),))

    await sweeper.run()
    sweeper.ats.during = erase
    await sweeper.run()
    assert (await sweeper.stage.rows("r.gone", Kind.CANDIDATE))["c1"]


async def test_delta_reads_what_changed_since_the_last_sweep_began_and_a_little_more(sweeper: Sweeper) -> None:
    await sweeper.run()
    began = (await sweeper.newest()).started_at
    sweeper.stage.clock.advance(3600)
    sweeper.ats.since.clear()
    sweeper.ats.lists = {("candidates", None): Page(records=(candidate("c9"),))}
    await sweeper.run("delta")
    assert set(sweeper.ats.since) == {began - sweep.OVERLAP}
    assert (await sweeper.newest()).mode == "delta"
    assert await sweeper.stage.rows("priority", Kind.CANDIDATE) == {"c1": 2, "c2": 2, "c3": 2, "c9": 1}
    assert not any((await sweeper.stage.rows("r.gone")).values())


async def test_delta_without_an_earlier_sweep_reads_everything(sweeper: Sweeper) -> None:
    await sweeper.run("delta")
    assert (await sweeper.newest()).mode == "full"
    assert await sweeper.keys(Kind.CANDIDATE) == {"c1", "c2", "c3"}


async def test_starting_twice_goes_on_with_the_same_sweep(sweeper: Sweeper) -> None:
    first = await sweep.start(sweeper.sweeping, "full")
    assert (await sweep.start(sweeper.sweeping, "full")).id == first.id


async def test_paused_sweep_rests_until_it_is_started_again(sweeper: Sweeper) -> None:
    async def pause() -> None:
        sweeper.ats.during = None
        await sweep.pause(sweeper.stage.database, sweeper.stage.workspace)

    sweeper.ats.during = pause
    assert (await sweeper.run()).done
    assert len(sweeper.ats.reads) == 1
    assert (await sweeper.newest()).state == "paused"
    assert (await sweeper.run()).done
    assert (await sweeper.newest()).state == "done"
    assert len(sweeper.ats.reads) == len(set(sweeper.ats.reads))


async def test_item_that_cannot_be_read_is_set_aside_and_the_rest_go_on(sweeper: Sweeper) -> None:
    sweeper.ats.items["applications", "c2.j1"] = RejectedError(code="not_readable", hint="no access")
    assert (await sweeper.run()).done
    assert len(await sweeper.keys(Kind.APPLICATION)) == 3
    assert await aside(sweeper) == {("applications", "not_readable"): 1}
    assert (await sweeper.progress())["applications"][1] == 4


async def test_item_the_ats_breaks_over_is_tried_later_and_then_set_aside(sweeper: Sweeper) -> None:
    sweeper.ats.items["applications", "c2.j1"] = UnavailableError(facts={"status": 500})
    end = await sweeper.run()
    assert end.resume_at == sweeper.stage.clock.now() + timedelta(seconds=5)
    assert len(await sweeper.keys(Kind.APPLICATION)) == 3
    for _ in range(6):
        sweeper.stage.clock.advance(3600)
        end = await sweeper.go_on()
    assert end.done
    assert await aside(sweeper) == {("applications", "far_side_fails"): 1}


async def aside(sweeper: Sweeper) -> dict[tuple[str, str], int]:
    async with sweeper.stage.database.connection() as connection:
        return await readings.count_set_aside(connection, sweeper.stage.workspace)


@pytest.mark.parametrize("error", [RateLimitedError(), NotPermittedError(), UnavailableError()])
async def test_trouble_of_the_source_ends_the_slice_and_keeps_what_was_read(
    sweeper: Sweeper, error: RateLimitedError
) -> None:
    sweeper.ats.items["applications", "c2.j1"] = error
    end = await sweeper.run()
    assert end.problem is error
    sweeper.ats.items["applications", "c2.j1"] = company().items["applications", "c2.j1"]
    assert (await sweeper.go_on()).done
    assert len(await sweeper.keys(Kind.APPLICATION)) == 4


async def test_list_whose_cursor_has_expired_is_read_from_its_beginning(sweeper: Sweeper) -> None:
    sweeper.ats.lists["candidates", "p2"] = RateLimitedError()
    await sweeper.run()
    sweeper.ats.lists["candidates", "p2"] = RejectedError(code="cursor_unknown")
    sweeper.ats.lists["candidates", None] = Page(records=(candidate("c1"), candidate("c2")), cursor="p9")
    sweeper.ats.lists["candidates", "p9"] = Page(records=(candidate("c3"),))
    await sweeper.go_on()
    assert await sweeper.keys(Kind.CANDIDATE) == {"c1", "c2", "c3"}


async def test_refused_rows_are_kept_with_their_reason_until_they_can_be_read(sweeper: Sweeper) -> None:
    sweeper.ats.lists["candidates", "p2"] = Page(
        records=(), refused=(Refused(kind=Kind.CANDIDATE, key="c3", reason="unreadable"),)
    )
    await sweeper.run()
    assert await aside(sweeper) == {("candidates", "unreadable"): 1}
    sweeper.ats.lists["candidates", "p2"] = Page(records=(candidate("c3"),))
    await sweeper.run()
    assert await aside(sweeper) == {}


async def test_record_with_an_impossible_id_does_not_spoil_its_page(sweeper: Sweeper) -> None:
    sweeper.ats.lists["candidates", "p2"] = Page(
        records=(candidate("x" * 4000), candidate("c\x00"), candidate("c3", "A\x00\ud800b"))
    )
    assert (await sweeper.run()).done
    assert await sweeper.keys(Kind.CANDIDATE) == {"c1", "c2", "c3"}
    assert await aside(sweeper) == {("candidates", "not_storable"): 2}
    assert (await sweeper.stage.rows("r.body->>'first_name'", Kind.CANDIDATE))["c3"] == "A\ufffdb"


class Crash(Exception):  # noqa: N818 - stands for the end of the process
    """The process ends here."""


class FallingDatabase(Database):
    """A database whose process is killed at the n-th statement: what was not committed is gone."""

    def __init__(self, database: Database) -> None:
        self.url = database.url
        self.pool = database.pool
        self._embedded = None
        self.left: int | None = None

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        async with self.pool.connection() as connection:
            plain = connection.execute

            async def execute(*arguments: Any, **named: Any) -> Any:
                if self.left is not None:
                    self.left -= 1
                    if self.left < 0:
                        raise Crash
                return await plain(*arguments, **named)

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(connection, "execute", execute)
                yield connection


async def test_crash_at_any_statement_of_a_sweep_loses_nothing_and_repeats_harmlessly(sweeper: Sweeper) -> None:
    falling = FallingDatabase(sweeper.stage.database)
    steady = sweeper.sweeping

    crashing = msgspec.structs.replace(steady, database=falling)
    await sweep.start(steady, "full")
    crashes = 0
    for statements in range(3, 400):
        falling.left = statements
        sweeper.stage.clock.advance(1)
        try:
            end = await sweep.run_slice(crashing, length=SLICE)
        except Crash:
            crashes += 1
            continue
        if end.done:
            break
    assert crashes >= 15
    assert (await sweeper.newest()).state == "done"
    assert await sweeper.keys(Kind.CANDIDATE) == {"c1", "c2", "c3"}
    assert len(await sweeper.keys(Kind.APPLICATION)) == 4
    assert len(await sweeper.keys(Kind.STAGE)) == 8
    assert await sweeper.waiting() == {}
    assert {name: done for name, (_, done, _) in (await sweeper.progress()).items()} == {
        "candidates": 3,
        "jobs": 2,
        "applications": 4,
        "history": 4,
    }
    # Only the first merge of a record makes a revision; every repetition found it as it was.
    assert set((await sweeper.stage.rows("r.revision", Kind.CANDIDATE)).values()) == {1}


async def test_worker_that_was_taken_for_dead_merges_nothing_after_the_sweep_has_moved_on(sweeper: Sweeper) -> None:
    rival = Sweeper(sweeper.stage, company())

    async def overtake() -> None:
        sweeper.ats.during = None
        await rival.go_on()
        await rival.stage.put(gone=(Gone(Kind.JOB, "j1"),))

    await sweep.start(sweeper.sweeping, "full")
    sweeper.ats.during = overtake
    assert (await sweeper.go_on()).done
    assert (await sweeper.newest()).state == "done"
    assert (await sweeper.progress())["candidates"] == (3, 3, 2)
    assert (await sweeper.stage.rows("r.gone", Kind.JOB))["j1"]


async def test_lanes_are_called_for_what_a_page_has_brought(sweeper: Sweeper) -> None:
    await sweeper.run()
    assert set(sweeper.stage.bell.rung) == {kind for kind in Kind if not kind.optional}
    sweeper.stage.bell.rung.clear()
    for kind in Kind:
        await sweeper.stage.drive(FarSide(kind))
    sweeper.stage.bell.rung.clear()
    await sweeper.run()
    assert sweeper.stage.bell.rung == []
