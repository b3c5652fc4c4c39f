"""What LinkedIn says of a workspace's contracts, and what follows: configuring, enabling, starting the sync."""

from __future__ import annotations

from datetime import datetime

import structlog

from landbridge.errors import LandbridgeError, NeedsPersonError, RecordError
from landbridge.jobs import integrations
from landbridge.jobs.control import start_sync
from landbridge.jobs.onboarding import contracts as onboarding
from landbridge.jobs.onboarding.standing import levels_of, next_look, next_state
from landbridge.jobs.queue import JobBell, ask, contracts_wish, people_wish
from landbridge.jobs.wiring import Works
from landbridge.records import Kind
from landbridge.store import contracts, sweeps
from landbridge.store.contracts import Contract
from landbridge.store.integrations import load_integrations

log = structlog.get_logger(__name__)

# What LinkedIn says of them does not end what keeps them from going on.
_STAYING = frozenset({"kept", "requested", "configuring", "refused"})


async def follow(works: Works, workspace: int) -> datetime | None:
    """Ask LinkedIn, do what is ours to do, save where each contract stands; when to ask again, None: not by itself.

    Raises NeedsPersonError, TryLaterError for the connection; what it knows by then is saved.
    """
    known = await _load(works, workspace)
    if not any(one.urn for one in known if one.state not in {"disconnected", "kept"}):
        return None
    await integrations.read(works, workspace)
    for contract in await _load(works, workspace):
        if contract.state in {"requested", "configuring"}:
            await _configure(works, workspace, contract)
    if await settle(works, workspace):
        await _begin_work(works, workspace)
    return await _next_look(works, workspace)


async def look_now(works: Works, workspace: int) -> None:
    """Somebody reloads the page or LinkedIn has pushed: ask at once, and often for a while."""
    async with works.database.transaction() as connection:
        await contracts.hurry_looks(connection, workspace, works.clock.now())
        await ask(connection, [contracts_wish(workspace)])
    await follow(works, workspace)


async def settle(works: Works, workspace: int) -> bool:
    """Bring each contract to the state that follows from what is known; whether one became enabled."""
    now = works.clock.now()
    enabled = False
    async with works.database.transaction() as connection:
        known = await load_integrations(connection, workspace)
        for contract in await contracts.load_contracts(connection, workspace):
            if contract.urn is None:
                continue
            state, problem = next_state(contract.state, levels_of(contract, known))
            if (state, problem) == (contract.state, "") and contract.state in _STAYING:
                continue  # keeps the reason why it does not go on
            moved = await contracts.move_contract(
                connection, workspace, contract.id, state, now=now, among=[contract.state], problem_code=problem
            )
            enabled = enabled or (moved and state == "enabled")
    return enabled


async def _configure(works: Works, workspace: int, contract: Contract) -> None:
    """Name and configure one contract's integrations; what goes wrong is shown on it, and it is tried again."""
    problem = ""
    try:
        await onboarding.configure(works, workspace, contract)
    except (RecordError, NeedsPersonError) as refusal:
        log.info("contract_not_configured", workspace=workspace, code=refusal.code)
        problem = refusal.code
    async with works.database.connection() as connection:
        await contracts.move_contract(
            connection,
            workspace,
            contract.id,
            "configuring" if problem else "waiting",
            now=works.clock.now(),
            among=["requested", "configuring"],
            problem_code=problem,
        )


async def _begin_work(works: Works, workspace: int) -> None:
    """A contract was enabled: wake what waits, read people, and begin the historical sync if it never was."""
    async with works.database.transaction() as connection:
        newest = await sweeps.newest(connection, workspace)
        wanted = await contracts.may_send(connection, workspace)
        await JobBell(works.clock).ring(connection, workspace, list(Kind))
        await ask(connection, [people_wish(workspace)])
    if newest is None and wanted:
        try:
            await start_sync(works, workspace)
        except LandbridgeError as trouble:  # the ATS may not be connected yet; connecting it begins the sync
            log.info("sync_not_begun", workspace=workspace, code=trouble.code)


async def _next_look(works: Works, workspace: int) -> datetime | None:
    now = works.clock.now()
    times = []
    async with works.database.transaction() as connection:
        for contract in await contracts.load_contracts(connection, workspace):
            pause = next_look(contract.state, contract.looks)
            at = None if pause is None else now + pause
            await contracts.note_look(connection, workspace, contract.id, again_at=at)
            if at is not None:
                times.append(at)
    return min(times, default=None)


async def _load(works: Works, workspace: int) -> list[Contract]:
    async with works.database.connection() as connection:
        return await contracts.load_contracts(connection, workspace)
