"""Contracts: added through LinkedIn's window, named and configured, paused, ended, taken over from the old product."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from msgspec import Struct

from landbridge.connectors.linkedin import onboarding
from landbridge.connectors.linkedin.integrations import (
    ABSENT,
    integrations_of,
    read_integrations,
)
from landbridge.errors import RejectedError, SettingError
from landbridge.http.address import is_loopback
from landbridge.jobs.onboarding.application import (
    CONSOLE,
    child_client,
    ensure_application,
    load_linkedin,
    noted,
    save_linkedin,
)
from landbridge.jobs.queue import JobBell, ask, contracts_wish
from landbridge.jobs.wiring import Works
from landbridge.records import Kind
from landbridge.store import access_lists
from landbridge.store import contracts as store
from landbridge.store.contracts import Contract
from landbridge.store.database import Connection
from landbridge.store.integrations import delete_integrations
from landbridge.store.resending import begin_anew
from landbridge.store.workspaces import Workspace, load_workspace, save_organization
from landbridge.sync.budget import Urgency

log = structlog.get_logger(__name__)

_ORGANIZATION = re.compile(r"urn:li:organization:[0-9]{1,19}")
_CONTRACT = re.compile(r"urn:li:contract:[0-9]{1,19}")
MOST_REQUESTED = 200


class Asked(Struct, frozen=True, kw_only=True):
    """What the admin requested in LinkedIn's window: companies and contracts, by URN."""

    organizations: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()


async def begin(works: Works, workspace: int, *, by: str, console: str) -> Contract:
    """Get ready for LinkedIn's window: the workspace's application, and the contract it is about.

    That is one in the list as being added, where none was taken over that is still to be requested. A second click or
    a second admin goes on with the same one. Raises NeedsPersonError, TryLaterError.
    """
    await ensure_application(works, workspace, console=console)
    async with works.database.transaction() as connection:
        kept = kept_of(await store.load_contracts(connection, workspace))
        # What was taken over is what the window is about first.
        return kept[0] if kept else await store.begin_contract(connection, workspace, by=by, now=works.clock.now())


async def give_up(works: Works, workspace: int) -> bool:
    """The window was closed for good."""
    async with works.database.connection() as connection:
        return await store.drop_begun_contract(connection, workspace)


def read_asked(told: object) -> Asked:
    """What the widget handed to the page. It comes out of a browser, so nothing is believed but its form."""
    rows = told if isinstance(told, list) else [told]
    contexts: dict[str, None] = {}
    for row in rows[:MOST_REQUESTED]:
        context = row.get("integrationContext") if isinstance(row, Mapping) else None
        if isinstance(context, str):
            contexts[context] = None
    return Asked(
        organizations=tuple(urn for urn in contexts if _ORGANIZATION.fullmatch(urn)),
        contracts=tuple(urn for urn in contexts if _CONTRACT.fullmatch(urn)),
    )


def asked_by_number(contract: str, organization: str = "") -> Asked:
    """What somebody typed, when the window could not tell. Raises SettingError."""
    urn = _completed(contract, "contract", _CONTRACT)
    return Asked(
        organizations=(_completed(organization, "organization", _ORGANIZATION),) if organization.strip() else (),
        contracts=(urn,),
    )


def _completed(value: str, name: str, form: re.Pattern[str]) -> str:
    value = value.strip()
    urn = f"urn:li:{name}:{value}" if value.isascii() and value.isdigit() else value
    if not form.fullmatch(urn):
        raise SettingError(
            f"the {name} is no number",
            code="linkedin_number",
            hint=f"Enter the number as Recruiter shows it, or urn:li:{name}: with the number.",
        )
    return urn


async def take_request(works: Works, workspace: int, asked: Asked, *, by: str) -> list[Contract]:
    """Take over what was requested, once LinkedIn itself confirms it; naming and configuring follow by themselves.

    Calling it again changes nothing. Raises RejectedError with the reason (``problem_code`` of the contract too),
    NeedsPersonError and TryLaterError for the connection.
    """
    async with works.database.connection() as connection:
        facts = await load_workspace(connection, workspace)
        known = await store.load_contracts(connection, workspace)
    asked = with_kept(asked, known)
    try:
        organization = _company_of(asked, facts, may_change=_all_disconnected(known))
        await _confirm(works, workspace, organization, asked.contracts)
    except RejectedError as refusal:
        await _refuse(works, workspace, refusal.code, by)
        raise
    async with works.database.transaction() as connection:
        now = works.clock.now()
        if facts.organization_urn not in {None, organization}:
            await _move_company(connection, workspace, facts.organization_urn or "", now)
        await save_organization(connection, workspace, organization)
        taken = [
            await store.save_requested(connection, workspace, urn=urn, organization_urn=organization, by=by, now=now)
            for urn in asked.contracts
        ]
    await keep_settings(works, workspace)
    async with works.database.transaction() as connection:
        await ask(connection, [contracts_wish(workspace)])
    return taken


def _all_disconnected(contracts: Sequence[Contract]) -> bool:
    """Whether there were contracts, and none is in use any more: only then may the company be another one."""
    named = [one for one in contracts if one.urn]
    return bool(named) and all(one.state == "disconnected" for one in named)


async def _move_company(connection: Connection, workspace: int, before: str, now: datetime) -> None:
    """The company has got another id at LinkedIn, which knows nothing of it there: all is sent to it anew."""
    await delete_integrations(connection, workspace, before)
    count = await begin_anew(connection, workspace, priority=Urgency.BACKFILL, now=now)
    log.info("company_changed", workspace=workspace, count=count)


def kept_of(contracts: Sequence[Contract]) -> list[Contract]:
    """Those of the older integration that are still to be requested."""
    return [one for one in contracts if one.state == "kept"]


def with_kept(asked: Asked, contracts: Sequence[Contract]) -> Asked:
    """What was requested, and the contracts that wait for just that: the window does not offer their level again.

    Finish says once more what the window has told: then they are on their way already, and no other one is being added.
    """
    if not (asked.organizations or asked.contracts):
        return asked
    again = not asked.contracts and all(one.urn for one in contracts)
    states = {"kept", "requested", "configuring", "waiting"} if again else {"kept"}
    urns = dict.fromkeys((*asked.contracts, *(one.urn for one in contracts if one.urn and one.state in states)))
    return Asked(organizations=asked.organizations, contracts=tuple(urns))


def _company_of(asked: Asked, facts: Workspace, *, may_change: bool) -> str:
    """The company the request is about. Raises RejectedError where it is none, another one, or lacks its contract."""
    known = None if may_change and asked.organizations else facts.organization_urn
    if not (asked.organizations or asked.contracts):
        raise RejectedError("nothing was requested", code="linkedin_nothing_requested")
    if len(asked.organizations) > 1 or (known and asked.organizations and known not in asked.organizations):
        raise RejectedError("the request is for another company", code="linkedin_company_changed")
    organization = asked.organizations[0] if asked.organizations else known
    if not organization:
        raise RejectedError("the company level was not requested", code="linkedin_company_level_missing")
    if not asked.contracts:
        raise RejectedError("the contract level was not requested", code="linkedin_contract_level_missing")
    return organization


async def _confirm(works: Works, workspace: int, organization: str, contracts: Sequence[str]) -> None:
    """Ask LinkedIn whether it knows of the request: the page only has the browser's word for it."""
    async with noted(works, workspace), child_client(works, workspace) as (client, settings):
        wanted = integrations_of(organization, contracts)
        found = await read_integrations(client, settings.resource("integrations"), wanted)
    absent = [one.key.type for one in found if one.status == ABSENT]
    if absent:
        raise RejectedError(
            "LinkedIn knows of no such request", code="linkedin_not_requested", facts={"absent": absent}
        )


async def _refuse(works: Works, workspace: int, code: str, by: str) -> None:
    async with works.database.transaction() as connection:
        now = works.clock.now()
        kept = kept_of(await store.load_contracts(connection, workspace))
        for one in kept:
            await store.move_contract(connection, workspace, one.id, "kept", now=now, problem_code=code)
        if not kept:
            begun = await store.begin_contract(connection, workspace, by=by, now=now)
            await store.move_contract(connection, workspace, begun.id, "refused", now=now, problem_code=code)


# What LinkedIn's window tells only to the person before it.
SEEN_REFUSALS = ("linkedin_not_admin", "linkedin_lite", "linkedin_window_blocked")


async def note_refusal(works: Works, workspace: int, code: str, *, by: str) -> None:
    """LinkedIn's window refused, and the person before it says how: keep the reason and show the way on."""
    if code not in SEEN_REFUSALS:
        raise SettingError("There is no such refusal.", code="linkedin_contract_unknown")
    await _refuse(works, workspace, code, by)


async def keep_settings(works: Works, workspace: int) -> None:
    """Have the connection name the company and the contracts that are in use."""
    async with works.database.connection() as connection:
        facts = await load_workspace(connection, workspace)
        known = await store.load_contracts(connection, workspace)
    urns = [one.urn for one in known if one.urn and one.state not in {"disconnected", "kept"}]
    await save_linkedin(works, workspace, {"organization": facts.organization_urn or "", "contracts": ",".join(urns)})


async def configure(works: Works, workspace: int, contract: Contract) -> None:
    """Name the integrations and set what has to be set before an admin can enable them.

    Raises RejectedError where LinkedIn refuses, SettingError where it could not reach this Landbridge.
    """
    async with works.database.connection() as connection:
        facts = await load_workspace(connection, workspace)
    await set_up(works, facts, await callback_url(works, facts), [contract.urn or ""])


async def set_up(works: Works, workspace: Workspace, callback: str, contracts: Sequence[str] | None = None) -> None:
    """The same for these contracts, or for all that the connection names, with this address for what happens."""
    async with noted(works, workspace.id), child_client(works, workspace.id) as (client, settings):
        await onboarding.set_up_integrations(
            client,
            settings,
            name=onboarding.child_name("Landbridge", workspace.name),
            callback_url=callback,
            contracts=settings.contracts if contracts is None else contracts,
        )
        if settings.access == "teams":
            async with works.database.transaction() as connection:
                await access_lists.note_left(connection, workspace.id)


async def callback_url(works: Works, workspace: Workspace, *, own: str = "") -> str:
    """Where LinkedIn shall send what happens in Recruiter; of this workspace alone. Raises SettingError.

    ``own``: where the console is, for whoever knows; else the address at which a browser has met it.
    """
    stored = await load_linkedin(works, workspace.id)
    own = own or works.settings.public_url or str(stored.settings.get(CONSOLE, ""))
    async with child_client(works, workspace.id) as (_, settings):
        host = urlsplit(settings.api_url).hostname or ""
    if not own or (not own.startswith("https://") and not is_loopback(host)):
        raise SettingError(
            "LinkedIn wants an https address of this Landbridge before the integrations can be enabled.",
            code="public_address_missing",
            hint="Set LANDBRIDGE_PUBLIC_URL to the address of the console.",
        )
    return f"{own}/linkedin/{workspace.foreign_id}"


async def pause(works: Works, workspace: int, number: int, *, paused: bool) -> bool:
    """Let a contract rest: nothing is sent where no other one is open, and nothing is fetched for it."""
    async with works.database.transaction() as connection:
        changed = await store.pause_contract(connection, workspace, number, paused=paused, now=works.clock.now())
        if changed and not paused:
            await JobBell(works.clock).ring(connection, workspace, list(Kind))
            await ask(connection, [contracts_wish(workspace)])
    return changed


async def disconnect(works: Works, workspace: int, number: int) -> bool:
    """End a contract here: nothing goes either way, what was imported stays. LinkedIn keeps its own switches.

    Whether it was connected. Connecting again is asking for it again.
    """
    async with works.database.transaction() as connection:
        contract = await store.load_contract(connection, workspace, number)
        if contract is None or contract.urn is None:
            return await store.drop_begun_contract(connection, workspace) if contract else False
        moved = await store.move_contract(
            connection, workspace, number, "disconnected", now=works.clock.now(), among=_CONNECTED
        )
        await delete_integrations(connection, workspace, contract.urn)
    await keep_settings(works, workspace)
    return moved


_CONNECTED: tuple[store.ContractState, ...] = (
    "kept", "requested", "configuring", "waiting", "enabled", "refused", "disabled", "expired",
)  # fmt: skip


async def reconnect(works: Works, workspace: int, number: int, *, by: str) -> list[Contract]:
    """Begin anew with a contract that was ended or refused. Raises as ``take_request``."""
    async with works.database.connection() as connection:
        contract = await store.load_contract(connection, workspace, number)
    if contract is None or contract.urn is None:
        raise SettingError("There is no such contract (any more).", code="linkedin_contract_unknown")
    organizations = (contract.organization_urn,) if contract.organization_urn else ()
    return await take_request(works, workspace, Asked(organizations=organizations, contracts=(contract.urn,)), by=by)
