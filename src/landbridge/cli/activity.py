"""landbridge activity: what came from LinkedIn and what went there, newest first."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from landbridge.cli.opening import JsonOption, WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import say

if TYPE_CHECKING:
    from landbridge.store.flows import Flow

NAMES = {
    ("in", "export"): "exported in Recruiter",
    ("in", "inmail"): "InMail",
    ("in", "note"): "prospect note",
    ("in", "contact"): "contact details shared",
    ("in", "closed"): "LinkedIn account closed",
}
LANDED = {
    ("in", "done"): "in the ATS",
    ("in", "due"): "on its way",
    ("in", "desk"): "waits on the desk",
    ("in", "set_aside"): "set aside",
    ("out", "delivered"): "on LinkedIn",
    ("out", "due"): "on its way",
    ("out", "pending"): "LinkedIn looks at it",
    ("out", "gone"): "removed from LinkedIn",
    ("out", "held"): "not sent",
    ("out", "quarantined"): "refused by LinkedIn",
}


def activity(
    workspace: WorkspaceOption = "",
    most: Annotated[int, typer.Option(min=1, max=1000, help="How many lines.")] = 20,
    json: JsonOption = False,
) -> None:
    """Show what came from LinkedIn and what went there last: whom it is about, where it landed, and when."""
    run(_activity(workspace, most, json=json))


async def _activity(slug: str, most: int, *, json: bool) -> None:
    import msgspec

    from landbridge.store.flows import load_flows

    async with opened() as parts, parts.database.connection() as connection:
        workspace = await choose_workspace(connection, slug)
        flows = await load_flows(connection, workspace.id, most=most)
    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(flows)).decode() + "\n")
        return
    for line in lines(flows):
        say(line)


def lines(flows: Sequence[Flow]) -> Iterator[str]:
    """One for each, the time in UTC."""
    if not flows:
        yield "Nothing has come or gone yet but the history."
    for flow in flows:
        whence = (f"{flow.by} on LinkedIn" if flow.by else "LinkedIn") if flow.way == "in" else "the ATS"
        what = NAMES.get((flow.way, flow.kind), f"{flow.kind} {'deleted' if flow.state == 'gone' else 'changed'}")
        about = flow.whom or flow.key or "not told"
        reason = f": {flow.reason}" if flow.reason else ""
        where = f"{LANDED[flow.way, flow.state]}{reason}"
        yield f"{flow.at:%Y-%m-%d %H:%M:%S}  {whence}: {what}, {about}. {where[0].upper()}{where[1:]}"
