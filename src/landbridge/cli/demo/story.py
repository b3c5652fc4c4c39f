"""The demo's set-up: what an admin does to connect a company, done with the code behind the console's pages.

What only people can do on LinkedIn (request the integrations in the widget, enable them in Recruiter) is done in the
sandbox's control room.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from msgspec import Struct

from landbridge.cli import connecting
from landbridge.cli.demo.stage import Stage
from landbridge.cli.demo.telling import Teller
from landbridge.errors import UnavailableError
from landbridge.store.workspaces import Workspace

if TYPE_CHECKING:
    from landbridge.jobs.wiring import Works
    from landbridge.store.contracts import ContractState

SLUG = "demo"
BY = "demo"
# What the worker does in between takes a moment; an idle machine needs a second for it.
WITHIN = 60.0


class Connected(Struct, frozen=True):
    workspace: Workspace
    client_id: str  # of the workspace's own LinkedIn application


async def connect_company(stage: Stage, dialect: str, teller: Teller) -> Connected:
    """A workspace whose history is being read. Raises NeedsPersonError, TryLaterError."""
    from landbridge.cli.syncing import works_of

    workspace = await _fresh_workspace(stage)
    async with works_of(stage.opened) as works:
        await _connect_ats(stage, works, workspace, teller)
        await _agree(works, workspace, teller)
        client_id = await _connect_linkedin(stage, works, workspace, dialect, teller)
    return Connected(workspace, client_id)


async def _fresh_workspace(stage: Stage) -> Workspace:
    """The sandbox forgets everything when it stops, so an earlier demo's ledger would speak of records long gone."""
    from landbridge.store.workspaces import delete_workspace, find_workspace

    ats = await stage.smartrecruiters.credentials()
    async with stage.opened.database.transaction() as connection:
        earlier = await find_workspace(connection, SLUG)
        if earlier is not None:
            await delete_workspace(connection, earlier.id)
    return await connecting.ensure_workspace(stage.opened, SLUG, ats["company"]["name"])


async def _connect_ats(stage: Stage, works: Works, workspace: Workspace, teller: Teller) -> None:
    from landbridge.jobs.onboarding.ats import connect_ats

    ats = await stage.smartrecruiters.credentials()
    access = await connect_ats(works, workspace.id, {"api_key": ats["api_key"]})
    counts = ", ".join(f"{count:,} {name}" for name, count in access.counts.items())
    teller.done(f"The admin connects SmartRecruiters: {access.company or workspace.name}, {counts}")


async def _agree(works: Works, workspace: Workspace, teller: Teller) -> None:
    from landbridge.jobs.onboarding import consent

    receipt = await consent.agree(works, workspace.id, by=BY, choices={})
    teller.done(f"The admin agrees to what is shared with LinkedIn: receipt {receipt.id}")


async def _connect_linkedin(stage: Stage, works: Works, workspace: Workspace, dialect: str, teller: Teller) -> str:
    from landbridge.connectors.linkedin.integrations import integrations_of
    from landbridge.jobs.onboarding import application, contracts

    far_side = await stage.linkedin.credentials()
    organization, contract = far_side["organization"], far_side["contracts"][0]["urn"]
    fields = {
        "parent_client_id": far_side["parent"]["client_id"],
        "parent_client_secret": far_side["parent"]["client_secret"],
        "dialect": dialect,
        # Where this sandbox tells of closed accounts; LinkedIn documents the duty to ask, not the address.
        "resources": '{"closed_profiles": {"path": "/v2/closedCandidateProfiles"}}',
    }
    await connecting.save(stage.opened, workspace, "linkedin", fields)
    await contracts.begin(works, workspace.id, by=BY, console=stage.console_url)
    made = await application.ensure_application(works, workspace.id, console=stage.console_url)
    teller.done(f"Landbridge makes the company's LinkedIn application: {made.client_id}, dialect {dialect}")
    await stage.linkedin.request_integrations(organization, contract, made.client_id)
    asked = contracts.Asked(organizations=(organization,), contracts=(contract,))
    await contracts.take_request(works, workspace.id, asked, by=BY)
    teller.done("The admin requests the integrations in LinkedIn's window")
    await _until(works, workspace, "waiting", teller, "Landbridge's turn: name and configure the integrations")
    keys = integrations_of(organization, [contract])
    for key in keys:
        await stage.linkedin.enable(key.context, key.type, made.client_id)
    await _until(works, workspace, "enabled", teller, "LinkedIn's turn: push the news that they are enabled")
    teller.done(f"The Recruiter admin enables all {len(keys)}, and LinkedIn pushes the news")
    return made.client_id


async def _until(works: Works, workspace: Workspace, state: ContractState, teller: Teller, turn: str) -> None:
    """Raises UnavailableError where the contract does not come so far."""
    from landbridge.store.contracts import load_contracts

    ends = time.monotonic() + WITHIN
    with teller.waiting(turn):
        while time.monotonic() < ends:
            async with works.database.connection() as connection:
                found = await load_contracts(connection, workspace.id)
            if any(one.state == state for one in found):
                return
            await asyncio.sleep(0.1)
    raise UnavailableError(f"The contract has not become {state} in {WITHIN:.0f} s.", code="sandbox")
