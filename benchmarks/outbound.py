"""How fast candidates go from PostgreSQL to a far side: the engine beside what else one might use.

    python -m benchmarks.outbound --json FILE [--records 200000] [--runs 3] [--shape whole|consent]

Senders push the same candidates from the same PostgreSQL over HTTP into the same sink, in batches of 100, one after
another: ``engine`` (Landbridge's lane with its ledger), ``bare`` (a loop without any state, the limit), ``dlt`` (a
custom destination as dlt sets it up by itself), ``dlt-parquet`` (the same with the faster of its two formats) and
``singer`` (a Singer SDK target). They take turns, so that a machine that gets slower or faster treats all alike; each
result is the median of its runs. A run counts only if the sink has received every candidate, and the same bytes from
everybody.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from msgspec import Struct

from benchmarks.arena import ROOT, Sink, load_people, make_due, running_database, running_sink
from benchmarks.machine import machine, versions
from benchmarks.people import Shape

BENCH_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
DLT = ("-m", "benchmarks.contenders.dlt_pipeline")
CONTENDERS: Mapping[str, tuple[str, ...]] = {
    "engine": (sys.executable, "-m", "benchmarks.contenders.engine"),
    "bare": (sys.executable, "-m", "benchmarks.contenders.bare"),
    "dlt": (str(BENCH_PYTHON), *DLT),
    "dlt-parquet": (str(BENCH_PYTHON), *DLT, "--format", "parquet"),
    "singer": (str(BENCH_PYTHON), "-m", "benchmarks.contenders.singer_target"),
    "dlt-arrow": (str(BENCH_PYTHON), *DLT, "--format", "parquet", "--pages", "arrow"),
}
USUAL = ("engine", "bare", "dlt", "dlt-parquet", "singer")
FEEDS = {"singer": (str(BENCH_PYTHON), "-m", "benchmarks.contenders.singer_tap")}


class Course(Struct, frozen=True, kw_only=True):
    """What one measurement is run on."""

    database: str
    sink: Sink
    records: int
    shape: Shape

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("--database", self.database, "--sink", self.sink.url, "--shape", self.shape)


class Run(Struct, frozen=True, kw_only=True):
    contender: str
    seconds: float
    cpu_seconds: float  # of the contender's own process, so without PostgreSQL, sink and a Singer tap
    peak_kb: int
    records_per_second: float
    checksum: int


class FailedRunError(Exception):
    """A contender did not do what it was asked to, so its time means nothing."""


def measure(course: Course, contender: str) -> Run:
    """Run one contender once. Raises FailedRunError unless every candidate has arrived exactly once."""
    make_due(course.database)
    course.sink.reset()
    told = json.loads(_run(contender, course.arguments).splitlines()[-1])
    received = course.sink.received()
    if not told["records"] == received.records == received.distinct == course.records:
        raise FailedRunError(f"{contender} sent {told['records']} of {course.records}; the sink has {received}")
    return Run(
        contender=contender,
        seconds=told["seconds"],
        cpu_seconds=told["cpu_seconds"],
        peak_kb=told["peak_kb"],
        records_per_second=course.records / told["seconds"],
        checksum=received.checksum,
    )


def _run(contender: str, arguments: Sequence[str]) -> str:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    command = [*CONTENDERS[contender], *arguments]
    feed = FEEDS.get(contender)
    if feed is None:
        return _output(command, environment, None)
    with subprocess.Popen([*feed, *arguments], stdout=subprocess.PIPE, cwd=ROOT, env=environment) as tap:
        return _output(command, environment, tap.stdout)


def _output(command: Sequence[str], environment: Mapping[str, str], feed: Any) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdin=feed, capture_output=True, text=True, check=False, timeout=1800
    )
    if done.returncode != 0:
        raise FailedRunError(f"{command[2]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def compare(records: int, runs: int, shape: Shape, contenders: Sequence[str]) -> list[Run]:
    done: list[Run] = []
    with running_database() as database, running_sink() as sink:
        course = Course(database=database, sink=sink, records=records, shape=shape)
        load_people(database, records, shape)
        for turn in range(runs):
            for contender in contenders:
                run = measure(course, contender)
                done.append(run)
                print(f"run {turn + 1}  {contender:11} {run.records_per_second:10,.0f} records/s", flush=True)
    if len({run.checksum for run in done}) != 1:
        raise FailedRunError(f"the contenders did not send the same bytes: {done}")
    return done


def summary(runs: Sequence[Run], records: int, shape: Shape) -> dict[str, Any]:
    """The medians in records per second, their ratios, and all that is needed to judge them."""
    names = list(dict.fromkeys(run.contender for run in runs))
    medians = {
        name: statistics.median(run.records_per_second for run in runs if run.contender == name) for name in names
    }
    engine = medians.get("engine")
    ratios = {f"engine/{name}": round(engine / medians[name], 3) for name in names if engine and name != "engine"}
    return {
        **{name: round(value) for name, value in medians.items()},
        "ratios": ratios,
        "records": records,
        "shape": shape,
        "same_bytes": True,
        "runs": [
            {
                "contender": run.contender,
                "seconds": round(run.seconds, 3),
                "cpu_seconds": round(run.cpu_seconds, 3),
                "peak_kb": run.peak_kb,
                "records_per_second": round(run.records_per_second),
            }
            for run in runs
        ],
        "machine": machine(),
        "versions": {**versions(), **_bench_versions()},
    }


def _bench_versions() -> dict[str, str]:
    if not BENCH_PYTHON.exists():
        return {}
    code = "import json; from benchmarks.machine import versions; print(json.dumps(versions()))"
    told = _output([str(BENCH_PYTHON), "-c", code], {**os.environ, "PYTHONPATH": str(ROOT)}, None)
    return cast("dict[str, str]", json.loads(told))


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(description="Push candidates from PostgreSQL into a sink, several ways.")
    arguments.add_argument("--json", type=Path, help="write the result to this file")
    arguments.add_argument("--records", type=int, default=200_000)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--shape", choices=["whole", "consent"], default="whole")
    arguments.add_argument("--only", nargs="+", choices=list(CONTENDERS), default=list(USUAL))
    return arguments


def main(given: Sequence[str] | None = None) -> int:
    options = parser().parse_args(given)
    runs = compare(options.records, options.runs, options.shape, options.only)
    result = summary(runs, options.records, options.shape)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({name: result[name] for name in [*options.only, "ratios"]}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
