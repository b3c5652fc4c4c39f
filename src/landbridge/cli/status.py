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
    from landbridge.jobs.news import Changes, News
    from landbridge.store.overview import Overview, SweepProgress
    from landbridge.store.streams import StreamCounts
    from landbridge.store.tallies import KindTotals
    from landbridge.sync.streams import Pace

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
    from landbridge.jobs.news import load_news
    from landbridge.store.overview import load_overview

    async with opened() as parts, parts.database.connection() as connection:
        workspace = await choose_workspace(connection, slug)
        at = now()
        overview = await load_overview(connection, workspace.id, at)
        systems = {one.system for one in overview.systems}
        news = await load_news(connection, workspace.id, systems=systems, settings=parts.settings, now=at)
        if json:
            content = {"turn": overview.turn(at), "news": news, **msgspec.to_builtins(overview)}
            sys.stdout.write(msgspec.json.format(msgspec.json.encode(content)).decode() + "\n")
            return
        for line in (*lines(overview, overview.turn(at), at), *news_lines(news)):
            say(line)


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


def news_lines(news: News) -> Iterator[str]:
    """How we hear of what happens on both sides, and how soon."""
    yield changes_line(news.changes)
    for one in news.streams:
        yield _stream_line(one, news.pace)
    if news.pace.slower:
        yield slow_line(news.pace)


def changes_line(changes: Changes) -> str:
    """How we hear of changes in the ATS."""
    every, webhook = span(changes.every), changes.webhook
    since = f" since {webhook.active_since:%Y-%m-%d %H:%M} UTC" if webhook and webhook.active_since else ""
    healed = f", healed {webhook.healed} times" if webhook and webhook.healed else ""
    last = f", last one {changes.newest_at:%Y-%m-%d %H:%M} UTC" if changes.newest_at else ""
    problem = webhook.problem or webhook.state if webhook else ""
    without = (
        "webhooks keep silent about changes" if webhook and webhook.state == "active" else f"no webhooks ({problem})"
    )
    return {
        "told": f"Changes: told by webhooks{since}{last}{healed}; the lists are read every {every} besides",
        "quiet": f"Changes: webhooks{since} are quiet{last}{healed}; the lists are read every {every}",
        "looked_for": f"Changes: {without}{last}{healed}; the lists are read every {every} instead",
        "pushed": "Changes: sent by the ATS",
        "not_begun": "Changes: told of when the first sync begins",
    }[changes.way]


NAMES = {"inmails": "InMails", "notes": "Notes", "contacts": "Contact details", "closed": "Closed accounts"}


def _stream_line(one: StreamCounts, pace: Pace) -> str:
    every = "once a day" if one.kind == "closed" else f"every {span(pace.every)}"
    past = "" if one.past >= 1 else f", {100 * one.past:.0f} % of the history read"
    trouble = f", {one.troubled:,} could not be read last time" if one.troubled else ""
    until = f"complete until {one.oldest_read_until:%Y-%m-%d %H:%M} UTC"
    return f"{NAMES[one.kind]}: {one.streams:,} read {every}, {until}{past}{trouble}"


def slow_line(pace: Pace) -> str:
    """A warning with numbers: what makes it slow, and what helps."""
    over = pace.streams - pace.most_at_promised
    return (
        f"  Slower than promised: {pace.streams:,} seats and contracts share {pace.calls_per_day:,} calls a day. "
        f"Disconnect {over:,} seats that nobody needs, or ask LinkedIn for more calls."
    )


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
