"""What every contender is told, and how it says what it has done."""

from __future__ import annotations

import argparse
import json
import resource
import time
from typing import Literal, TypeAlias, cast, get_args

from msgspec import Struct

from benchmarks.people import Shape

BATCH = 100
Format: TypeAlias = Literal["typed-jsonl", "parquet"]


class Trial(Struct, frozen=True, kw_only=True):
    database: str
    sink: str
    shape: Shape
    pages: str = "rows"
    format: Format = "typed-jsonl"


def read_arguments() -> Trial:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True, help="address of the PostgreSQL that holds the candidates")
    parser.add_argument("--sink", required=True, help="base URL of the sink")
    parser.add_argument("--shape", choices=["whole", "consent"], required=True)
    parser.add_argument("--pages", choices=["rows", "arrow"], default="rows", help="how dlt is given its pages")
    parser.add_argument("--format", choices=get_args(Format), default="typed-jsonl", help="what dlt writes on its way")
    given = parser.parse_args()
    return Trial(
        database=given.database,
        sink=given.sink,
        shape=cast("Shape", given.shape),
        pages=given.pages,
        format=cast("Format", given.format),
    )


class Stopwatch:
    """Runs from the moment it is made: what went before (starting Python, importing) is not counted."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._processor = time.process_time()

    def report(self, records: int) -> None:
        """Print what has been done as one line of JSON; processor seconds and peak memory are this process's own."""
        wall, processor = time.perf_counter() - self._wall, time.process_time() - self._processor
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        told = {"records": records, "seconds": wall, "cpu_seconds": processor, "peak_kb": peak}
        print(json.dumps(told), flush=True)
