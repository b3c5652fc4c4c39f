"""Workers that stood still until another took over, and reads that something newer has overtaken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from landbridge.connectors.smartrecruiters.writing import SmartRecruitersWriting
from landbridge.jobs import incoming
from landbridge.ports.source import Page
from landbridge.sandbox.smartrecruiters.edits import rename
from landbridge.sync import failpoints
from landbridge.sync.effects import EffectsEnd
from tests.inbound.rig import Recruiting


@pytest.fixture
async def ready(company: Recruiting) -> Recruiting:
    """Synced, the seat linked, and a note kept for a candidate it is known to be about."""
    await company.sync()
    await company.link(company.seat)
    candidate = person(company)
    member = company.stranger
    await company.know(member, candidate)
    company.talent.notes.write(company.seat.urn, member, "Said once")
    company.clock.advance(timedelta(minutes=2))
    await company.read()
    return company


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    failpoints.arm(None)


def person(company: Recruiting) -> str:
    return next(one.id for one in company.candidates().values() if one.details_status == 200)


def said(company: Recruiting) -> int:
    return sum("Said once" in text for text in company.notes(person(company)))


async def effects(company: Recruiting) -> EffectsEnd:
    """One slice of one worker."""
    return await incoming.take_effect(company.works, company.workspace, stopping=lambda: False)


def overtaking(company: Recruiting, at: str) -> Callable[[str], None]:
    """Another worker takes over while this one stands still at a place."""

    def take_over(name: str) -> None:
        if name == at:
            failpoints.arm(None)
            with psycopg.connect(company.works.database.url, autocommit=True) as connection:
                connection.execute("UPDATE lane SET epoch = epoch + 1 WHERE resource = 'arrivals'")

    return take_over


async def test_worker_that_was_overtaken_does_nothing_in_the_ats_any_more(ready: Recruiting) -> None:
    failpoints.arm(overtaking(ready, "post_note.wanted"))
    assert (await effects(ready)).fenced
    failpoints.arm(overtaking(ready, "post_note.intended"))
    assert (await effects(ready)).fenced
    assert said(ready) == 0
    # After its call it tells the id, which is a fact, and leaves the rest to its successor.
    failpoints.arm(overtaking(ready, "post_note.answered"))
    assert (await effects(ready)).fenced
    assert ("note", "due") in await ready.arrivals("kind, state")
    ((state, far_id),) = await ready.rows("SELECT state, far_id FROM effect WHERE name = 'post_note'")
    assert (state, far_id is not None) == ("done", True)
    await ready.work()
    assert said(ready) == 1
    assert {state for (state,) in await ready.arrivals("state")} == {"done"}


async def test_note_whose_call_stood_still_until_another_had_posted_it_takes_itself_back(
    ready: Recruiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, on_its_way, go_on = SmartRecruitersWriting.post_note, asyncio.Event(), asyncio.Event()

    async def post_late(self: Any, *arguments: Any, **named: Any) -> str:
        if not on_its_way.is_set():
            on_its_way.set()
            await go_on.wait()
        return await post(self, *arguments, **named)

    monkeypatch.setattr(SmartRecruitersWriting, "post_note", post_late)
    late = asyncio.create_task(effects(ready))
    await on_its_way.wait()
    await ready.work()
    assert said(ready) == 1
    go_on.set()
    assert (await late).fenced
    assert said(ready) == 1
    assert {state for (state,) in await ready.arrivals("state")} == {"done"}


async def test_export_read_back_before_a_change_does_not_put_the_older_state_over_it(
    ready: Recruiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ready.rows('UPDATE workspace SET choices = choices || \'{"export_address": "in+{id}@acme.example"}\'')
    read: Callable[..., Awaitable[Sequence[Page]]] = SmartRecruitersWriting.read_back
    reads: list[str] = []

    async def read_before_an_edit(self: Any, candidate: str, job: str | None) -> Sequence[Page]:
        pages = await read(self, candidate, job)
        reads.append(candidate)
        if len(reads) == 1:
            state = ready.sandbox.smartrecruiters.state
            rename(state, state.make("marriage"), state.world.candidates[candidate])
            await ready.sync()
        return pages

    monkeypatch.setattr(SmartRecruitersWriting, "read_back", read_before_an_edit)
    await ready.export(ready.stranger, ready.jobs()[0])
    await ready.work()
    ((name,),) = await ready.rows(
        "SELECT body->>'last_name' FROM record WHERE kind = 'candidate' AND key = %s", reads[0]
    )
    assert (name, len(reads)) == (ready.candidates()[reads[0]].last_name, 2)
