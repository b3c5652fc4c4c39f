"""The connection to the ATS: tried before it is kept."""

from __future__ import annotations

from collections.abc import Mapping

from landbridge.jobs.onboarding.ats import check_ats, connect_ats
from landbridge.jobs.pushing import open_door
from landbridge.ports.source import Access
from landbridge.web.acts.actor import Actor

FIELDS = ("api_key", "client_id", "client_secret")


def given(way: str, told: Mapping[str, str], base_url: str) -> dict[str, str]:
    """What goes over the stored connection: the other way to sign in is taken away, what is empty stays as it was."""
    kept = {name: value.strip() for name, value in told.items() if name in FIELDS and value.strip()}
    other = {"api_key": ""} if way == "oauth" else {"client_id": "", "client_secret": ""}
    return {**kept, **other, "base_url": base_url.strip()}


async def connect(actor: Actor, way: str, told: Mapping[str, str]) -> Access:
    """Try what was entered (see ``given``) and keep it where it works. Raises NeedsPersonError, TryLaterError."""
    async with actor.works() as works:
        access = await connect_ats(works, actor.workspace_id, told)
    await actor.note("ats.connected", subject="SmartRecruiters", way=way)
    return access


async def check(actor: Actor) -> Access:
    """Try what is kept. Raises NeedsPersonError, TryLaterError."""
    async with actor.works() as works:
        return await check_ats(works, actor.workspace_id)


async def take_pushes(actor: Actor) -> None:
    """Make an ATS that pushes this workspace's ATS. Raises SettingError where it has another one."""
    async with actor.works() as works:
        await open_door(works, actor.workspace_id)
    await actor.note("pushes.opened")
