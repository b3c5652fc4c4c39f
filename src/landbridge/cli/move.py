"""landbridge move: from Cross-System Awareness, LinkedIn's integration before, with its keys and contracts."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landbridge.cli.connect import content_of, value_of
from landbridge.cli.opening import WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import say, told

if TYPE_CHECKING:
    from landbridge.jobs.onboarding.migration import Older, Proof

CHANGES = """\
What stays: the keys, the contracts, and everything that was imported into the ATS. No new application is made.
What changes: jobs, candidates and applications are shared with LinkedIn too, so somebody has to agree first. Recruiters
export people to a job. InMails and notes come every 30 minutes. Seats are connected with users again.

Begin with: landbridge move --client-id ID --contract NUMBER"""


def move(
    client_id: Annotated[str, typer.Option(help="Of the company's own LinkedIn application.")] = "",
    contract: Annotated[list[str] | None, typer.Option(help="The number of a contract; once for each.")] = None,
    secret_file: Annotated[str, typer.Option(help="A file with the application's client secret.")] = "",
    secret_env: Annotated[str, typer.Option(help="The variable of the environment that has it.")] = "",
    foreign_id: Annotated[str, typer.Option(help="The uniqueForeignId under which LinkedIn knows the company.")] = "",
    imported_until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day whose InMails and notes are in the ATS already."),
    ] = None,
    workspace: WorkspaceOption = "",
) -> None:
    """Move from Cross-System Awareness: try its keys and contracts with LinkedIn, keep them, say what comes next.

    Without a client id it explains what changes. Asks for the client secret on a terminal.
    """
    if not client_id:
        say(CHANGES)
        return
    from landbridge.jobs.onboarding.migration import read_older

    with told():
        until = datetime.combine(imported_until, time.max, UTC) if imported_until else None
        secret = _secret(secret_file, secret_env)
        older = read_older(client_id, secret, " ".join(contract or ()), foreign_id, until)
    run(_move(older, workspace))


def _secret(file: str, variable: str) -> str:
    if file:
        return content_of(Path(file))
    if variable:
        return value_of(variable)
    return str(typer.prompt("Client secret", hide_input=True)) if sys.stdin.isatty() else ""


async def _move(older: Older, slug: str) -> None:
    from landbridge.cli.operator import operator_of
    from landbridge.web.acts.migration import take_over
    from landbridge.web.server import address

    async with opened() as parts:
        async with parts.database.connection() as connection:
            workspace = await choose_workspace(connection, slug)
        proofs = await take_over(operator_of(parts, workspace), older, console=address(parts.settings))
    _tell(proofs, f"{address(parts.settings)}/w/{workspace.slug}/move")


def _tell(proofs: list[Proof], page: str) -> None:
    for one in proofs:
        say(f"Contract {one.number}: {one.status}, {one.seats} seats. Taken over.")
    say("Next: somebody agrees to what is shared, and a Recruiter admin requests the company level once in LinkedIn's")
    say(f"window and switches it on in Recruiter. The page with all steps: {page}")
