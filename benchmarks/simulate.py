"""A company of a million candidates under the real limits, on a virtual clock.

    python -m benchmarks.simulate [--json FILE] [--share 1.0] [--whole 60000]

Four parts. *Mirrored*: all of it is in the mirror already and goes to LinkedIn, in both dialects. *First sync*: it is
read from SmartRecruiters while it is sent. *Whole engine*: a part of the candidates goes through the real database,
lane, connector and HTTP stack. *Crowd*: ten thousand workspaces share a few workers.

The first three tell how much of the binding limit was used, how often the far side had to refuse (never, or this ends
with status 1), and how far the plan's end is from the simulated one.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from benchmarks.arena import load_people, make_due, running_database
from benchmarks.simulation.company import STAGES_PER_APPLICATION, Company, Network
from benchmarks.simulation.crowd import CrowdTaken, simulate_crowd
from benchmarks.simulation.first_sync import DIALECTS, RESOURCES, SyncTaken, simulate_first_sync
from benchmarks.simulation.sending import ROUND_TRIPS, START, LaneTaken, simulate_lane
from benchmarks.simulation.whole import WholeTaken, simulate_candidates_lane
from landbridge.connectors.linkedin.dialects import Generation, resolve
from landbridge.connectors.smartrecruiters.passes import passes_of
from landbridge.records import Kind
from landbridge.sync.plan import LaneLimits, Plan, Reading, make_plan

LEAST_USE = 0.95
FARTHEST_ETA = 0.05
KINDS = {kind.plural: kind for kind in Kind}


def plan_of(company: Company, dialect: Generation, *, mirrored: bool) -> Plan:
    """The engine's own plan for this company."""
    lanes = []
    for name in RESOURCES:
        resource = resolve(name, dialect)
        alone = resource.one_parent_per_call
        records_per_call = STAGES_PER_APPLICATION if alone else resource.limits.records_per_call
        lanes.append(
            LaneLimits(
                kind=KINDS[name],
                limits=resource.limits,
                one_parent_per_call=alone,
                latency=Network.usual_linkedin(records_per_call),
            )
        )
    return make_plan(
        company.volumes,
        passes_of("progressive", extra_fields=False),
        lanes,
        Reading(calls_per_second=10, latency=Network.usual_smartrecruiters()),
        start=START,
        dialect=dialect,
        mirrored=mirrored,
    )


def mirrored(company: Company) -> list[LaneTaken]:
    """Part one: the lanes alone. A v2 call carries the stages of one application."""
    counts = {name: company.volumes.of(KINDS[name]) for name in RESOURCES}
    taken = []
    for dialect in DIALECTS:
        for name in RESOURCES:
            per_call = STAGES_PER_APPLICATION if (name, dialect) == ("stages", "v2") else 100
            taken.append(simulate_lane(name, dialect, counts[name], per_call=per_call))
            print(_lane_line(taken[-1]), flush=True)
    return taken


def whole(candidates: int) -> list[WholeTaken]:
    """Part three: the real engine, on a real database."""
    taken = []
    with running_database() as database:
        load_people(database, candidates, "consent")
        for dialect in DIALECTS:
            make_due(database)
            taken.append(simulate_candidates_lane(database, dialect=dialect))
            last = taken[-1]
            print(f"  {dialect:4} {last.delivered:,} candidates, {last.use:.1%} of the quota, {last.refused} refused")
    return taken


def crowd() -> list[CrowdTaken]:
    """Part four: many workspaces, few workers."""
    taken = [simulate_crowd(workers) for workers in (10, 25, 50)]
    for one in taken:
        print(
            f"  {one.workers:>3} workers, {one.lanes:,} lanes: evenness of busy workspaces {one.evenness:.4f}, "
            f"live changes wait {one.live.longest:.0f} s at worst, "
            f"small work in line {one.in_line.median:.0f} s (median), {one.in_line.longest:.0f} s (longest)"
        )
    return taken


def _lane_line(lane: LaneTaken) -> str:
    bound = "bound by round trips" if lane.binding == ROUND_TRIPS else f"{lane.use:.1%} of {lane.binding}"
    return (
        f"  {lane.dialect:4} {lane.resource:12} {lane.records:>9,} records in {lane.calls:>9,} calls, "
        f"{_length(lane.ended_at - START):>9}, {bound}, {lane.refused} refused"
    )


def _print_sync(sync: SyncTaken) -> None:
    for taken in sync.reading.passes:
        print(
            f"  read {taken.name:12} {taken.calls:>9,} calls, {_length(timedelta(seconds=taken.seconds)):>9}, "
            f"{taken.permitted / taken.seconds:.1%} of what is permitted"
        )
    print(f"  read in all: {sync.reading.use:.1%} of what is permitted, {sync.reading.refused} refused,", end=" ")
    print(f"at most {sync.reading.fullest_second} in any second and {sync.reading.most_in_flight} in flight")
    for lane in sorted(sync.lanes, key=lambda lane: DIALECTS.index(lane.dialect)):
        length = _length(lane.ended_at - START)
        print(
            f"  {lane.dialect:4} {lane.resource:12} {lane.records:>9,} records in {lane.calls:>9,} calls, "
            f"done after {length}, {lane.refused} refused"
        )


def eta(plan: Plan, ended_at: datetime) -> dict[str, Any]:
    simulated = ended_at - START
    return {
        "planned_hours": round(plan.duration / timedelta(hours=1), 2),
        "simulated_hours": round(simulated / timedelta(hours=1), 2),
        "off_by": round(plan.duration / simulated - 1, 4),
        "binding": plan.binding,
    }


def _length(length: timedelta) -> str:
    days, hours = length / timedelta(days=1), length / timedelta(hours=1)
    return (
        f"{days:.1f} d" if days >= 2 else f"{hours:.1f} h" if hours >= 2 else f"{length.total_seconds() / 60:.1f} min"
    )


def findings(result: dict[str, Any]) -> list[str]:
    """What does not hold."""
    wrong = [
        f"lane {lane.get('resource', 'candidates')} {lane['dialect']}: {lane['use']:.1%}, {lane['refused']} refused"
        for lane in result["mirrored"] + result["whole"]
        if lane["refused"] or (lane["use"] < LEAST_USE and lane.get("binding") != ROUND_TRIPS)
    ]
    wrong += [f"sync lane {one['resource']} refused" for one in result["first_sync"]["lanes"] if one["refused"]]
    reading = result["first_sync"]["reading"]
    if reading["use"] < LEAST_USE or reading["refused"]:
        wrong.append(f"reading: {reading['use']:.1%}, {reading['refused']} refused")
    wrong += [f"plan {name}: off by {one['off_by']:.1%}" for name, one in result["eta"].items() if _is_far(one)]
    return wrong


def _is_far(one: dict[str, Any]) -> bool:
    off_by: float = one["off_by"]
    return abs(off_by) > FARTHEST_ETA


def run(company: Company, candidates: int) -> dict[str, Any]:
    print(f"{company.candidates:,} candidates, {company.applications:,} applications, {company.jobs:,} jobs")
    print("mirrored already, on to LinkedIn:")
    lanes = mirrored(company)
    print("first sync, read and sent:", flush=True)
    sync = simulate_first_sync(company)
    _print_sync(sync)
    print("whole engine:", flush=True)
    engine = whole(candidates)
    print("ten thousand workspaces, a hundred of them in their first sync:")
    crowds = crowd()
    etas = {}
    for dialect in DIALECTS:
        ended_at = max(lane.ended_at for lane in lanes if lane.dialect == dialect)
        etas[f"mirrored {dialect}"] = eta(plan_of(company, dialect, mirrored=True), ended_at)
        etas[f"first sync {dialect}"] = eta(plan_of(company, dialect, mirrored=False), sync.ended_at(dialect))
    for name, one in etas.items():
        print(
            f"plan {name}: {one['planned_hours']} h, simulated {one['simulated_hours']} h, off by {one['off_by']:.1%}"
        )
    reading = {**to_builtins(sync.reading), "use": sync.reading.use}
    return {
        "company": to_builtins(company),
        "mirrored": to_builtins(lanes),
        "first_sync": {"reading": reading, "lanes": to_builtins(sync.lanes)},
        "whole": to_builtins(engine),
        "crowd": to_builtins(crowds),
        "eta": etas,
    }


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(description="Simulate a large company under the real limits.")
    arguments.add_argument("--json", type=Path, help="write the result to this file")
    arguments.add_argument("--share", type=float, default=1.0, help="of the company of a million candidates")
    arguments.add_argument("--whole", type=int, default=60_000, help="candidates that go through the whole engine")
    return arguments


def main(given: Sequence[str] | None = None) -> int:
    options = parser().parse_args(given)
    began = time.perf_counter()
    result = run(Company().scaled(options.share), options.whole)
    wrong = findings(result)
    result["real_seconds"] = round(time.perf_counter() - began, 1)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"simulated in {result['real_seconds']} s;", "; ".join(wrong) if wrong else "everything holds")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
