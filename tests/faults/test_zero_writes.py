"""What was sent once is not sent again: LinkedIn hears of changes, and only of those."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from landbridge.cli import connecting
from landbridge.cli.demo import ats
from landbridge.cli.demo.ats import Company as AtsSide
from landbridge.cli.demo.check import Seen
from landbridge.cli.opening import opened
from landbridge.jobs.control import look_again
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.sweeps import Mode
from landbridge.store.workspaces import load_workspace, save_choices
from tests.faults import truth
from tests.faults.company import Company
from tests.faults.conftest import FarSides
from tests.faults.drive import Drive, driving


@pytest.fixture
def candidates() -> int:
    return 100


def sent(far_sides: FarSides, after: int) -> dict[str, set[str]]:
    """The ids of what was written behind call ``after``, by kind; each may be written once only."""
    times = Counter((row.entity, row.key) for row in far_sides.network.written(after))
    assert [one for one, count in times.items() if count > 1] == []
    return {kind: {key for entity, key in times if entity == kind} for kind in truth.KINDS}


def changed(before: AtsSide, after: AtsSide) -> dict[str, set[str]]:
    """The ids of records that have to look different on LinkedIn now, worked out from the ATS alone."""
    return {kind: _changed(getattr(before, kind), getattr(after, kind)) for kind in truth.KINDS}


def _changed(before: Mapping[str, Seen], after: Mapping[str, Seen]) -> set[str]:
    return {key for key, record in after.items() if key not in before or _shown(before[key]) != _shown(record)}


def _shown(record: Seen) -> dict[str, object]:
    return {name: value for name, value in record.fields.items() if not callable(value)}


async def test_second_run_with_nothing_changed_sends_nothing(drive: Drive, far_sides: FarSides) -> None:
    await drive.sync()
    assert truth.findings(far_sides.source, far_sides.network) == []
    before = far_sides.network.last_call()
    await drive.sync("delta")
    await drive.sync("full")
    assert not any(sent(far_sides, before).values())
    assert drive.problems == []


@pytest.mark.parametrize("mode", ["delta", "full"])
async def test_one_percent_edited_sends_that_one_percent(drive: Drive, far_sides: FarSides, mode: Mode) -> None:
    await drive.sync()
    before, last_call = truth.seen(far_sides.source), far_sides.network.last_call()
    there = far_sides.open_jobs()
    edited = far_sides.source.edit(percent=1)
    assert {kind: len(ids) for kind, ids in edited.items()}.keys() == {"candidates", "applications", "jobs"}
    await drive.sync(mode)
    wanted = changed(before, truth.seen(far_sides.source))
    # What is closed stays as it was closed, and what never went there does not go because of a new title.
    wanted["jobs"] &= there
    known = {row["atsJobApplicationId"] for row in far_sides.network.dump("applications")}
    wanted["applications"] &= known
    wanted["stages"] = {key for key in wanted["stages"] if key.rpartition(".")[0] in known}
    assert wanted["candidates"]
    assert wanted["applications"]
    assert wanted["stages"]
    assert sent(far_sides, last_call) == wanted
    assert truth.findings(far_sides.source, far_sides.network) == []


async def test_another_availability_moves_the_open_jobs_and_nothing_else(
    drive: Drive, database: Database, vault: Vault, company: Company, far_sides: FarSides
) -> None:
    await drive.sync()
    public = [row for row in far_sides.source.dump("jobs") if row["postingStatus"] == "PUBLIC"]
    wanted = {row["id"] for row in public} & far_sides.open_jobs()
    assert wanted
    before = far_sides.network.last_call()
    async with database.connection() as connection:
        await save_choices(connection, company.workspace, {"availability": "PUBLIC"})
    await look_again(database, company.workspace, states=("delivered", "held", "quarantined"))
    async with driving(database, vault, company.workspace, far_sides.network) as after_change:
        await after_change.send()
    # LinkedIn lets nobody change the availability of a posting: it is closed and made anew.
    operations = Counter((row.entity, row.key) for row in far_sides.network.written(before))
    assert operations == {("jobs", job): 2 for job in wanted}
    public_now = {
        row["externalJobPostingId"] for row in far_sides.network.dump("jobs") if row["availability"] == "PUBLIC"
    }
    assert public_now == wanted


async def test_another_profile_link_sends_the_candidates_and_nothing_else(
    drive: Drive,
    database: Database,
    vault: Vault,
    company: Company,
    far_sides: FarSides,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await drive.sync()
    before = far_sides.network.last_call()
    async with opened(environment) as parts:
        async with parts.database.connection() as connection:
            workspace = await load_workspace(connection, company.workspace)
        link = "https://people.example.org/{candidateId}"
        await connecting.save(parts, workspace, "smartrecruiters", {"profile_url": link})
    async with driving(database, vault, company.workspace, far_sides.network) as after_change:
        await after_change.sync("full")
    candidates = {row["id"] for row in far_sides.source.dump("candidates")}
    nothing: set[str] = set()
    told = sent(far_sides, before)
    assert told == {"jobs": nothing, "candidates": candidates, "applications": nothing, "stages": nothing}
    monkeypatch.setattr(ats, "PROFILE", "https://people.example.org/{}")
    assert truth.findings(far_sides.source, far_sides.network) == []
