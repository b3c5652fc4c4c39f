"""The stream a Singer target is fed with: rows of PostgreSQL as Singer messages, written as fast as Python can."""

from __future__ import annotations

import sys

import orjson
import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads

from benchmarks.contenders.singer_schema import STREAM, schema
from benchmarks.contenders.trial import read_arguments
from benchmarks.people import columns_of

PAGE = 5_000

set_json_loads(orjson.loads)


def main() -> None:
    trial = read_arguments()
    out = sys.stdout.buffer
    out.write(orjson.dumps(schema(trial.shape)) + b"\n")
    query = f"SELECT {', '.join(columns_of(trial.shape))} FROM person ORDER BY number"
    with (
        psycopg.connect(trial.database, row_factory=dict_row) as connection,
        connection.cursor(name="people") as rows,
    ):
        rows.execute(query.encode())
        while page := rows.fetchmany(PAGE):
            out.writelines(orjson.dumps({"type": "RECORD", "stream": STREAM, "record": row}) + b"\n" for row in page)


if __name__ == "__main__":
    main()
