"""landbridge users: whose Recruiter seat is whose user of the ATS."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from landbridge.cli.opening import JsonOption, Opened, WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import say
from landbridge.errors import SettingError

if TYPE_CHECKING:
    from landbridge.cli.operator import Operator
    from landbridge.store.workspaces import Workspace

ACTIONS = ("list", "refresh", "accept", "connect", "disconnect")
MOST_SHOWN = 5_000


def users(
    action: Annotated[str, typer.Argument(help="list, refresh, accept, connect or disconnect.")] = "list",
    seat: Annotated[int, typer.Argument(help="Number of the seat, as the list shows it.")] = 0,
    user: Annotated[str, typer.Argument(help="Name or e-mail address of the user in the ATS.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """List Recruiter's seats with their users, read both anew (refresh), take every certain suggestion (accept),
    connect one seat with a user or disconnect it."""
    if action not in ACTIONS:
        raise typer.BadParameter(f"the action is one of: {', '.join(ACTIONS)}")
    if action in {"connect", "disconnect"} and not seat:
        raise typer.BadParameter("which seat? Its number stands first in each line of: landbridge users")
    if action == "connect" and not user.strip():
        raise typer.BadParameter("with whom? Give the name or the e-mail address of a user of the ATS")
    run(_users(action, seat, user, workspace, json=json))


async def _users(action: str, seat: int, user: str, slug: str, *, json: bool) -> None:
    from landbridge.cli.operator import operator_of

    async with opened() as parts:
        async with parts.database.connection() as connection:
            workspace = await choose_workspace(connection, slug)
        await _act(operator_of(parts, workspace), action, seat, user)
        await _show(parts, workspace, json=json)


async def _act(operator: Operator, action: str, seat: int, user: str) -> None:
    from landbridge.web.acts import seats as acts
    from landbridge.web.acts.actor import NothingThereError

    try:
        match action:
            case "refresh":
                await acts.read_anew(operator)
            case "accept":
                say(f"{await acts.accept(operator)} seats connected.")
            case "connect":
                await acts.link(operator, seat, await _user(operator, user))
            case "disconnect" if not await acts.unlink(operator, seat):
                say("The seat was nobody's.")
    except NothingThereError:
        raise SettingError(
            f"There is no seat {seat}.", code="seat_unknown", hint="The numbers stand in: landbridge users"
        ) from None


async def _user(operator: Operator, wanted: str) -> int:
    """The one user who is meant. Says whom it could be otherwise, and raises SettingError."""
    from landbridge.store.seats import find_users

    async with operator.connection() as connection:
        found = await find_users(connection, operator.workspace_id, wanted)
    exactly = [one for one in found if wanted.strip().lower() in {(one.email or "").lower(), one.name.lower()}]
    meant = exactly if len(exactly) == 1 else found
    if len(meant) == 1:
        return meant[0].id
    # Said here and not in the error: errors name nobody.
    for one in meant:
        say(f"{one.name:<32} {one.email or 'no e-mail address'}")
    raise SettingError(
        "Several users of the ATS are called so." if meant else "No active user of the ATS is called so.",
        code="user_unclear",
        hint="Say which by e-mail address." if meant else "Read users anew: landbridge users refresh",
    )


async def _show(parts: Opened, workspace: Workspace, *, json: bool) -> None:
    import msgspec

    from landbridge.store.seats import count_seats, load_seats, suggest_links

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
        say(f"{seat.id:>6}  {seat.name:<32} {user}{' (left Recruiter)' if seat.left_at else ''}")
    say(f"{counts.linked} of {counts.seats} seats are connected.")
