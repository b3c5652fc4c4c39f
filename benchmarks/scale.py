"""Whether the engine's cost per record and its memory stay the same from ten thousand to a million records.

    python -m benchmarks.scale [--json FILE] [--sizes 10000 100000 1000000]

Each size has a database of its own and a fresh process, which drives the lane of the candidates into the sink.
Processor time is the measure: on a machine that does other things as well, the clock tells about those.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.arena import load_people, running_database, running_sink
from benchmarks.machine import machine, versions
from benchmarks.outbound import Course, Run, measure

SIZES = (10_000, 100_000, 1_000_000)
# A fixed cost of the start weighs on the smallest size; twice the cost would be no fixed cost any more.
STEEPEST = 1.5
FATTEST = 1.5


def measure_size(records: int) -> Run:
    with running_database() as database, running_sink() as sink:
        load_people(database, records, "whole", table=False)
        return measure(Course(database=database, sink=sink, records=records, shape="whole"), "engine")


def summary(runs: dict[int, Run]) -> dict[str, Any]:
    """Costs in microseconds per record, memory in MB, and both of the largest size as a multiple of the middle one."""
    sizes = {
        str(size): {
            "seconds": round(run.seconds, 2),
            "us_per_record": round(run.seconds / size * 1e6, 1),
            "cpu_us_per_record": round(run.cpu_seconds / size * 1e6, 1),
            "peak_mb": round(run.peak_kb / 1024, 1),
        }
        for size, run in runs.items()
    }
    ordered = sorted(runs)
    middle, largest = runs[ordered[len(ordered) // 2]], runs[ordered[-1]]
    cost = (largest.cpu_seconds / ordered[-1]) / (middle.cpu_seconds / ordered[len(ordered) // 2])
    return {
        "sizes": sizes,
        "cost_ratio": round(cost, 2),
        "memory_ratio": round(largest.peak_kb / middle.peak_kb, 2),
        "machine": machine(),
        "versions": versions(),
    }


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(description="Cost per record and memory of the engine at several sizes.")
    arguments.add_argument("--json", type=Path, help="write the result to this file")
    arguments.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    return arguments


def main(given: Sequence[str] | None = None) -> int:
    options = parser().parse_args(given)
    runs = {}
    for size in options.sizes:
        runs[size] = measure_size(size)
        told = summary({size: runs[size]})["sizes"][str(size)]
        print(
            f"{size:>9,} records: {told['us_per_record']} us each ({told['cpu_us_per_record']} us of processor time), "
            f"{told['peak_mb']} MB at most",
            flush=True,
        )
    result = summary(runs)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    flat = result["cost_ratio"] <= STEEPEST and result["memory_ratio"] <= FATTEST
    print(f"largest to middle: cost x{result['cost_ratio']}, memory x{result['memory_ratio']}")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
