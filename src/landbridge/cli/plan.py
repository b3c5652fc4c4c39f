"""landbridge plan: what a first sync costs, which limit binds, and how long it takes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landbridge.cli.opening import JsonOption, WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import say
from landbridge.cli.progress import span

if TYPE_CHECKING:
    from landbridge.sync.plan import Plan, Volumes

STRATEGIES = ("progressive", "naive", "report")
DIALECTS = ("v2", "rest")
Count = Annotated[int | None, typer.Option(min=0, help="Instead of what the ATS tells or the mirror holds.")]


def plan(
    workspace: WorkspaceOption = "",
    jobs: Count = None,
    candidates: Count = None,
    applications: Count = None,
    stages: Count = None,
    feedback: Annotated[int | None, typer.Option(min=0, help="Reviews, where they are shared or this is said.")] = None,
    notes: Annotated[int | None, typer.Option(min=0, help="Likewise notes.")] = None,
    resumes: Annotated[int | None, typer.Option(min=0, help="Likewise resumes.")] = None,
    team: Annotated[
        int | None, typer.Option(min=0, help="Likewise people with a seat on a job's hiring team, where it decides.")
    ] = None,
    strategy: Annotated[str, typer.Option(help="Shown in detail: progressive, naive or report.")] = "progressive",
    dialect: Annotated[str, typer.Option(help="Shown in detail: v2 or rest.")] = "v2",
    json: JsonOption = False,
) -> None:
    """Say what a first sync costs and how long it takes, for each way of reading and both LinkedIn dialects."""
    if strategy not in STRATEGIES or dialect not in DIALECTS:
        raise typer.BadParameter("the strategy is progressive, naive or report, the dialect v2 or rest")
    given = {"jobs": jobs, "candidates": candidates, "applications": applications, "stages": stages}
    given |= {"feedback": feedback, "notes": notes, "resumes": resumes, "team": team}
    run(_plan(workspace, given, strategy, dialect, json=json))


async def _plan(slug: str, given: dict[str, int | None], strategy: str, dialect: str, *, json: bool) -> None:
    import msgspec

    from landbridge.cli.connecting import now
    from landbridge.jobs.planning import complete, plan_for, wanted
    from landbridge.jobs.wiring import ATS
    from landbridge.sync.choices import Choices

    asked = given["candidates"] is not None
    known, ats = (wanted(given, Choices()), ATS) if asked else await _counted(slug, given)
    volumes, assumed = complete(known, ats)
    start = now()
    ways = STRATEGIES if ats == ATS else (strategy,)
    plans = {(way, form): plan_for(volumes, way, form, start, ats) for way in ways for form in DIALECTS}
    if json:
        content = {"volumes": msgspec.to_builtins(volumes), "assumed": assumed}
        content["plans"] = [_facts(one) for one in plans.values()]
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(content)).decode() + "\n")
        return
    for line in lines(volumes, assumed, list(plans.values()), plans[strategy, dialect]):
        say(line)


async def _counted(slug: str, given: dict[str, int | None]) -> tuple[dict[str, int | None], str]:
    """What the ATS tells, what the mirror holds, and what was said on the command line, which wins; and which ATS."""
    from landbridge.cli.connecting import test_source
    from landbridge.jobs.planning import wanted
    from landbridge.jobs.wiring import ATS
    from landbridge.store.connections import load_ats_name
    from landbridge.store.tallies import load_tallies, totals
    from landbridge.sync.choices import read_choices

    async with opened() as parts:
        async with parts.database.connection() as connection:
            workspace = await choose_workspace(connection, slug)
            ats = await load_ats_name(connection, workspace.id)
            mirrored = {kind.kind.plural: kind.total for kind in totals(await load_tallies(connection, workspace.id))}
        told = (await test_source(parts, workspace, ats)).counts if ats == ATS else {}
    counts = {
        name: count if count is not None else told.get(name) or mirrored.get(name) or None
        for name, count in given.items()
    }
    return wanted(counts, read_choices(workspace.choices)), ats


def lines(volumes: Volumes, assumed: list[str], plans: list[Plan], shown: Plan) -> Iterator[str]:
    """The plan as text, at most 110 columns wide."""
    yield (
        f"{volumes.jobs:,} jobs, {volumes.candidates:,} candidates, {volumes.applications:,} applications, "
        f"{volumes.stages:,} stages{''.join(_besides(volumes))}"
    )
    if assumed:
        yield f"Assumed, because nobody counts them: {', '.join(assumed)}. Say --{assumed[-1]} N if you know."
    yield ""
    yield f"{'way of reading':16}{'dialect':9}{'read calls':>12}{'write calls':>13}{'takes':>14}  what it waits for"
    for one in plans:
        yield (
            f"{one.strategy:16}{one.dialect:9}{one.read_calls:>12,}{one.write_calls:>13,}{span(one.duration):>14}"
            f"  {waits_for(one)}"
        )
    yield ""
    yield (
        f"{shown.strategy}, {shown.dialect}: {shown.calls_per_candidate:.2f} calls per candidate, "
        f"{shown.calls_per_application:.2f} per application; settled by {shown.ends_at:%Y-%m-%d %H:%M} UTC"
    )
    for one_pass in shown.passes:
        yield f"  {one_pass.title:<42}{one_pass.calls:>12,} calls{span(one_pass.ends_at - one_pass.starts_at):>14}"
    for lane in shown.lanes:
        alone = f"alone {span(lane.alone)}"
        what = f"Sending {lane.resource}"
        yield f"  {what:<42}{lane.calls:>12,} calls{alone:>20}  {LIMITS[lane.binding]}"


def _besides(volumes: Volumes) -> Iterator[str]:
    """What not everybody shares."""
    if volumes.feedback:
        yield f", {volumes.feedback:,} reviews"
    if volumes.notes:
        yield f", {volumes.notes:,} notes"
    if volumes.resumes:
        yield f", {volumes.resumes:,} resumes"
    if volumes.team:
        yield f", {volumes.team:,} people who see each job"


LIMITS = {
    "records_per_minute": "LinkedIn's records per minute",
    "calls_per_day": "LinkedIn's calls per day",
    "round_trips": "LinkedIn's time to answer",
    "reading": "the ATS's calls per second",
    "nothing": "nothing",
}


def waits_for(one: Plan) -> str:
    lane = "" if one.binding in {"reading", "nothing"} else f" ({one.slowest})"
    return LIMITS[one.binding] + lane


def _facts(one: Plan) -> dict[str, Any]:
    import msgspec

    facts: dict[str, Any] = msgspec.to_builtins(one)
    return {
        **facts,
        "read_calls": one.read_calls,
        "write_calls": one.write_calls,
        "duration_s": one.duration.total_seconds(),
    }
