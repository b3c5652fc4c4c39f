"""What every contender is told, and how it says what it has done."""

from __future__ import annotations

import argparse
import json
from typing import cast

from msgspec import Struct

from benchmarks.people import Shape

BATCH = 100


class Trial(Struct, frozen=True, kw_only=True):
    database: str
    sink: str
    shape: Shape


def read_arguments() -> Trial:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True, help="address of the PostgreSQL that holds the candidates")
    parser.add_argument("--sink", required=True, help="base URL of the sink")
    parser.add_argument("--shape", choices=["whole", "consent"], required=True)
    given = parser.parse_args()
    return Trial(database=given.database, sink=given.sink, shape=cast("Shape", given.shape))


def report(records: int, seconds: float) -> None:
    print(json.dumps({"records": records, "seconds": round(seconds, 4)}), flush=True)
