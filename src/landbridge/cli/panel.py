"""landbridge panel: which pages may show the candidate panel."""

from __future__ import annotations

from typing import Annotated

import typer

from landbridge.cli.opening import WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import say


def panel(
    workspace: WorkspaceOption = "",
    origin: Annotated[
        list[str] | None,
        typer.Option(help="An origin of the ATS, such as https://ats.example.com; all of them, each with --origin."),
    ] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="No page may show it any more.")] = False,
) -> None:
    """Say which pages of the ATS may show the candidate panel in a frame, or see which may."""
    if origin and nobody:
        raise typer.BadParameter("--origin and --nobody contradict each other")
    run(_panel(workspace, [] if nobody else origin))


async def _panel(slug: str, given: list[str] | None) -> None:
    from landbridge.cli.operator import operator_of
    from landbridge.store.panel import origins_in
    from landbridge.web.acts.panel import name_origins

    async with opened() as parts:
        async with parts.database.connection() as connection:
            workspace = await choose_workspace(connection, slug)
        origins = origins_in(workspace.choices)
        if given is not None:
            origins = await name_origins(operator_of(parts, workspace), given)
    say(
        "\n".join(origins) if origins else "No page may show the panel. Name one: landbridge panel --origin https://..."
    )
