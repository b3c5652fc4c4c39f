"""Moving from Cross-System Awareness, the product before: its keys and contracts are kept, the steps are the same.

LinkedIn keeps the keys of such a customer, so no application is made; the customer still requests the company level
once in LinkedIn's window. Source: LinkedIn's page on customer configuration; the second half from other ATS vendors.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from msgspec import Struct

from landbridge.connectors import Wiring
from landbridge.connectors.linkedin import onboarding
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.destination import open_client
from landbridge.connectors.linkedin.integrations import (
    ABSENT,
    CONTRACT_TYPE,
    ENABLED,
    IntegrationKey,
    read_integrations,
)
from landbridge.connectors.linkedin.seats import read_seats
from landbridge.connectors.linkedin.settings import read_settings
from landbridge.errors import SettingError, SignInRejectedError
from landbridge.jobs.bucket import take_call
from landbridge.jobs.onboarding.application import (
    APPLICATION,
    CONSOLE,
    KEPT,
    OLDER_SECRET,
    load_inside,
    load_linkedin,
    open_parent,
    save_linkedin,
)
from landbridge.jobs.onboarding.contracts import asked_by_number
from landbridge.jobs.wiring import FAR_SIDE, Works
from landbridge.store import contracts as store
from landbridge.store.connections import has_other_user
from landbridge.store.contracts import Contract
from landbridge.store.database import Connection
from landbridge.store.workspaces import load_workspace, save_foreign_id

MOST_CONTRACTS = 50
_FOREIGN_ID = re.compile(r"[A-Za-z0-9._~:-]{1,200}")
# What can be taken over again without losing anything.
_MOVABLE = frozenset({"adding", "kept", "refused", "disconnected"})


class Older(Struct, frozen=True, kw_only=True):
    """What a customer of Cross-System Awareness has: keys, contracts by URN, and the id under which LinkedIn knows it.

    ``foreign_id`` "": not known. ``imported_until``: up to then InMails and notes are in the ATS; None: none are.
    """

    client_id: str
    client_secret: str
    contracts: tuple[str, ...]
    foreign_id: str = ""
    imported_until: datetime | None = None

    def __repr__(self) -> str:
        return f"Older({', '.join(self.contracts)})"


class Proof(Struct, frozen=True, kw_only=True):
    """What the keys were found to open: a contract, LinkedIn's word for its state, and its active seats."""

    contract: str
    status: str
    seats: int

    @property
    def number(self) -> str:
        return self.contract.rpartition(":")[2]


def read_older(
    client_id: str,
    client_secret: str,
    contracts: str,
    foreign_id: str = "",
    imported_until: datetime | None = None,
) -> Older:
    """What somebody typed; contracts with spaces, commas or lines between. Raises SettingError."""
    if not (client_id.strip() and client_secret.strip()):
        raise SettingError("client id or secret is missing", code="linkedin_credential")
    numbers = list(dict.fromkeys(contracts.replace(",", " ").replace(";", " ").split()))
    if not 0 < len(numbers) <= MOST_CONTRACTS:
        raise SettingError("the number of a contract is missing", code="linkedin_number")
    if foreign_id.strip() and not _FOREIGN_ID.fullmatch(foreign_id.strip()):
        raise SettingError("the foreign id cannot be part of an address", code="older_id_form")
    return Older(
        client_id=client_id.strip(),
        client_secret=client_secret.strip(),
        contracts=tuple(asked_by_number(number).contracts[0] for number in numbers),
        foreign_id=foreign_id.strip(),
        imported_until=imported_until,
    )


async def take_over(works: Works, workspace: int, older: Older, *, by: str, console: str) -> list[Proof]:
    """Try keys, contracts and foreign id with LinkedIn, then save them; nothing is saved where one does not work.

    Doing it again changes nothing. Raises SettingError with the reason, TryLaterError.
    """
    async with works.database.connection() as connection:
        await _check_here(works, connection, workspace, older)
    proofs = await _try_keys(works, workspace, older)
    application = await _find_application(works, workspace, older)
    async with works.database.transaction() as connection:
        # Once more, now that nobody can come in between.
        await connection.execute("SELECT FROM workspace WHERE id = %s FOR UPDATE", [workspace])
        await _check_here(works, connection, workspace, older)
        await _save(works, connection, workspace, older, by)
        given = {
            "client_id": older.client_id, "client_secret": older.client_secret, OLDER_SECRET: "",
            APPLICATION: application, KEPT: "yes", CONSOLE: console,
        }  # fmt: skip
        await save_linkedin(works, workspace, given, inside=connection)
    return proofs


async def _save(works: Works, connection: Connection, workspace: int, older: Older, by: str) -> None:
    facts = await load_workspace(connection, workspace)
    if older.foreign_id and older.foreign_id != facts.foreign_id:
        await save_foreign_id(connection, workspace, older.foreign_id)
    await store.drop_begun_contract(connection, workspace)
    for urn in older.contracts:
        await store.keep_contract(
            connection, workspace, urn=urn, by=by, now=works.clock.now(), imported_until=older.imported_until
        )


async def _check_here(works: Works, connection: Connection, workspace: int, older: Older) -> None:
    """What this Landbridge knows by itself: that nobody has these keys and contracts already."""
    for contract in await store.load_contracts(connection, workspace):
        if contract.urn in older.contracts and contract.state not in _MOVABLE:
            raise SettingError("the contract is here already", code="older_contract_there")
    for urn in older.contracts:
        if await store.has_other_owner(connection, workspace, urn):
            raise SettingError("another workspace has this contract", code="older_contract_elsewhere")
    if await has_other_user(connection, workspace, FAR_SIDE, older.client_id):
        raise SettingError("another workspace has these keys", code="older_keys_elsewhere")
    stored = (await load_inside(works, connection, workspace)).settings.get("client_id", "")
    if stored not in ("", older.client_id) and _in_use(await store.load_contracts(connection, workspace)):
        raise SettingError("this workspace has another application", code="older_other_application")


def _in_use(contracts: Sequence[Contract]) -> bool:
    return any(one.state not in _MOVABLE for one in contracts)


async def _try_keys(works: Works, workspace: int, older: Older) -> list[Proof]:
    """What the keys open. Raises SettingError where LinkedIn refuses them."""
    wiring = await _wiring(works, workspace, older)
    settings = read_settings(wiring, organization_known=False)
    async with _closing(open_client(settings, wiring)) as client:
        keys = [IntegrationKey(urn, CONTRACT_TYPE) for urn in older.contracts]
        try:
            found = await read_integrations(client, settings.resource("integrations"), keys)
        except SignInRejectedError:
            raise SettingError("LinkedIn refuses these keys", code="older_keys_refused") from None
        dialect, calls = settings.resource("seats"), partial(take_call, works, workspace)
        proofs = []
        for one in found:
            if one.status == ABSENT:
                raise SettingError("these keys do not open the contract", code="older_contract_unknown")
            on = one.status == ENABLED
            seats = await read_seats(client, dialect, one.key.context, calls) if on else []
            proofs.append(Proof(contract=one.key.context, status=one.status, seats=len(seats)))
    return proofs


async def _wiring(works: Works, workspace: int, older: Older) -> Wiring:
    """What a client is made from that signs with keys nobody has saved yet."""
    stored = await load_linkedin(works, workspace)
    return await works.trial_wiring(
        workspace,
        FAR_SIDE,
        settings={**stored.settings, "client_id": older.client_id},
        secrets={**stored.secrets, "client_secret": older.client_secret},
    )


@asynccontextmanager
async def _closing(client: LinkedInClient) -> AsyncIterator[LinkedInClient]:
    try:
        yield client
    finally:
        await client.close()


async def _find_application(works: Works, workspace: int, older: Older) -> str:
    """The application's URN, where the partner's keys can find it by its foreign id; else ""."""
    wiring = await _wiring(works, workspace, older)
    if not older.foreign_id or not read_settings(wiring, organization_known=False).parent_client_id:
        return ""
    async with _closing(open_parent(wiring)) as parent:
        child = await onboarding.find_child(parent, older.foreign_id)
    if child is None or child.client_id != older.client_id:
        raise SettingError("the foreign id is not that of these keys", code="older_id_unknown")
    return child.urn
