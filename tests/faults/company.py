"""A company that is connected with both far sides and ready to sync, joined with the product's own code."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from landbridge.cli import connecting
from landbridge.cli.opening import opened
from tests.faults.control import FarSide

KEY = base64.b64encode(b"a key that is only used by tests").decode()
INTEGRATIONS = ("ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN")

# Real limits make one wait; these tests wait for nothing that can be hurried.
QUICK = {
    "LANDBRIDGE_ENCRYPTION_KEY": KEY,
    "LANDBRIDGE_HEARTBEAT_SECONDS": "0.3",
    "LANDBRIDGE_STALLED_AFTER_SECONDS": "1",
    "LANDBRIDGE_LANE_SLICE_SECONDS": "2",
    "LANDBRIDGE_JOB_TASK_FIRST_LOOK_SECONDS": "0",
    "LANDBRIDGE_MATCH_LOOKUP_DELAY_SECONDS": "0",
    "LANDBRIDGE_WORKER_CONCURRENCY": "6",
    "LANDBRIDGE_LOG_FORMAT": "json",
}


class Company(Struct, frozen=True):
    """One connected workspace."""

    workspace: int
    slug: str
    client_id: str
    organization: str
    contract: str


async def connect(
    environment: Mapping[str, str],
    source: FarSide,
    network: FarSide,
    *,
    slug: str = "main",
    choices: Mapping[str, Any] | None = None,
    put: Mapping[str, str] | None = None,
    enable: bool = True,
) -> Company:
    """A workspace with both connections saved and tried, its integrations requested and (``enable``) enabled.

    ``put`` are further fields of the LinkedIn connection.
    """
    there = network.credentials()
    child, organization, contract = there["child"], there["organization"], there["contracts"][0]["urn"]
    async with opened(environment) as parts:
        workspace = await connecting.ensure_workspace(parts, slug, slug, choices)
        key = {"api_key": source.credentials()["api_key"], "base_url": source.url}
        await connecting.save(parts, workspace, "smartrecruiters", key)
        await connecting.test_source(parts, workspace, "smartrecruiters")
        fields = {
            "client_id": child["client_id"],
            "client_secret": child["client_secret"],
            "organization": organization,
            "contracts": contract,
            "api_url": network.url,
            "auth_url": network.url,
            **(put or {}),
        }
        await connecting.save(parts, workspace, "linkedin", fields)
        network.request_integrations(organization, contract, child["client_id"])
        callback = f"https://landbridge.example.org/linkedin/{workspace.foreign_id}"
        await connecting.set_up_integrations(parts, workspace, callback)
        company = Company(workspace.id, slug, child["client_id"], organization, contract)
        if enable:
            set_all(network, company, "ENABLED")
        await connecting.read_integrations(parts, workspace)
    return company


def set_all(network: FarSide, company: Company, status: str) -> None:
    """What the Recruiter admin does to every integration of the company."""
    for kind in INTEGRATIONS:
        network.set_integration(company.organization, kind, status, company.client_id)
    network.set_integration(company.contract, "CSA_API", status, company.client_id)
