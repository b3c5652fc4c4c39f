"""landbridge worker: reads, sends, and everything else that happens in the background."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from landbridge.cli.opening import run
from landbridge.cli.outcome import told
from landbridge.cli.processes import set_up_process

if TYPE_CHECKING:
    from landbridge.settings import Settings


class Only(StrEnum):
    LIVE = "live"
    REST = "rest"


def worker(
    only: Annotated[
        Only | None, typer.Option(help="live: what people have just done; rest: all else. Then both must run.")
    ] = None,
) -> None:
    """Run background work until Ctrl-C. Start as many as you like, on any machine."""
    with told():
        run(
            _work(set_up_process(), only), "What was under way is finished or waits; landbridge worker goes on with it."
        )


async def _work(settings: Settings, only: Only | None) -> None:
    from landbridge.collector import calm_collector
    from landbridge.jobs.worker import run_worker
    from landbridge.store.database import Database
    from landbridge.store.secrets import unlock

    calm_collector()
    async with await Database.open(settings) as database:
        vault = await unlock(settings, database)
        await run_worker(settings, database, vault, only=only.value if only else None)
