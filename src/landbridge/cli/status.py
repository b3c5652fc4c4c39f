"""landbridge status: where a workspace stands and whose turn it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from landbridge.cli.opening import JsonOption, WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import say
from landbridge.cli.progress import span

if TYPE_CHECKING:
    from landbridge.store.overview import Overview, SweepProgress
    from landbridge.store.tallies import KindTotals
    from landbridge.store.webhooks import Webhook

TURNS = {
    "resume": "Paused by an admin. Go on with: landbridge sync",
    "connect": "Yours: enter the missing credentials with landbridge connect.",
    "repair": "Yours: repair the connection below, then landbridge connect SYSTEM --test.",
    "request": "Yours: request the integrations in LinkedIn's widget, then landbridge connect linkedin --test.",
    "enable": "The Recruiter admin's: enable the integrations (More, Admin Settings, ATS tab).",
    "start": "Yours: start the historical sync with landbridge sync.",
    "wait_far_side": "Nobody's: a far side asked to wait; it goes on by itself.",
    "working": "Landbridge's: it is reading or sending.",
    "fix_records": "Yours, if you like: LinkedIn refused some records, see the reasons below.",
    "done": "Nobody's: all that can be on LinkedIn is there.",
}


def status(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """Show where a workspace stands, and whose turn it is."""
    run(_status(workspace, json=json))


async def _status(slug: str, *, json: bool) -> None:
    import msgspec

    from landbridge.cli.connecting import now
    from landbridge.store.overview import load_overview
    from landbridge.store.webhooks import load_webhook

    async with opened() as parts, parts.database.connection() as connection:
        workspace = await choose_workspace(connection, slug)
        at = now()
        overview = await load_overview(connection, workspace.id, at)
        webhook = await load_webhook(connection, workspace.id)
        if json:
            content = {"turn": overview.turn(at), "webhook": webhook, **msgspec.to_builtins(overview)}
            sys.stdout.write(msgspec.json.format(msgspec.json.encode(content)).decode() + "\n")
            return
        for line in lines(overview, overview.turn(at), at):
            say(line)
        if webhook is not None:
            say(changes_line(webhook))


def lines(overview: Overview, turn: str, now: datetime) -> Iterator[str]:
    """The overview as text."""
    yield f"{overview.workspace.name} ({overview.workspace.slug})"
    yield f"Whose turn: {TURNS[turn]}"
    for system in overview.systems:
        problem = f" {system.problem_code}: {system.problem_hint}" if system.problem_code else ""
        yield f"  {system.system:<16} {system.state}{problem}"
    for integration in overview.integrations:
        yield f"  {integration.type:<16} {integration.status}  {integration.context}"
    if overview.sweep:
        yield from _sweep_lines(overview.sweep, now)
    yield ""
    yield f"{'':14}{'records':>9}{'on LinkedIn':>13}{'on the way':>12}{'held':>8}{'quarantined':>13}"
    for kind in overview.kinds:
        yield from _kind_lines(kind)
    for lane in overview.lanes:
        if lane.blocked_until is not None and lane.blocked(now):
            why = f" ({lane.blocked_reason})" if lane.blocked_reason else ""
            yield f"  {lane.resource} wait until {lane.blocked_until:%Y-%m-%d %H:%M:%S} UTC{why}"
    for reading in overview.readings:
        if reading.state == "set_aside":
            yield f"  {reading.pass_name}: {reading.count:,} could not be read: {reading.reason}"


def changes_line(webhook: Webhook) -> str:
    """How we hear of changes in the ATS."""
    if webhook.state == "active" and webhook.active_since is not None:
        healed = f", healed {webhook.healed} times" if webhook.healed else ""
        return f"Changes: told by webhooks since {webhook.active_since:%Y-%m-%d %H:%M} UTC{healed}"
    return f"Changes: looked for in the lists; no webhooks ({webhook.problem or webhook.state})"


def _sweep_lines(sweep: SweepProgress, now: datetime) -> Iterator[str]:
    yield ""
    yield f"Sync ({sweep.mode}): {sweep.state}"
    for one in sweep.passes:
        total = f" of {one.total:,}" if one.total is not None else ""
        left = one.left(now)
        about = f", about {span(left)} left" if left else ""
        mark = "done" if one.finished_at else f"running{about}" if one.started_at else ""
        yield f"  {one.title:<44} {one.done:>9,}{total}  {mark}".rstrip()


def _kind_lines(kind: KindTotals) -> Iterator[str]:
    held, quarantined = sum(kind.held.values()), sum(kind.quarantined.values())
    on_the_way = kind.due + kind.pending
    yield f"{kind.kind.plural:14}{kind.total:>9,}{kind.delivered:>13,}{on_the_way:>12,}{held:>8,}{quarantined:>13,}"
    for state, reasons in (("held", kind.held), ("quarantined", kind.quarantined)):
        yield from (f"  {state}: {count:,} {reason}" for reason, count in reasons.items())
