"""Bringing a customer onto LinkedIn's sandbox: its application, its integrations' names, settings and state."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest

from landbridge.connectors.linkedin import onboarding
from landbridge.connectors.linkedin.auth import parent_auth
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.destination import open_client
from landbridge.connectors.linkedin.integrations import ABSENT, integrations_of, read_integrations
from landbridge.connectors.linkedin.onboarding import ChildPlan, ensure_child, save_domains, set_up_integrations
from landbridge.connectors.linkedin.settings import Settings, read_settings
from landbridge.errors import RejectedError, SettingError
from landbridge.http import OpenGate
from landbridge.sandbox import Sandbox
from tests.conformance.linkedin_side import CALLBACK_URL, LinkedInSide

PLAN = ChildPlan(
    foreign_id="tenant/ž 42",
    name="Landbridge - Invented Trams",
    description="Tenant 42",
    domains=("https://landbridge.example.org",),
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(candidates=5) as sandbox:
        yield sandbox


@pytest.fixture
async def side(sandbox: Sandbox) -> AsyncIterator[LinkedInSide]:
    side = LinkedInSide(sandbox)
    yield side
    await side.close()


@pytest.fixture
def settings(side: LinkedInSide) -> Settings:
    return read_settings(side.wiring())


@pytest.fixture
async def parent(side: LinkedInSide, settings: Settings) -> AsyncIterator[LinkedInClient]:
    client = LinkedInClient(
        base_url=settings.api_url,
        auth=parent_auth(settings, side.notes, side.clock),
        journal=side.notes,
        gate=OpenGate(),
        clock=side.clock,
    )
    yield client
    await client.close()


@pytest.fixture
async def child(side: LinkedInSide, settings: Settings) -> AsyncIterator[LinkedInClient]:
    client = open_client(settings, side.wiring())
    yield client
    await client.close()


async def test_child_is_made_once_and_found_ever_after(side: LinkedInSide, parent: LinkedInClient) -> None:
    made = await ensure_child(parent, PLAN)
    assert made.client_secret
    found = await ensure_child(parent, PLAN)
    assert (found.urn, found.client_id, found.client_secret) == (made.urn, made.client_id, None)
    assert [one.foreign_id for one in side.sandbox.linkedin.state.children()].count(PLAN.foreign_id) == 1
    assert made.client_secret not in repr(made)
    side.assert_no_violations()


async def test_child_made_by_another_process_meanwhile_is_found(
    side: LinkedInSide, parent: LinkedInClient, settings: Settings
) -> None:
    """Two processes look at the same time, find nothing, and both ask for one."""
    side.sandbox.linkedin.faults.add({"operation": "*.finder", "kind": "delay", "seconds": 0.3, "times": 2})
    children = await asyncio.gather(ensure_child(parent, PLAN), ensure_child(parent, PLAN))
    assert len({child.urn for child in children}) == 1
    assert sorted(bool(child.client_secret) for child in children) == [False, True]
    posts = [note.status for note in side.notes if (note.method, note.route) == ("POST", onboarding.PATH)]
    assert sorted(posts, key=str) == [201, 409]


async def test_changed_domains_replace_those_of_a_child_that_is_there(
    side: LinkedInSide, parent: LinkedInClient
) -> None:
    made = await ensure_child(parent, PLAN)
    domains = ("https://eu.example.org", "https://us.example.org")
    await ensure_child(parent, msgspec.structs.replace(PLAN, domains=domains))
    assert side.sandbox.linkedin.state.applications[made.client_id].sdk_domains == list(domains)
    await save_domains(parent, made.urn, PLAN.domains)
    assert side.sandbox.linkedin.state.applications[made.client_id].sdk_domains == list(PLAN.domains)
    side.assert_no_violations()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "x" * 51},
        {"name": "My LinkedIn bridge"},
        {"name": ""},
        {"description": ""},
        {"foreign_id": ""},
        {"domains": ("https://landbridge.example.org/",)},
        {"domains": ("landbridge.example.org",)},
    ],
)
async def test_plan_that_linkedin_would_refuse_is_never_sent(
    side: LinkedInSide, parent: LinkedInClient, wrong: dict[str, object]
) -> None:
    with pytest.raises(SettingError):
        await ensure_child(parent, msgspec.structs.replace(PLAN, **wrong))
    assert {note.method for note in side.notes if "provisioned" in note.route} <= {"GET"}


async def test_integrations_are_named_configured_and_read(
    side: LinkedInSide, settings: Settings, child: LinkedInClient
) -> None:
    recruiter, contract = side.sandbox.linkedin.recruiter, _contract(side)
    dialect, wanted = settings.resource("integrations"), integrations_of(settings.organization, [contract])
    assert {found.status for found in await read_integrations(child, dialect, wanted)} == {ABSENT}

    recruiter.request(organization=settings.organization, contract=contract)
    assert [found.status for found in await read_integrations(child, dialect, wanted)] == ["REQUESTED"] * 4
    await set_up_integrations(
        child, settings, name="Landbridge (Invented Trams)", callback_url=CALLBACK_URL, contracts=[contract]
    )
    for key in wanted:
        recruiter.set_status(context=key.context, type=key.type, status="ENABLED")
    found = await read_integrations(child, dialect, wanted)
    assert [(one.enabled, one.name) for one in found] == [(True, "Landbridge (Invented Trams)")] * 4
    configurations = {row["integrationType"]: row["configurations"] for row in side.dump("integrations")}
    assert configurations["ONE_CLICK_EXPORT"] == {
        "CALLBACK_URL": CALLBACK_URL,
        "JOB_POSTING_VIEWERS": "ALL_PRODUCT_USERS",
    }
    assert configurations["IN_ATS_INDICATOR"] == {"APPLICATION_VIEWERS": "ALL_PRODUCT_USERS"}
    linkedin = side.open(contracts=contract)
    assert await linkedin.check_access() == []
    recruiter.set_status(context=settings.organization, type="PROFILE_PLUGIN", status="DISABLED")
    assert await linkedin.check_access() == ["PROFILE_PLUGIN"]
    side.assert_no_violations()


async def test_naming_what_nobody_requested_says_which(
    side: LinkedInSide, settings: Settings, child: LinkedInClient
) -> None:
    with pytest.raises(RejectedError) as refusal:
        await set_up_integrations(child, settings, name="Landbridge", callback_url=CALLBACK_URL, contracts=[])
    assert "ONE_CLICK_EXPORT (status 404)" in str(refusal.value)
    assert CALLBACK_URL not in str(refusal.value)


async def test_many_contracts_are_named_in_calls_of_the_allowed_size(
    side: LinkedInSide, settings: Settings, child: LinkedInClient
) -> None:
    contracts = [f"urn:li:contract:{number}" for number in range(1, 61)]
    wanted = integrations_of(settings.organization, contracts)
    found = await read_integrations(child, settings.resource("integrations"), wanted)
    assert [one.key for one in found] == wanted
    assert [note.records for note in side.notes if "Integrations" in note.route] == [25, 25, 13]
    side.assert_no_violations()


def _contract(side: LinkedInSide) -> str:
    return str(side.sandbox.linkedin.credentials()["contracts"][0]["urn"])
