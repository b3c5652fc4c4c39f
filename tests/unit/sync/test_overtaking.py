"""No older state over a newer one, whoever reads when; and nobody erased comes back with what was read before."""

from __future__ import annotations

from typing import Any

from landbridge.ports.source import Gone, Page
from landbridge.records import Kind
from landbridge.store import mirror, readings
from landbridge.sync.mirror import Arrival, Merged
from tests.unit.sync.conftest import Stage
from tests.unit.sync.fakes import NOW, application, candidate
from tests.unit.sync.fakes import stage as step

LIST = {"pass_name": "candidates", "of": Kind.CANDIDATE, "is_list": True, "read_alone": True, "sweep": 1}


async def turn(stage: Stage) -> int:
    async with stage.database.connection() as connection:
        return await mirror.newest_turn(connection, stage.workspace)


async def merge(stage: Stage, page: Page, **arrival: Any) -> Merged:
    given = {"pass_name": "candidates", "of": Kind.CANDIDATE, "priority": 1, **arrival}
    return await stage.merge([page], Arrival(**given))


async def names(stage: Stage) -> dict[str, Any]:
    return await stage.rows("r.body->>'first_name'", Kind.CANDIDATE)


async def asked(stage: Stage) -> list[Any]:
    return await stage.execute(
        "SELECT pass_name, key FROM reading WHERE workspace_id = %s AND state = 'due'", stage.workspace
    )


async def test_page_of_a_list_leaves_alone_what_was_read_after_it_and_has_that_read_again(stage: Stage) -> None:
    await merge(stage, Page(records=(candidate("c1", "Old"), candidate("c2", "Old"))))
    began = await turn(stage)
    await merge(stage, Page(records=(candidate("c1", "Newer"),)), turn=began)
    await merge(stage, Page(records=(candidate("c1", "Old"), candidate("c2", "Edited"))), turn=began, **LIST)
    assert await names(stage) == {"c1": "Newer", "c2": "Edited"}
    assert await asked(stage) == [("candidates", "c1")]


async def test_item_that_was_overtaken_is_not_merged_and_said_to_be_so(stage: Stage) -> None:
    began = await turn(stage)
    await merge(stage, Page(records=(candidate("c1", "Newer"),)), turn=began)
    merged = await merge(stage, Page(records=(candidate("c1", "Old"),)), turn=began)
    assert (merged.overtaken, await names(stage)) == (frozenset({0}), {"c1": "Newer"})
    merged = await merge(stage, Page(records=(candidate("c1", "Newest"),)), turn=await turn(stage))
    assert (merged.overtaken, await names(stage)) == (frozenset(), {"c1": "Newest"})


async def test_read_that_found_nothing_new_counts_as_well(stage: Stage) -> None:
    await merge(stage, Page(records=(candidate("c1", "Back again"),)))
    began = await turn(stage)
    # Meanwhile the name was changed and changed back: another read has seen the change, this one that nothing is new.
    await merge(stage, Page(records=(candidate("c1", "Back again"),)), turn=began)
    await merge(stage, Page(records=(candidate("c1", "In between"),)), turn=began)
    assert await names(stage) == {"c1": "Back again"}


async def test_nothing_that_hangs_on_somebody_erased_is_made_of_an_earlier_read(stage: Stage) -> None:
    await merge(stage, Page(records=(candidate("c1"),)))
    began = await turn(stage)
    await merge(stage, Page(gone=(Gone(Kind.CANDIDATE, "c1"),)))
    late = Page(records=(application("a1", "c1", "j1"),), provisional=(step("a1", 1),))
    await merge(stage, late, turn=began, pass_name="applications", of=Kind.APPLICATION)
    await merge(stage, Page(records=(candidate("c1"),)), turn=began)
    assert await stage.rows("r.gone") == {"c1": True}


async def test_tombstone_of_somebody_never_known_keeps_out_what_was_read_before(stage: Stage) -> None:
    async with stage.database.transaction() as connection:
        assert await mirror.entomb(connection, stage.workspace, Kind.CANDIDATE, ["c1"], now=NOW) == 1
        assert await mirror.entomb(connection, stage.workspace, Kind.CANDIDATE, ["c1"], now=NOW) == 0
    merged = await merge(stage, Page(records=(candidate("c1"),)))
    assert (merged.kinds, await stage.rows("r.gone, state")) == (set(), {"c1": (True, "gone")})


async def test_item_told_of_while_it_is_being_read_is_read_once_more(stage: Stage) -> None:
    async with stage.database.transaction() as connection:
        await readings.ask_anew(connection, stage.workspace, [("candidates", "c1")] * 10, priority=1)
        [item] = await readings.pick_told(connection, stage.workspace, "candidates", now=NOW, limit=9)
        await readings.ask_anew(connection, stage.workspace, [("candidates", "c1")], priority=1)
        await readings.finish(connection, stage.workspace, [item.id])
        [again] = await readings.pick_told(connection, stage.workspace, "candidates", now=NOW, limit=9)
        await readings.finish(connection, stage.workspace, [again.id])
    assert await asked(stage) == []
