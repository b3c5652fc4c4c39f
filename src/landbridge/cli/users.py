"""landbridge users: whose Recruiter seat is whose user of the ATS."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from landbridge.cli.opening import JsonOption, WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import say

ACTIONS = ("list", "refresh", "accept")
MOST_SHOWN = 5_000


def users(
    action: Annotated[str, typer.Argument(help="list, refresh or accept.")] = "list",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """List Recruiter's seats with their users, read both anew (refresh), or take every certain suggestion (accept)."""
    if action not in ACTIONS:
        raise typer.BadParameter(f"the action is one of: {', '.join(ACTIONS)}")
    run(_users(action, workspace, json=json))


async def _users(action: str, slug: str, *, json: bool) -> None:
    import msgspec

    from landbridge.cli.operator import operator_of
    from landbridge.store.seats import count_seats, load_seats, suggest_links
    from landbridge.web.acts import seats as acts

    async with opened() as parts:
        async with parts.database.connection() as connection:
            workspace = await choose_workspace(connection, slug)
        operator = operator_of(parts, workspace)
        if action == "refresh":
            await acts.read_anew(operator)
        elif action == "accept":
            say(f"{await acts.accept(operator)} seats connected.")
        async with parts.database.connection() as connection:
            seats, _ = await load_seats(connection, workspace.id, limit=MOST_SHOWN)
            counts = await count_seats(connection, workspace.id)
            suggested = {one.seat: one for one in await suggest_links(connection, workspace.id)}
    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(seats)).decode() + "\n")
        return
    for seat in seats:
        guess = suggested.get(seat.id)
        user = seat.user_name or (f"maybe {guess.user_name} ({guess.reason})" if guess else "nobody yet")
        say(f"{seat.name:<32} {user}{' (left Recruiter)' if seat.left_at else ''}")
    say(f"{counts.linked} of {counts.seats} seats are connected.")
