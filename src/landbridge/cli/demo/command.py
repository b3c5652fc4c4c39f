"""landbridge demo: the whole story in one command."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landbridge.cli.opening import run
from landbridge.cli.outcome import NOT_CLEAN
from landbridge.cli.sandbox import Limits, LimitsOption, SeedOption, World, WorldOption

if TYPE_CHECKING:
    from landbridge.cli.demo.options import Options
    from landbridge.cli.demo.report import Report
    from landbridge.cli.demo.stage import Stage
    from landbridge.cli.demo.story import Connected
    from landbridge.cli.demo.telling import Teller
    from landbridge.store.sweeps import Mode

FEWEST = 20
AGAIN = "Run it again any time: landbridge demo"


def demo(
    leave: Annotated[
        bool, typer.Option("--exit", help="Leave after the report; status 0 only if it is clean.")
    ] = False,
    json: Annotated[Path | None, typer.Option(help="Write the report to this file.", dir_okay=False)] = None,
    candidates: Annotated[
        int, typer.Option(min=FEWEST, help="How many candidates the company has: enough for every part to be played.")
    ] = 2000,
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
    from landbridge.cli.demo.telling import teller

    told = teller()
    _announce(options, told)
    told.chapter("1. Connect a company")
    async with set_stage(options, told.say) as stage:
        reports.append(await stage.supervisor.during(_tell(stage, options, told)))
        if not options.leave:
            await _stay_open(stage, reports[-1], told)


def _announce(options: Options, told: Teller) -> None:
    told.say(f"A company of {options.candidates:,} candidates ({options.world} world, seed {options.seed}).")
    if options.limits == "relaxed":
        told.say("Limits are relaxed: both far sides let us go as fast as we can. --limits real shows the real pace.")
    for wait, lengths in options.shortened_waits.items():
        told.say(f"Shortened: the wait {wait}: {lengths}.")


async def _tell(stage: Stage, options: Options, told: Teller) -> Report:
    """The whole story, and the judgement at its end."""
    from landbridge.cli.demo.living import live
    from landbridge.cli.demo.story import connect_company
    from landbridge.cli.demo.verdict import reach_verdict

    connected = await connect_company(stage, options.dialect, told)
    began = time.monotonic()
    told.chapter("2. Bring the whole history to LinkedIn")
    await _sync(stage, connected, "full")
    duration_s = time.monotonic() - began
    told.chapter("3. Live, both ways")
    living = await live(stage, connected, told, hurried=bool(options.shortened_waits))
    told.chapter("4. Compare both sides, record by record")
    # People go on working while a company is read: what they changed meanwhile is read again.
    await _sync(stage, connected, "delta")
    report = await reach_verdict(stage, connected, options, living, duration_s)
    await _keep(stage, connected, report)
    _show(report, options, told)
    return report


async def _sync(stage: Stage, connected: Connected, mode: Mode) -> None:
    from landbridge.cli import syncing
    from landbridge.cli.progress import view
    from landbridge.cli.watch import watch

    with view() as shown:
        await syncing.start(stage.opened, connected.workspace, mode)
        await watch(stage.opened, connected.workspace.id, shown)


def _show(report: Report, options: Options, told: Teller) -> None:
    from landbridge.cli.demo.report import lines

    for line in lines(report):
        told.say(line)
    if options.json is not None:
        report.write(options.json)
        told.say(f"The report is in {options.json}")


async def _keep(stage: Stage, connected: Connected, report: Report) -> None:
    """Let the console show what the comparison has found."""
    import msgspec

    from landbridge.cli.connecting import now
    from landbridge.store.reconciliations import save_reconciliation

    found = {name: msgspec.to_builtins(tally) for name, tally in report.tallies.items()}
    async with stage.opened.database.connection() as connection:
        await save_reconciliation(connection, connected.workspace.id, found, now())


async def _stay_open(stage: Stage, report: Report, told: Teller) -> None:
    from landbridge.cli.demo.stage import in_browsers
    from landbridge.cli.demo.story import SLUG
    from landbridge.web.server import make_sign_in_link

    link = await make_sign_in_link(stage.opened.settings, stage.opened.database)
    person = (await stage.linkedin.credentials())["people"][0]
    told.chapter("Have a look around")
    told.say(f"The console:      {link}?next=/w/{SLUG}/  (signs you in once, within 15 minutes)")
    told.say(f"The desk:         {in_browsers(stage.console_url)}/w/{SLUG}/desk  ({_waiting(report)})")
    linkedin, smartrecruiters = in_browsers(stage.linkedin.url), in_browsers(stage.smartrecruiters.url)
    told.say(f"Recruiter:        {linkedin}/recruiter  (as {person['login']}, password {person['password']})")
    told.say(f"SmartRecruiters:  {smartrecruiters}/app  (sign in as anybody)")
    told.say(f"Control rooms:    {linkedin}/_sandbox/ and {smartrecruiters}/_sandbox/")
    told.say(f"Logs:             {stage.logs}")
    told.say(
        "Try next: change somebody in SmartRecruiters and look them up in Recruiter; export somebody there; or let"
    )
    told.say("people change 1 % of everything at once:")
    told.say(f"  curl -X POST {stage.smartrecruiters.url}/_sandbox/edit -d '{{\"percent\": 1}}'")
    told.say(f"  LANDBRIDGE_DATA_DIR={stage.opened.settings.data_dir} landbridge activity --workspace {SLUG}")
    told.say("Ctrl-C stops everything.")
    sys.stdout.flush()
    await stage.supervisor.wait()


def _waiting(report: Report) -> str:
    count = report.live.desk.count
    return f"{count} {'person waits' if count == 1 else 'people wait'} for an e-mail address"
