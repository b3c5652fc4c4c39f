"""What every job does beside its own work: whether it may run, what becomes of its trouble, and which job follows."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from msgspec import structs
from procrastinate import JobContext

from landbridge.errors import LandbridgeError, NeedsPersonError
from landbridge.jobs.queue import Wish, ask
from landbridge.jobs.resolution import Action, again_at, resolve
from landbridge.jobs.wiring import FAR_SIDE, Works
from landbridge.store.connections import load_system_states, mark_ok, mark_problem, waits_for_company
from landbridge.store.contracts import may_send
from landbridge.store.database import raise_if_ours
from landbridge.store.integrations import ENABLED, load_integrations
from landbridge.store.workspaces import load_workspace

log = structlog.get_logger(__name__)

# How often a connection that waits for a person is tried again: most are repaired on the far side, unseen by us.
TRY_AGAIN = timedelta(minutes=2)
CONTRACT_LEVEL = "CSA_API"


def works_of(context: JobContext) -> Works:
    """What the worker that runs this job works with; see ``worker.py``."""
    found: Works = context.additional_context["works"]
    return found


def stopping_of(context: JobContext) -> Callable[[], bool]:
    """Whether the worker has been asked to stop: slices end early then."""
    told: Callable[[], bool] = context.additional_context["stopping"]
    return told


@asynccontextmanager
async def surviving(works: Works, wish: Wish) -> AsyncIterator[None]:
    """Have the job come again where our own database failed it; where even that cannot be saved, the tick does it."""
    try:
        yield
    except LandbridgeError as error:
        log.warning("job_in_trouble", text=resolve(error).words, code=error.code, task=wish.task)
        await works.clock.sleep(1.0)
        with contextlib.suppress(LandbridgeError):
            await ask_for(works, [structs.replace(wish, at=again_at(error, works.clock.now()))])


async def may_run(works: Works, workspace: int, system: str) -> bool:
    """Whether jobs of this system may run: not while paused or broken; to LinkedIn also not before somebody has agreed,
    a company was chosen and it is enabled there."""
    async with works.database.connection() as connection:
        facts = await load_workspace(connection, workspace)
        states = {state.system: state for state in await load_system_states(connection, workspace)}
        known = await load_integrations(connection, workspace) if system == FAR_SIDE else []
        allowed = system != FAR_SIDE or (
            await may_send(connection, workspace) and not await waits_for_company(connection, workspace)
        )
    company_level = [one for one in known if one.type != CONTRACT_LEVEL]
    enabled = all(one.status == ENABLED for one in company_level)
    state = states.get(system)
    return allowed and enabled and not facts.paused and state is not None and state.state != "needs_person"


async def settle(works: Works, workspace: int, system: str, error: LandbridgeError) -> bool:
    """Log trouble at its level and note what a person has to do; whether the job shall come again.

    Raises the trouble where it is our own database's, whoever came upon it: a slice tells all trouble alike.
    """
    raise_if_ours(error)
    resolution = resolve(error)
    known = {"workspace": workspace, "system": system, "code": error.code}
    log.log(_LEVELS[resolution.level], "job_in_trouble", text=resolution.words, **known)
    if resolution.action is Action.PAUSE and isinstance(error, NeedsPersonError):
        async with works.database.connection() as connection:
            await mark_problem(connection, workspace, system, error, works.clock.now())
        return False
    return True


_LEVELS = {"info": 20, "warning": 30, "error": 40}


async def worked(works: Works, workspace: int, system: str) -> None:
    """A call has succeeded: whatever a person had to do about this connection is done."""
    async with works.database.connection() as connection:
        await mark_ok(connection, workspace, system, works.clock.now())


async def ask_for(works: Works, wishes: Sequence[Wish]) -> None:
    """Ask for jobs outside of any other transaction."""
    async with works.database.transaction() as connection:
        await ask(connection, wishes)


async def is_awake(works: Works, workspace: int) -> bool:
    async with works.database.connection() as connection:
        return not (await load_workspace(connection, workspace)).paused
