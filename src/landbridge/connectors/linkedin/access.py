"""Which jobs are on which access list, and who may see what is on it. Source: LinkedIn's pages on access control lists.

A person sees a job where one list holds both, once the viewer settings no longer open everything to everybody; the
job's applications follow it. Only jobs can be put on lists. A person may be on ten lists at most.

Not known, so not used: the id of the list that is said to show a job to everybody, and the keys of the versioned
forms. In both dialects the resources of v2 are written; settings can correct them (``acls``, ``acl_assignees``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from landbridge.connectors.linkedin import restli
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.linkedin.integrations import (
    EVERYBODY,
    IntegrationKey,
    clear_configuration,
    configure_integration,
)
from landbridge.connectors.linkedin.refusals import refused, unknown_resource
from landbridge.connectors.linkedin.settings import Settings
from landbridge.errors import MissingError
from landbridge.http import Call
from landbridge.ports.destination import Outcome

Part = Literal["job", "person"]
RESOURCES: dict[Part, str] = {"job": "acls", "person": "acl_assignees"}
VIEWERS = {"ONE_CLICK_EXPORT": "JOB_POSTING_VIEWERS", "IN_ATS_INDICATOR": "APPLICATION_VIEWERS"}


class Entry(Struct, frozen=True, order=True):
    """That a job (by its key) or a person (by URN) is on a list."""

    part: Part
    list: str
    subject: str


async def write_entries(client: LinkedInClient, settings: Settings, entries: Sequence[Entry]) -> list[Outcome]:
    """Put up to a hundred entries of one part on their lists, in one call; repeating changes nothing.

    One outcome each, in order, ``record_id`` being the place. Raises as ``Writer.write``.
    """
    return await _send(client, settings, entries, "batch_update")


async def delete_entries(client: LinkedInClient, settings: Settings, entries: Sequence[Entry]) -> list[Outcome]:
    """Take them off. What is not there counts as taken off."""
    return await _send(client, settings, entries, "batch_delete")


async def _send(
    client: LinkedInClient,
    settings: Settings,
    entries: Sequence[Entry],
    method: Literal["batch_update", "batch_delete"],
) -> list[Outcome]:
    dialect = settings.resource(RESOURCES[entries[0].part])
    keys = restli.Keys(
        [dialect.key(settings.organization, entry.list, entry.subject) for entry in entries], dialect.protocol
    )
    try:
        answer = await client.send(_call(dialect, keys, method, len(entries)))
    except MissingError as unknown:
        raise unknown_resource(unknown) from unknown
    statuses = restli.read_statuses(answer, keys)
    return [_outcome(place, status, method) for place, status in enumerate(statuses)]


def _call(dialect: Resource, keys: restli.Keys, method: str, records: int) -> Call:
    deletes = method == "batch_delete"
    return Call(
        method="DELETE" if deletes else "PUT",
        path=dialect.path,
        route=dialect.path,
        query=keys.query,
        headers={**dialect.headers, "x-restli-method": method},
        # The key says it all; the entity is an empty object.
        content=b"" if deletes else keys.entities([b"{}"] * records),
        content_type=None if deletes else "application/json",
        records=records,
        allowance="acls",
    )


def _outcome(place: int, status: int | restli.Fault | None, method: str) -> Outcome:
    if status is None:
        return Outcome(record_id=place, status="retry", detail="LinkedIn did not mention it")
    if isinstance(status, int) or (status.status == 404 and method == "batch_delete"):
        return Outcome(record_id=place, status="delivered")
    return refused(place, status)


async def open_to_everybody(client: LinkedInClient, settings: Settings) -> None:
    """Set both viewer settings: whoever has a seat sees every job and application, whatever the lists say."""
    integrations, configurations = settings.resource("integrations"), settings.resource("configurations")
    for type_, name in VIEWERS.items():
        key = IntegrationKey(settings.organization, type_)
        await configure_integration(client, integrations, configurations, key, {name: EVERYBODY})


async def leave_to_lists(client: LinkedInClient, settings: Settings) -> None:
    """Take both viewer settings away: from now on the lists decide, and what is on none is hidden from everybody.

    LinkedIn knows no other value that says so; the setting has to be deleted, which only v2 can.
    """
    integrations, configurations = settings.resource("integrations"), settings.resource("configurations")
    for type_, name in VIEWERS.items():
        key = IntegrationKey(settings.organization, type_)
        await clear_configuration(client, integrations, configurations, key, name)
