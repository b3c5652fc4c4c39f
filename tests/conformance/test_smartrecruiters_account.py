"""Credentials, permissions and limits of SmartRecruiters, tried against the sandbox over sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from landbridge.connectors import CONNECTORS, Wiring
from landbridge.errors import NotPermittedError, RejectedError, SettingError, SignInRejectedError, UnavailableError
from landbridge.http import JournalEntry, LocalGate, SystemClock
from landbridge.ports.source import Source
from landbridge.sandbox import Sandbox

SMARTRECRUITERS = CONNECTORS["smartrecruiters"]
TRIALS = 5


class Notes(list[JournalEntry]):
    def note(self, entry: JournalEntry) -> None:
        self.append(entry)


class Sources:
    """Opens sources on one sandbox and closes them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.notes = Notes()
        self._opened: list[Source] = []

    def open(self, *, base_url: str = "", **credential: str) -> Source:
        keys = self.sandbox.smartrecruiters.keys
        assert SMARTRECRUITERS.source is not None
        secret = {name: value for name, value in credential.items() if name in SMARTRECRUITERS.secrets}
        source = SMARTRECRUITERS.source(
            Wiring(
                settings={"base_url": base_url or self.sandbox.smartrecruiters_url, **credential},
                secrets=secret or {"api_key": keys.api_key},
                gate=LocalGate(SMARTRECRUITERS.allowances),
                journal=self.notes,
                clock=SystemClock(),
            )
        )
        self._opened.append(source)
        return source

    def open_with_oauth(self) -> Source:
        keys = self.sandbox.smartrecruiters.keys
        return self.open(client_id=keys.client_id, client_secret=keys.client_secret)

    async def close(self) -> None:
        for source in self._opened:
            await source.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(candidates=30) as sandbox:
        yield sandbox


@pytest.fixture
async def sources(sandbox: Sandbox) -> AsyncIterator[Sources]:
    sources = Sources(sandbox)
    yield sources
    await sources.close()


def first_pair(sandbox: Sandbox) -> str:
    application = next(iter(sandbox.smartrecruiters.state.world.applications.values()))
    return f"{application.candidate_id}.{application.job_id}"


async def test_wrong_api_key_is_named_as_such(sources: Sources) -> None:
    with pytest.raises(SignInRejectedError):
        await sources.open(api_key="DCRA1-wrong").check()


async def test_wrong_client_secret_is_named_as_such(sources: Sources, sandbox: Sandbox) -> None:
    wrong = sources.open(client_id=sandbox.smartrecruiters.keys.client_id, client_secret="wrong")

    with pytest.raises(SignInRejectedError, match="sign-in"):
        await wrong.check()


async def test_address_of_something_else_is_a_setting_to_correct(sources: Sources, sandbox: Sandbox) -> None:
    with pytest.raises(SettingError, match="not SmartRecruiters"):
        await sources.open(base_url=f"{sandbox.smartrecruiters_url}/elsewhere").check()


async def test_address_where_nobody_answers_is_tried_again_later(sources: Sources, sandbox: Sandbox) -> None:
    source = sources.open(base_url=sandbox.smartrecruiters_url)
    sandbox.stop()

    with pytest.raises(UnavailableError, match="cannot be reached"):
        await source.read_list("candidates", None, None)


@pytest.mark.parametrize(
    ("scope", "label"),
    [
        ("jobs_read", "Jobs (jobs_read)"),
        ("candidates_read", "Candidates (candidates_read)"),
        ("job_applications_read", "Job applications (job_applications_read)"),
        ("users_read", "Users (users_read)"),
    ],
)
async def test_check_names_the_missing_permission(sources: Sources, sandbox: Sandbox, scope: str, label: str) -> None:
    sandbox.smartrecruiters.keys.removed = frozenset({scope})

    assert (await sources.open().check()).missing == (label,)


async def test_permission_withdrawn_during_a_run_stops_the_connection(sources: Sources, sandbox: Sandbox) -> None:
    source = sources.open()
    await source.read_item("applications", first_pair(sandbox))
    sandbox.smartrecruiters.keys.removed = frozenset({"candidates_read"})

    with pytest.raises(NotPermittedError) as refused:
        await source.read_item("applications", first_pair(sandbox))

    assert refused.value.facts["permission"] == "Candidates (candidates_read)"


async def test_closed_record_is_set_aside_and_its_neighbours_go_on(sources: Sources, sandbox: Sandbox) -> None:
    source = sources.open_with_oauth()
    closed, neighbour = list(sandbox.smartrecruiters.state.world.applications.values())[:2]
    closed.details_status = 401

    with pytest.raises(RejectedError) as refused:
        await source.read_item("applications", f"{closed.candidate_id}.{closed.job_id}")
    page = await source.read_item("applications", f"{neighbour.candidate_id}.{neighbour.job_id}")

    assert refused.value.code == "not_readable"
    assert page.records[0].id == neighbour.id


async def test_token_that_expires_during_a_run_is_renewed_without_a_failure(sources: Sources, sandbox: Sandbox) -> None:
    source = sources.open_with_oauth()
    await source.read_list("candidates", None, None)
    sandbox.clock.advance(timedelta(minutes=31))

    page = await source.read_list("candidates", None, None)

    assert page.records
    assert [entry.status for entry in sources.notes if entry.route == "/identity/oauth/token"] == [200, 200]


async def test_narrowed_lists_bring_what_has_changed_since_and_nothing_else(sources: Sources, sandbox: Sandbox) -> None:
    source = sources.open()
    since = datetime.now(UTC)
    everybody = (await source.read_list("candidates", None, None)).records
    sandbox.clock.advance(timedelta(minutes=1))
    async with httpx2.AsyncClient(base_url=sandbox.smartrecruiters_url, trust_env=False) as room:
        assert (await room.post("/_sandbox/edit", json={"percent": 10})).status_code == 200

    candidates = await source.read_list("candidates", None, since)
    jobs = await source.read_list("job_list", None, since)

    assert 0 < len(candidates.records) < len(everybody)
    assert jobs.items
    assert all(each not in everybody for each in candidates.records)


async def test_candidate_lists_never_overlap_when_several_are_asked_for_at_once(
    sources: Sources, sandbox: Sandbox
) -> None:
    sandbox.smartrecruiters.set_limits({"mode": "relaxed", "latency_ms": 20})
    source = sources.open()

    await asyncio.gather(*(source.read_list("candidates", None, None) for _ in range(5)))

    assert sandbox.smartrecruiters.journal.violations() == []


@pytest.mark.slow
async def test_real_limits_are_never_exceeded_by_a_crowd_of_readers(sources: Sources, sandbox: Sandbox) -> None:
    pairs = [f"{each.candidate_id}.{each.job_id}" for each in sandbox.smartrecruiters.state.world.applications.values()]
    broken: list[object] = []
    # What is sent at the right time arrives in a bunch where the machine stands still for a moment; a crowd that is not
    # held back breaks the limits every time.
    for _ in range(TRIALS):
        sandbox.smartrecruiters.set_limits({"mode": "real", "latency_ms": 60})
        sources.notes.clear()
        before = len(sandbox.smartrecruiters.journal.violations())
        source = sources.open()
        read = await asyncio.gather(
            *(source.read_item("applications", pair) for pair in pairs[:18]), return_exceptions=True
        )
        broken = [
            *sandbox.smartrecruiters.journal.violations()[before:],
            *(one for one in read if isinstance(one, BaseException)),
        ]
        if not broken:
            break
        await asyncio.sleep(1.5)

    assert broken == []
    assert {entry.status for entry in sources.notes} == {200}
