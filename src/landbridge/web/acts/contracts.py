"""Contracts: added, rested, ended, begun anew; links for whoever is Recruiter admin."""

from __future__ import annotations

from landbridge.jobs.onboarding import application, contracts
from landbridge.jobs.onboarding.application import Kind, take_over_keys
from landbridge.jobs.onboarding.contracts import Asked
from landbridge.jobs.onboarding.statuses import look_now
from landbridge.store.contracts import Contract, load_contract, name_contract
from landbridge.store.handovers import make_handover, revoke_handovers
from landbridge.web.acts.actor import Actor, NothingThereError

LONGEST_NAME = 100


async def found(actor: Actor, number: int) -> Contract:
    """Raises NothingThereError."""
    async with actor.connection() as connection:
        contract = await load_contract(connection, actor.workspace_id, number)
    if contract is None:
        raise NothingThereError("There is no such contract in this workspace.")
    return contract


async def take(actor: Actor, asked: Asked) -> list[Contract]:
    """Take over what was requested in LinkedIn's window, once LinkedIn confirms it, and see how far it is.

    Raises RejectedError with the reason, NeedsPersonError and TryLaterError for the connection.
    """
    async with actor.works() as works:
        taken = await contracts.take_request(works, actor.workspace_id, asked, by=actor.name)
        await look_now(works, actor.workspace_id)
    await actor.note("contract.added", subject=", ".join(one.number for one in taken))
    return taken


async def look(actor: Actor, number: int) -> None:
    """Ask LinkedIn now. Raises NeedsPersonError, TryLaterError."""
    await found(actor, number)
    await look_at_all(actor)


async def look_at_all(actor: Actor) -> None:
    """Ask LinkedIn about every contract now. Raises NeedsPersonError, TryLaterError."""
    async with actor.works() as works:
        await look_now(works, actor.workspace_id)


async def pause(actor: Actor, number: int, *, paused: bool) -> bool:
    """Let it rest, or go on; whether that changed anything."""
    contract = await found(actor, number)
    async with actor.works() as works:
        changed = await contracts.pause(works, actor.workspace_id, number, paused=paused)
    if changed:
        await actor.note("contract.paused" if paused else "contract.resumed", subject=contract.number)
    return changed


async def rename(actor: Actor, number: int, name: str) -> None:
    contract = await found(actor, number)
    async with actor.transaction() as connection:
        await name_contract(connection, actor.workspace_id, number, " ".join(name.split())[:LONGEST_NAME])
        await actor.note("contract.named", subject=contract.number, connection=connection)


async def disconnect(actor: Actor, number: int) -> Contract:
    """The contract as it was. Nothing goes either way any more; what was imported stays."""
    contract = await found(actor, number)
    async with actor.works() as works:
        if await contracts.disconnect(works, actor.workspace_id, number):
            await actor.note("contract.disconnected", subject=contract.number)
    return contract


async def reconnect(actor: Actor, number: int) -> None:
    """Begin anew with a contract that was ended or refused. Raises as ``take``."""
    contract = await found(actor, number)
    async with actor.works() as works:
        await contracts.reconnect(works, actor.workspace_id, number, by=actor.name)
        await look_now(works, actor.workspace_id)
    await actor.note("contract.reconnected", subject=contract.number)


async def hand_over(actor: Actor) -> str:
    """The token of a link for whoever is Recruiter admin. It is told only now."""
    async with actor.transaction() as connection:
        token = await make_handover(connection, actor.workspace_id, by=actor.name, now=actor.now)
        await actor.note("handover.made", connection=connection)
    return token


async def take_links_back(actor: Actor) -> int:
    """How many links no longer work."""
    async with actor.transaction() as connection:
        count = await revoke_handovers(connection, actor.workspace_id, actor.now)
        if count:
            await actor.note("handover.revoked", connection=connection)
    return count


async def save_keys(actor: Actor, kind: Kind, *, client_id: str, client_secret: str) -> None:
    """Keys of the partner's application ("parent"), or of one that exists for this customer ("child").

    Raises SettingError where LinkedIn refuses them or one is missing, TryLaterError.
    """
    async with actor.works() as works:
        await take_over_keys(works, actor.workspace_id, kind=kind, client_id=client_id, client_secret=client_secret)
    await actor.note("linkedin.keys_saved", subject=kind)


async def rotate_secret(actor: Actor) -> None:
    """A new secret for the application that Landbridge made. Raises SettingError, RejectedError, TryLaterError."""
    async with actor.works() as works:
        await application.rotate_secret(works, actor.workspace_id)
    await actor.note("linkedin.secret_made")
