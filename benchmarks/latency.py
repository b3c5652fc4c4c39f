"""How long an edit in the ATS takes to LinkedIn while other companies fill in their history.

``python -m benchmarks.latency [--workspaces 50] [--seconds 60] [--json FILE]``: the demo's own processes (console,
worker, PostgreSQL, sandbox), one company that is in step, and others in the midst of their first sync. People edit
candidates of the first one; each edit is timed from the receipt of its webhook until LinkedIn has acknowledged it, by
Landbridge's tables and by the sandbox's journals. Ends with 1 where a bound is broken or an edit has not arrived.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from msgspec import Struct, to_builtins

from benchmarks.machine import machine
from landbridge.cli import connecting, syncing
from landbridge.cli.demo.colleague import signed_in
from landbridge.cli.demo.options import Options
from landbridge.cli.demo.stage import Stage, set_stage
from landbridge.cli.demo.story import Connected, connect_company
from landbridge.cli.demo.telling import Plain
from landbridge.cli.progress import Step, View
from landbridge.cli.watch import watch
from landbridge.store.connections import mark_ok
from landbridge.store.webhooks import Webhook, load_webhook, save_webhook

P95_SECONDS, WORST_SECONDS = 5.0, 60.0
# An edit that has not arrived by then is counted as lost.
GIVE_UP_SECONDS = 120.0
NO_SUBSCRIPTION = timedelta(days=365)
AT_A_TIME = 4
# Edits after which the sandbox's log is read: it shows the newest hundred lines.
HEARD_EVERY = 20

Row = Mapping[str, Any]


class Spread(Struct, frozen=True, kw_only=True):
    """In seconds."""

    events: int
    p50: float
    p95: float
    worst: float


class Load(Struct, frozen=True, kw_only=True):
    """What went on beside the edits, while they were made; with both far sides together."""

    workspaces: int
    busy_at_end: int
    calls_per_second: float
    records_per_second: float


class Quiet:
    """A view that shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def show(self, steps: list[Step]) -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """Nothing."""


# -- the companies


async def begin(stage: Stage) -> Connected:
    """The company whose edits are timed, in step and with a subscription that is heard."""
    connected = await connect_company(stage, "v2", Plain())
    await syncing.start(stage.opened, connected.workspace, "full")
    shown: View = Quiet()
    await watch(stage.opened, connected.workspace.id, shown)
    await until(lambda: _is_heard(stage, connected.workspace.id))
    print("one company is in step, and its changes are told by webhooks", flush=True)
    return connected


async def _is_heard(stage: Stage, workspace: int) -> bool:
    async with stage.opened.database.connection() as connection:
        webhook = await load_webhook(connection, workspace)
    return webhook is not None and webhook.state == "active"


async def make_busy(stage: Stage, count: int) -> list[int]:
    """So many other companies, each in its first sync. They hear of nothing: their people are not the ones who edit."""
    places = asyncio.Semaphore(AT_A_TIME)
    ats, network = await stage.smartrecruiters.credentials(), await stage.linkedin.credentials()

    async def one(number: int) -> int:
        async with places:
            return await _make_busy(stage, f"busy-{number}", ats, network)

    return list(await asyncio.gather(*(one(number) for number in range(count))))


async def _make_busy(stage: Stage, slug: str, ats: Row, network: Row) -> int:
    workspace = await connecting.ensure_workspace(stage.opened, slug, slug)
    organization, contract = network["organization"], network["contracts"][0]["urn"]
    await connecting.save(stage.opened, workspace, "smartrecruiters", {"api_key": ats["api_key"]})
    fields = {
        "parent_client_id": network["parent"]["client_id"],
        "parent_client_secret": network["parent"]["client_secret"],
        "organization": organization,
        "contracts": contract,
    }
    await connecting.save(stage.opened, workspace, "linkedin", fields)
    client_id = await connecting.ensure_child_application(stage.opened, workspace, stage.console_url)
    await stage.linkedin.request_integrations(organization, contract, client_id)
    callback = f"{stage.console_url}/linkedin/{workspace.foreign_id}"
    await connecting.set_up_integrations(stage.opened, workspace, callback)
    for integration in await connecting.read_integrations(stage.opened, workspace):
        await stage.linkedin.enable(integration.key.context, integration.key.type, client_id)
    await connecting.read_integrations(stage.opened, workspace)
    async with stage.opened.database.transaction() as connection:
        await mark_ok(connection, workspace.id, "smartrecruiters", datetime.now(UTC))
        await save_webhook(connection, workspace.id, Webhook(look_at=datetime.now(UTC) + NO_SUBSCRIPTION))
    await syncing.start(stage.opened, workspace, "full")
    return workspace.id


# -- the edits


class Edits(Struct, kw_only=True):
    """``told`` maps a candidate to its event: the id, and epoch ms of the sandbox's clock when it was delivered."""

    chosen: list[str]
    told: dict[str, tuple[str, int]]


async def edit(stage: Stage, connected: Connected, seconds: float, pause: float) -> Edits:
    """One candidate after another gets another name, and nobody a second one."""
    candidates = [
        one
        for one in await stage.smartrecruiters.dump("candidates")
        if one["listed"] and one["email"] and one["firstName"] and one["lastName"]
    ]
    edits = Edits(chosen=[], told={})
    began = time.monotonic()
    async with signed_in(stage.smartrecruiters) as colleague:
        while time.monotonic() - began < seconds and len(edits.chosen) < len(candidates):
            candidate = candidates[len(edits.chosen)]
            await colleague.rename(candidate, f"{candidate['lastName']}-Berg")
            edits.chosen.append(str(candidate["id"]))
            if len(edits.chosen) % HEARD_EVERY == 0:
                await hear(stage, edits)
            await asyncio.sleep(max(began + len(edits.chosen) * pause - time.monotonic(), 0))

    async def all_there() -> bool:
        await hear(stage, edits)
        known = await by_tables(stage, connected.workspace.id, edits)
        return len(known) == len(edits.chosen) and None not in known.values()

    await until(all_there, GIVE_UP_SECONDS)
    return edits


async def hear(stage: Stage, edits: Edits) -> None:
    """What the sandbox's log says of its deliveries; it shows the newest ones only."""
    for subscription in (await stage.smartrecruiters.look("webhooks"))["subscriptions"]:
        for line in subscription["log"]:
            if line["event"] == "candidate.updated" and line["successful"]:
                edits.told.setdefault(line["body"]["id"], (line["event_id"], line["at"]))


async def by_tables(stage: Stage, workspace: int, edits: Edits) -> dict[str, float | None]:
    """From the inbox's time of receipt until LinkedIn's answer was saved. Seconds by candidate."""
    async with stage.opened.database.connection() as connection:
        cursor = await connection.execute(
            """SELECT c.key, extract(epoch FROM d.sent_at - i.received_at)::float8
               FROM unnest(%s::text[], %s::text[]) AS c (key, event_id)
               JOIN inbox i ON i.workspace_id = %s AND i.system = 'smartrecruiters' AND i.event_id = c.event_id
               JOIN record r ON r.workspace_id = i.workspace_id AND r.kind = 'candidate' AND r.key = c.key
               LEFT JOIN delivery d ON d.record_id = r.id AND d.state = 'delivered' AND d.sent_at > i.received_at""",
            [list(edits.told), [event for event, _ in edits.told.values()], workspace],
        )
        return {key: seconds async for key, seconds in cursor}


async def on_the_way(stage: Stage, workspace: int, edits: Edits) -> dict[str, float]:
    """Where the time goes, on average: until the event is taken in, until what it names is read, until it is sent."""
    async with stage.opened.database.connection() as connection:
        cursor = await connection.execute(
            """SELECT avg(extract(epoch FROM i.done_at - i.received_at))::float8,
                      avg(extract(epoch FROM r.changed_at - i.done_at))::float8,
                      avg(extract(epoch FROM d.sent_at - r.changed_at))::float8
               FROM unnest(%s::text[], %s::text[]) AS c (key, event_id)
               JOIN inbox i ON i.workspace_id = %s AND i.system = 'smartrecruiters' AND i.event_id = c.event_id
               JOIN record r ON r.workspace_id = i.workspace_id AND r.kind = 'candidate' AND r.key = c.key
               JOIN delivery d ON d.record_id = r.id AND d.state = 'delivered' AND d.sent_at > i.received_at""",
            [list(edits.told), [event for event, _ in edits.told.values()], workspace],
        )
        row = await cursor.fetchone()
    names = ("taken_in", "read", "sent")
    return {name: round(part or 0.0, 2) for name, part in zip(names, row or (), strict=True)}


async def by_journals(stage: Stage, client_id: str, edits: Edits) -> dict[str, float]:
    """From when the sandbox delivered until it had answered the batch with the candidate; by candidate.

    Its journal holds the newest calls only, so those of a long run may be missing.
    """
    found: dict[str, float] = {}
    for candidate, (_, at) in edits.told.items():
        query = f"q={candidate}&client={client_id}&operation=candidates.*update&since={at}&limit=1"
        entries = (await stage.linkedin.look(f"journal?{query}"))["entries"]
        if entries:
            found[candidate] = (entries[0]["at"] - at) / 1000 + entries[0]["duration_us"] / 1e6
    return found


def spread_of(seconds: Sequence[float]) -> Spread:
    ordered = sorted(seconds)
    return Spread(
        events=len(ordered),
        p50=round(ordered[len(ordered) // 2], 2),
        p95=round(ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)], 2),
        worst=round(ordered[-1], 2),
    )


# -- the measurement


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    demo = Options(
        leave=True, json=None, candidates=options.candidates, seed=1, world="plain", limits=options.limits,
        dialect="v2", base_port=0,
    )  # fmt: skip
    async with set_stage(demo, print) as stage:
        return await stage.supervisor.during(_measure(stage, options))


async def _measure(stage: Stage, options: argparse.Namespace) -> dict[str, Any]:
    connected = await begin(stage)
    busy = await make_busy(stage, options.workspaces)
    print(f"{len(busy)} other companies are in their first sync", flush=True)
    began, before = time.monotonic(), await count_calls(stage)
    edits = await edit(stage, connected, options.seconds, options.pause)
    load = await load_of(stage, busy, before, time.monotonic() - began)
    tables = await by_tables(stage, connected.workspace.id, edits)
    arrived = [seconds for seconds in tables.values() if seconds is not None]
    journals = await by_journals(stage, connected.client_id, edits)
    report = {
        "edits": len(edits.chosen),
        "lost": len(edits.chosen) - len(arrived),
        "by_tables": to_builtins(spread_of(arrived)) if arrived else None,
        "by_journals": to_builtins(spread_of(list(journals.values()))) if journals else None,
        "on_the_way": await on_the_way(stage, connected.workspace.id, edits),
        "load": to_builtins(load),
        "bounds": {"p95": P95_SECONDS, "worst": WORST_SECONDS},
        "machine": machine(),
    }
    return {"within_bounds": is_within(report), **report}


def is_within(report: Mapping[str, Any]) -> bool:
    """Nothing is lost, and both ways of timing keep to the bounds."""
    spreads = [spread for spread in (report["by_tables"], report["by_journals"]) if spread]
    return (
        bool(spreads)
        and not report["lost"]
        and all(spread["p95"] < P95_SECONDS and spread["worst"] < WORST_SECONDS for spread in spreads)
    )


async def count_calls(stage: Stage) -> tuple[int, int]:
    """Calls to both far sides so far, and records in them."""
    async with stage.opened.database.connection() as connection:
        row = await (await connection.execute("SELECT count(*), coalesce(sum(records), 0) FROM call")).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


async def load_of(stage: Stage, busy: Sequence[int], before: tuple[int, int], seconds: float) -> Load:
    calls, records = await count_calls(stage)
    async with stage.opened.database.connection() as connection:
        cursor = await connection.execute(
            "SELECT count(*) FROM sweep WHERE workspace_id = ANY(%s) AND state = 'running'", [list(busy)]
        )
        row = await cursor.fetchone()
    return Load(
        workspaces=len(busy),
        busy_at_end=int(row[0]) if row else 0,
        calls_per_second=round((calls - before[0]) / seconds, 1),
        records_per_second=round((records - before[1]) / seconds, 1),
    )


async def until(check: Callable[[], Awaitable[bool]], within: float = 60.0) -> bool:
    ends = time.monotonic() + within
    while not (true := await check()) and time.monotonic() < ends:
        await asyncio.sleep(0.5)
    return true


def tell(report: Mapping[str, Any]) -> None:
    load = report["load"]
    print(f"{report['edits']} edits, {report['lost']} not on LinkedIn after {GIVE_UP_SECONDS:.0f} s")
    for name in ("by_tables", "by_journals"):
        if spread := report[name]:
            known = (
                f"{spread['events']} known {name.replace('_', ' our ' if name == 'by_tables' else ' the sandbox: ')}"
            )
            print(f"{known}: p50 {spread['p50']} s, p95 {spread['p95']} s, worst {spread['worst']} s")
    parts = ", ".join(f"{name.replace('_', ' ')} {seconds} s" for name, seconds in report["on_the_way"].items())
    print(f"on the way, on average: {parts}")
    print(
        f"beside {load['workspaces']} companies in their first sync ({load['busy_at_end']} still reading at the end): "
        f"{load['calls_per_second']} calls and {load['records_per_second']} records a second"
    )
    print(
        "within the bounds" if report["within_bounds"] else f"BROKEN: p95 < {P95_SECONDS} s, worst < {WORST_SECONDS} s"
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure how long an edit takes to LinkedIn beside busy companies.")
    parser.add_argument("--workspaces", type=int, default=50, help="companies in their first sync")
    parser.add_argument("--seconds", type=float, default=60, help="for how long people edit")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two edits")
    parser.add_argument("--candidates", type=int, default=500, help="of each company")
    parser.add_argument("--limits", choices=["relaxed", "real"], default="relaxed", help="of the far sides")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    report = asyncio.run(measure(options))
    tell(report)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0 if report["within_bounds"] else 1


if __name__ == "__main__":
    sys.exit(main())
