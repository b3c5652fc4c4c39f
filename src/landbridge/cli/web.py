"""landbridge web: the console."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from landbridge.cli.opening import opened, run
from landbridge.cli.outcome import say, told
from landbridge.cli.processes import set_up_process


def web(
    sign_in_link: Annotated[
        bool, typer.Option("--sign-in-link", help="Print a link that signs the first admin in once, and leave.")
    ] = False,
) -> None:
    """Serve the console until Ctrl-C. Needs a migrated database; several may run."""
    if sign_in_link:
        run(_print_sign_in_link())
        return
    with told():
        settings = set_up_process()
        from landbridge.web.server import serve

        run(
            serve(
                settings,
                on_ready=lambda address: say(f"The console is at {address}"),
                on_first_run=_tell_first_link if sys.stdout.isatty() else None,
            )
        )


def _tell_first_link(link: str) -> None:
    """Only to a person at a terminal: what is written to a file would stay there."""
    say(f"Nobody can sign in yet. Become the first admin, once, within 15 minutes: {link}")


async def _print_sign_in_link() -> None:
    from landbridge.web.server import make_sign_in_link

    async with opened() as parts:
        say(await make_sign_in_link(parts.settings, parts.database))
