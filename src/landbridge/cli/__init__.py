"""The command line: one file per command, registered here. Everything heavy is imported inside the commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from landbridge import __version__
from landbridge.cli import (
    activity,
    check_connector,
    choose,
    connect,
    contract,
    desk,
    erased,
    migrate,
    move,
    panel,
    plan,
    sandbox,
    status,
    sync,
    up,
    users,
    verify,
    web,
    worker,
)
from landbridge.cli.demo import command as demo

app = typer.Typer(
    help="Joins an applicant tracking system with LinkedIn Recruiter.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def landbridge(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and leave.", callback=show_version, is_eager=True)
    ] = False,
) -> None:
    """Joins an applicant tracking system with LinkedIn Recruiter."""


COMMANDS: dict[str, Callable[..., None]] = {
    "demo": demo.demo,
    "up": up.up,
    "web": web.web,
    "worker": worker.worker,
    "sandbox": sandbox.sandbox,
    "migrate": migrate.migrate,
    "connect": connect.connect,
    "choose": choose.choose,
    "contract": contract.contract,
    "move": move.move,
    "users": users.users,
    "panel": panel.panel,
    "desk": desk.desk,
    "plan": plan.plan,
    "sync": sync.sync,
    "status": status.status,
    "activity": activity.activity,
    "verify": verify.verify,
    "erased": erased.erased,
    "check-connector": check_connector.check_connector,
}
for name, function in COMMANDS.items():
    app.command(name)(function)


def main() -> None:
    app(prog_name="landbridge")
