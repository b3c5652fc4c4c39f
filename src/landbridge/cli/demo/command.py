"""landbridge demo: the whole story in one command."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landbridge.cli.opening import run
from landbridge.cli.outcome import NOT_CLEAN, say
from landbridge.cli.sandbox import CandidatesOption, Limits, LimitsOption, SeedOption, World, WorldOption

if TYPE_CHECKING:
    from landbridge.cli.demo.options import Options
    from landbridge.cli.demo.report import Report
    from landbridge.cli.demo.stage import Stage
    from landbridge.cli.demo.story import Connected

AGAIN = "Run it again any time: landbridge demo"


def demo(
    leave: Annotated[
        bool, typer.Option("--exit", help="Leave after the report; status 0 only if it is clean.")
    ] = False,
    json: Annotated[Path | None, typer.Option(help="Write the report to this file.", dir_okay=False)] = None,
    candidates: CandidatesOption = 2000,
    seed: SeedOption = 1,
    world: WorldOption = World.PLAIN,
    limits: LimitsOption = Limits.RELAXED,
    dialect: Annotated[str, typer.Option(help="LinkedIn's generation: v2 or rest. Jobs stay on v2 in both.")] = "v2",
    base_port: Annotated[
        int, typer.Option(min=0, max=65533, help="Console on this port, the far sides on the next two; 0: free ones.")
    ] = 8700,
) -> None:
    """Show the whole story: two far sides, a company, its whole history synced, and proof that nothing is missing."""
    from landbridge.cli.demo.options import Options

    if dialect not in {"v2", "rest"}:
        raise typer.BadParameter("the dialect is v2 or rest")
    options = Options(
        leave=leave, json=json, candidates=candidates, seed=seed, world=world.value, limits=limits.value,
        dialect=dialect, base_port=base_port,
    )  # fmt: skip
    report: list[Report] = []
    run(_demo(options, report), AGAIN)
    if not all(one.clean for one in report):
        raise typer.Exit(NOT_CLEAN)


async def _demo(options: Options, reports: list[Report]) -> None:
    from landbridge.cli.demo.stage import set_stage
    from landbridge.cli.demo.story import connect_company

    _announce(options)
    async with set_stage(options, say) as stage:
        connected = await connect_company(stage, options.dialect, say)
        report = await stage.supervisor.during(_sync_and_judge(stage, connected, options))
        reports.append(report)
        if not options.leave:
            await _stay_open(stage)


def _announce(options: Options) -> None:
    say(f"A company of {options.candidates:,} candidates ({options.world} world, seed {options.seed}).")
    if options.limits == "relaxed":
        say("Limits are relaxed: both far sides let us go as fast as we can. --limits real shows the real pace.")
    for wait, lengths in options.shortened_waits.items():
        say(f"Shortened: LinkedIn's wait {wait}: {lengths}.")


async def _sync_and_judge(stage: Stage, connected: Connected, options: Options) -> Report:
    from landbridge.cli import syncing
    from landbridge.cli.demo.report import lines
    from landbridge.cli.demo.verdict import reach_verdict
    from landbridge.cli.progress import view
    from landbridge.cli.watch import watch

    started_at = time.monotonic()
    with view() as shown:
        await syncing.start(stage.opened, connected.workspace, "full")
        await watch(stage.opened, connected.workspace.id, shown)
        # People go on working while a company is read: what they changed meanwhile is read again.
        await syncing.start(stage.opened, connected.workspace, "delta")
        await watch(stage.opened, connected.workspace.id, shown)
    duration_s = time.monotonic() - started_at
    say("Comparing both sides, record by record.")
    report = await reach_verdict(stage, connected, options, duration_s)
    await _keep(stage, connected, report)
    for line in lines(report):
        say(line)
    if options.json is not None:
        report.write(options.json)
        say(f"The report is in {options.json}")
    return report


async def _keep(stage: Stage, connected: Connected, report: Report) -> None:
    """Let the console show what the comparison has found."""
    import msgspec

    from landbridge.cli.connecting import now
    from landbridge.store.reconciliations import save_reconciliation

    found = {name: msgspec.to_builtins(tally) for name, tally in report.tallies.items()}
    async with stage.opened.database.connection() as connection:
        await save_reconciliation(connection, connected.workspace.id, found, now())


async def _stay_open(stage: Stage) -> None:
    from landbridge.cli.demo.story import SLUG
    from landbridge.web.server import make_sign_in_link

    link = await make_sign_in_link(stage.opened.settings, stage.opened.database)
    say("")
    say(f"The console:      {link}?next=/w/{SLUG}/  (signs you in once, within 15 minutes)")
    say(f"LinkedIn:         {stage.linkedin.url}  (control room {stage.linkedin.url}/_sandbox/state)")
    say(f"SmartRecruiters:  {stage.smartrecruiters.url}  (control room {stage.smartrecruiters.url}/_sandbox/state)")
    say(f"Logs:             {stage.logs}")
    say("Try next: change 1 % in SmartRecruiters, sync again, and see that only that is sent:")
    say(f"  curl -X POST {stage.smartrecruiters.url}/_sandbox/edit -d '{{\"percent\": 1}}'")
    say(f"  LANDBRIDGE_DATA_DIR={stage.opened.settings.data_dir} landbridge sync --workspace {SLUG}")
    say("Ctrl-C stops everything.")
    sys.stdout.flush()
    await stage.supervisor.wait()
