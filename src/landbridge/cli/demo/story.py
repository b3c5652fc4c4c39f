"""The demo's set-up: what an admin does to connect a company, done with the product's own code.

What only people can do on LinkedIn (request the integrations in the widget, enable them in Recruiter) is done in the
sandbox's control room.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from landbridge.cli import connecting
from landbridge.cli.demo.stage import Stage
from landbridge.errors import UnavailableError
from landbridge.store.workspaces import Workspace

SLUG = "demo"


class Connected(Struct, frozen=True):
    workspace: Workspace
    client_id: str  # of the workspace's own LinkedIn application


async def connect_company(stage: Stage, dialect: str, say: Callable[[str], object]) -> Connected:
    """A workspace that is ready to sync. Raises NeedsPersonError, TryLaterError."""
    workspace = await _fresh_workspace(stage)
    await _connect_ats(stage, workspace, say)
    client_id = await _connect_linkedin(stage, workspace, dialect, say)
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


async def _connect_ats(stage: Stage, workspace: Workspace, say: Callable[[str], object]) -> None:
    ats = await stage.smartrecruiters.credentials()
    await connecting.save(stage.opened, workspace, "smartrecruiters", {"api_key": ats["api_key"]})
    access = await connecting.test_source(stage.opened, workspace, "smartrecruiters")
    counts = ", ".join(f"{count:,} {name}" for name, count in access.counts.items())
    say(f"SmartRecruiters: signed in to {access.company or workspace.name}, {counts}")


async def _connect_linkedin(stage: Stage, workspace: Workspace, dialect: str, say: Callable[[str], object]) -> str:
    far_side = await stage.linkedin.credentials()
    organization, contract = far_side["organization"], far_side["contracts"][0]["urn"]
    fields = {
        "parent_client_id": far_side["parent"]["client_id"],
        "parent_client_secret": far_side["parent"]["client_secret"],
        "organization": organization,
        "contracts": contract,
        "dialect": dialect,
        # Where this sandbox tells of closed accounts; LinkedIn documents the duty to ask, not the address.
        "resources": '{"closed_profiles": {"path": "/v2/closedCandidateProfiles"}}',
    }
    await connecting.save(stage.opened, workspace, "linkedin", fields)
    client_id = await connecting.ensure_child_application(stage.opened, workspace, origins=(stage.console_url,))
    say(f"LinkedIn: made an application for the company ({client_id}), dialect {dialect}")
    await stage.linkedin.request_integrations(organization, contract, client_id)
    # LinkedIn takes https addresses only, and one per customer. The demo has nothing to receive yet.
    callback = f"https://landbridge.example.org/linkedin/{workspace.foreign_id}"
    await connecting.set_up_integrations(stage.opened, workspace, callback)
    for integration in await connecting.read_integrations(stage.opened, workspace):
        await stage.linkedin.enable(integration.key.context, integration.key.type, client_id)
    found = await connecting.read_integrations(stage.opened, workspace)
    if not all(integration.enabled for integration in found):
        raise UnavailableError("The integrations are not enabled although the sandbox enabled them.", code="sandbox")
    say(f"LinkedIn: {len(found)} integrations requested, named, configured and enabled")
    return client_id
