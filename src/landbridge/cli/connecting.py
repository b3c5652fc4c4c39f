"""Joining a workspace with its two systems, step by step, as an admin does it."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from landbridge.cli.syncing import works_of
from landbridge.errors import SettingError

if TYPE_CHECKING:
    from landbridge.cli.opening import Opened
    from landbridge.connectors import Connector
    from landbridge.connectors.linkedin.integrations import Integration
    from landbridge.ports.source import Access
    from landbridge.store.workspaces import Workspace


def now() -> datetime:
    return datetime.now(UTC)


async def ensure_workspace(opened: Opened, slug: str, name: str, choices: Mapping[str, Any] | None = None) -> Workspace:
    """The workspace of this slug, made where there is none."""
    from landbridge.cli.operator import operator_of
    from landbridge.store.workspaces import create_workspace, find_workspace, load_workspace

    async with opened.database.transaction() as connection:
        found = await find_workspace(connection, slug)
        if found is not None:
            return found
        # LinkedIn knows the workspace by this for ever, so it must not depend on a name that may change.
        foreign_id = f"landbridge-{slug}-{randomness.token_hex(6)}"
        number = await create_workspace(
            connection, slug=slug, name=name or slug, foreign_id=foreign_id, now=now(), choices=choices
        )
        made = await load_workspace(connection, number)
        await operator_of(opened, made).note("workspace.made", subject=made.name, connection=connection)
        return made


def connector_of(system: str) -> Connector:
    """Raises SettingError naming the systems there are."""
    from landbridge.connectors import CONNECTORS

    if system not in CONNECTORS:
        raise SettingError(f"There is no system {system}.", hint=f"It is one of: {', '.join(CONNECTORS)}.")
    return CONNECTORS[system]


async def save(opened: Opened, workspace: Workspace, system: str, given: Mapping[str, str]) -> dict[str, str]:
    """Put ``given`` over what is stored; an empty value takes a field away. What was made, to be shown once.

    Raises SettingError on unknown fields.
    """
    from landbridge.store.connections import Credentials, keep_one_ats, load_credentials, save_credentials

    connector = connector_of(system)
    unknown = given.keys() - {field.name for field in connector.fields}
    if unknown:
        known = ", ".join(field.name for field in connector.fields)
        raise SettingError(f"{system} has no field {', '.join(sorted(unknown))}.", hint=f"It has: {known}.")
    async with opened.database.transaction() as connection:
        await keep_one_ats(connection, workspace.id, system)
        try:
            stored = await load_credentials(connection, workspace.id, system, vault=opened.vault)
        except SettingError as problem:
            if problem.code != "not_connected":
                raise
            stored = Credentials(settings={}, secrets={})
        settings, hidden = dict(stored.settings), dict(stored.secrets)
        for name, value in given.items():
            (hidden if name in connector.secrets else settings)[name] = value
        made = {
            field.name: field.made()
            for field in connector.fields
            if field.made is not None and not (hidden if field.secret else settings).get(field.name)
        }
        for name, value in made.items():
            (hidden if name in connector.secrets else settings)[name] = value
        await save_credentials(
            connection,
            workspace.id,
            system,
            vault=opened.vault,
            settings={name: value for name, value in settings.items() if value != ""},
            secrets={name: value for name, value in hidden.items() if value != ""},
        )
    return made


async def test_source(opened: Opened, workspace: Workspace, system: str) -> Access:
    """Try the credential of an ATS and note the result. Raises NeedsPersonError, TryLaterError."""
    from landbridge.jobs.onboarding.application import noted

    async with works_of(opened) as works, noted(works, workspace.id, system), works.source(workspace.id) as source:
        return await source.check()


async def read_integrations(opened: Opened, workspace: Workspace) -> list[Integration]:
    """Ask LinkedIn for the state of the integrations and keep it. Raises NeedsPersonError, TryLaterError."""
    from landbridge.jobs import integrations
    from landbridge.jobs.onboarding.application import noted

    async with works_of(opened) as works, noted(works, workspace.id):
        return await integrations.read(works, workspace.id)


async def prepare_integrations(opened: Opened, workspace: Workspace, found: Sequence[Integration]) -> bool:
    """Name and configure what has been requested, so that the Recruiter admin can enable it; whether that was done.

    Raises SettingError where LinkedIn could not reach this Landbridge by the address it would be given.
    """
    from landbridge.connectors.linkedin.integrations import ABSENT, COMPANY_TYPES, CONTRACT_TYPE

    requested = [one.key for one in found if one.status != ABSENT]
    company = {key.type for key in requested} - {CONTRACT_TYPE}
    if company != set(COMPANY_TYPES) or all(one.enabled for one in found):
        return False
    contracts = [key.context for key in requested if key.type == CONTRACT_TYPE]
    await set_up_integrations(opened, workspace, await callback_url(opened, workspace), contracts)
    return True


async def callback_url(opened: Opened, workspace: Workspace) -> str:
    """Where LinkedIn shall send what happens in Recruiter. Raises SettingError where it could not reach that."""
    from landbridge.jobs.onboarding import contracts
    from landbridge.web.server import address

    async with works_of(opened) as works:
        return await contracts.callback_url(works, workspace, own=address(opened.settings))


async def set_up_integrations(
    opened: Opened, workspace: Workspace, callback_url: str, contracts: Sequence[str] | None = None
) -> None:
    """Name the requested integrations and set what LinkedIn wants set before an admin can enable them.

    ``contracts`` None: all that the connection names.
    """
    from landbridge.jobs.onboarding.contracts import set_up

    async with works_of(opened) as works:
        await set_up(works, workspace, callback_url, contracts)


async def ensure_child_application(opened: Opened, workspace: Workspace, origin: str) -> str:
    """The client id of the workspace's own LinkedIn application, made through the partner's where there is none yet.

    ``origin`` is the address whose pages may show LinkedIn's widgets. Raises NeedsPersonError, TryLaterError.
    """
    from landbridge.jobs.onboarding.application import ensure_application

    async with works_of(opened) as works:
        return (await ensure_application(works, workspace.id, console=origin)).client_id
