"""landbridge sync: start, follow and pause a sync."""

from __future__ import annotations

from typing import Annotated

import typer

from landbridge.cli.opening import WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import say
from landbridge.cli.status import TURNS

GO_ON = "The sync goes on in the worker. Follow it again with: landbridge sync. Pause it with: landbridge sync --pause"


def sync(
    workspace: WorkspaceOption = "",
    full: Annotated[bool, typer.Option("--full", help="Read everything again, not only what has changed.")] = False,
    reread: Annotated[
        bool, typer.Option("--reread", help="Read every application again, also where its candidate has not changed.")
    ] = False,
    pause: Annotated[bool, typer.Option("--pause", help="Let reading and sending rest.")] = False,
    follow: Annotated[bool, typer.Option(help="Show progress until all is settled.")] = True,
) -> None:
    """Start the historical sync, go on with a paused one, or bring what has changed; a worker does the work."""
    run(
        _pause(workspace) if pause else _sync(workspace, full=full or reread, follow=follow, reread=reread),
        "" if pause else GO_ON,
    )


async def _pause(slug: str) -> None:
    from landbridge.cli.operator import operator_of
    from landbridge.web.acts import sync

    async with opened() as parts:
        async with parts.database.connection() as connection:
            workspace = await choose_workspace(connection, slug)
        await sync.rest(operator_of(parts, workspace))
    say(f"{workspace.slug} rests once what is in work is done. Go on with: landbridge sync")


async def _sync(slug: str, *, full: bool, follow: bool, reread: bool) -> None:
    from landbridge.cli import syncing
    from landbridge.cli.connecting import now
    from landbridge.cli.progress import view
    from landbridge.cli.watch import CLOSED, watch
    from landbridge.store.overview import load_overview

    async with opened() as parts:
        async with parts.database.connection() as connection:
            workspace = await choose_workspace(connection, slug)
        await syncing.start(parts, workspace, "full" if full else "delta", reread=reread)
        async with parts.database.connection() as connection:
            turn = (await load_overview(connection, workspace.id, now())).turn(now())
        if turn in CLOSED:
            say(f"Reading begins, but LinkedIn takes no data yet. Whose turn: {TURNS[turn]}")
        if not follow:
            say(GO_ON)
            return
        with view() as shown:
            overview = await watch(parts, workspace.id, shown)
    delivered = sum(kind.delivered for kind in overview.kinds)
    say(f"Settled: {delivered:,} records are on LinkedIn. Compare both sides with: landbridge verify")
