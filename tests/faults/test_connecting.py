"""A company is connected by hand, command by command, as the guide says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from landbridge.cli import connecting
from landbridge.cli.opening import opened
from landbridge.errors import SettingError
from landbridge.jobs.integrations import ASK_AGAIN
from landbridge.jobs.queue import JobBell
from landbridge.jobs.running import may_run
from landbridge.jobs.tick import look_after
from landbridge.jobs.wiring import Works
from landbridge.settings import load
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import load_workspace
from tests.faults.command import Outcome, landbridge
from tests.faults.company import connect, set_all
from tests.faults.conftest import FarSides
from tests.faults.control import FarSide
from tests.faults.drive import SharedClock

Environment = dict[str, str]
INTEGRATIONS = ("ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN")


@pytest.fixture
def candidates() -> int:
    return 10


@pytest.fixture
def company_environment(environment: Environment, far_sides: FarSides) -> Environment:
    return {
        **environment,
        "LANDBRIDGE_SMARTRECRUITERS_API_URL": far_sides.source.url,
        "LANDBRIDGE_LINKEDIN_API_URL": far_sides.network.url,
        "LANDBRIDGE_LINKEDIN_AUTH_URL": far_sides.network.url,
    }


async def connect_both(environment: Environment, far_sides: FarSides, directory: Path) -> Outcome:
    key, secret = directory / "smartrecruiters.key", directory / "linkedin.secret"
    key.write_text(far_sides.source.credentials()["api_key"] + "\n", encoding="utf-8")
    told = await landbridge(
        environment, "connect", "smartrecruiters", "--name", "Borealis Foods", "--secret-file", f"api_key={key}"
    )
    assert told.status == 0, told
    there = far_sides.network.credentials()
    secret.write_text(there["child"]["client_secret"] + "\n", encoding="utf-8")
    fields = {
        "client_id": there["child"]["client_id"],
        "organization": there["organization"],
        "contracts": there["contracts"][0]["urn"],
    }
    put = [part for name, value in fields.items() for part in ("--set", f"{name}={value}")]
    return await landbridge(environment, "connect", "linkedin", *put, "--secret-file", f"client_secret={secret}")


def enable(network: FarSide) -> None:
    there = network.credentials()
    for kind in INTEGRATIONS:
        network.set_integration(there["organization"], kind, "ENABLED", there["child"]["client_id"])
    network.set_integration(there["contracts"][0]["urn"], "CSA_API", "ENABLED", there["child"]["client_id"])


async def turn_of(environment: Environment) -> str:
    told = await landbridge(environment, "status", "--json")
    assert told.status == 0, told
    turn: str = json.loads(told.text)["turn"]
    return turn


async def test_each_step_says_whose_turn_comes_next(
    company_environment: Environment, far_sides: FarSides, tmp_path: Path
) -> None:
    told = await connect_both(company_environment, far_sides, tmp_path)
    assert told.status == 0, told
    assert "requests the absent ones in LinkedIn's widget" in told.text
    assert await turn_of(company_environment) == "request"

    there = far_sides.network.credentials()
    contract, client_id = there["contracts"][0]["urn"], there["child"]["client_id"]
    far_sides.network.request_integrations(there["organization"], contract, client_id)
    told = await landbridge(company_environment, "connect", "linkedin", "--test")
    assert "the Recruiter admin enables them" in told.text, told
    assert "Landbridge - Borealis Foods" in told.text, told
    assert await turn_of(company_environment) == "enable"

    # The sandbox refuses this, as LinkedIn does, unless they have been named and configured.
    enable(far_sides.network)
    told = await landbridge(company_environment, "connect", "linkedin", "--test")
    assert "Next:" not in told.text, told
    assert await turn_of(company_environment) == "start"
    assert far_sides.network.broken_rules() == {}


async def test_sync_without_enabled_integrations_says_so_instead_of_waiting_in_silence(
    company_environment: Environment, far_sides: FarSides, tmp_path: Path
) -> None:
    await connect_both(company_environment, far_sides, tmp_path)
    told = await landbridge(company_environment, "sync", "--no-follow")
    assert told.status == 0, told
    assert "LinkedIn takes no data yet" in told.text, told


async def test_real_linkedin_is_given_no_address_it_cannot_reach(
    company_environment: Environment, far_sides: FarSides, tmp_path: Path
) -> None:
    await connect_both(company_environment, far_sides, tmp_path)
    there = {"api_url": "https://api.linkedin.example.org"}
    async with opened(company_environment) as parts:
        workspace = await connecting.ensure_workspace(parts, "main", "")
        await connecting.save(parts, workspace, "linkedin", there)
        with pytest.raises(SettingError, match="https"):
            await connecting.callback_url(parts, workspace)


async def test_choices_are_shown_changed_and_checked(
    company_environment: Environment, far_sides: FarSides, tmp_path: Path
) -> None:
    await connect_both(company_environment, far_sides, tmp_path)
    shown = await landbridge(company_environment, "choose")
    assert "private" in shown.text, shown
    assert "everything" in shown.text, shown
    changed = await landbridge(company_environment, "choose", "--jobs", "public", "--exclude-confidential")
    assert "public" in changed.text, changed
    assert "stay out" in changed.text, changed
    refused = await landbridge(company_environment, "choose", "--history", "100")
    assert (refused.status, "code: choices " in refused.text) == (3, True), refused
    verified = await landbridge(company_environment, "verify")
    assert "Nothing has been read from the ATS yet" in verified.text, verified
    assert (await landbridge(company_environment, "choose")).text.splitlines()[:3] == changed.text.splitlines()[:3]


async def test_integrations_that_are_enabled_later_are_noticed_without_anybody_telling(
    environment: Environment, database: Database, vault: Vault, far_sides: FarSides
) -> None:
    company = await connect(environment, far_sides.source, far_sides.network, enable=False)
    clock = SharedClock(far_sides.network)
    async with CallJournal(database) as journal:
        works = Works(load(environment), database, vault, journal, JobBell(clock), clock=clock)
        async with database.connection() as connection:
            workspace = await load_workspace(connection, company.workspace)
        assert not await may_run(works, company.workspace, "linkedin")
        set_all(far_sides.network, company, "ENABLED")
        clock.advance(ASK_AGAIN)
        await look_after(works, workspace)
        assert await may_run(works, company.workspace, "linkedin")
        await works.close()
