"""dlt with a custom destination, set up as fast as its documentation offers without giving up what it is for.

Pages of 10,000 rows instead of single rows, one column per field and no nested tables, no schema contract, no
telemetry, no logging, one load worker (the far side wants batches in order), batches of 100.

``--format`` is what dlt writes between its steps: ``typed-jsonl`` is what a custom destination gets unless it asks for
something else, ``parquet`` the faster of the two it can have.

``--pages arrow`` (with Parquet) hands over pages as Arrow tables. dlt then copies them without looking at a row: it
neither infers nor normalises anything, which is much of what one takes it for. That is measured beside, not instead.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from typing import Any

os.environ.update(RUNTIME__DLTHUB_TELEMETRY="false", RUNTIME__LOG_LEVEL="CRITICAL", DLT_DATA_DIR=tempfile.mkdtemp())

import dlt
import httpx2
import orjson
import psycopg
import pyarrow as pa
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads

from benchmarks.contenders.trial import BATCH, Stopwatch, Trial, read_arguments
from benchmarks.people import columns_of
from benchmarks.wire import batch_of_rows

PAGE = 10_000

set_json_loads(orjson.loads)


class Pipeline:
    """One pipeline from the table ``person`` to the sink."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.sent = 0
        self.http = httpx2.Client(base_url=trial.sink)

    def read(self) -> Iterator[Any]:
        query = f"SELECT {', '.join(columns_of(self.trial.shape))} FROM person ORDER BY number"
        with (
            psycopg.connect(self.trial.database, row_factory=dict_row) as connection,
            connection.cursor(name="people") as rows,
        ):
            rows.execute(query.encode())
            while page := rows.fetchmany(PAGE):
                yield pa.Table.from_pylist(page) if self.trial.pages == "arrow" else page

    def write(self, rows: list[dict[str, Any]]) -> None:
        batch = batch_of_rows(rows)
        self.http.post(batch.path, content=batch.content, headers=batch.headers).raise_for_status()
        self.sent += len(rows)

    def run(self) -> int:
        @dlt.destination(
            name="sink",
            batch_size=BATCH,
            loader_file_format=self.trial.format,
            loader_parallelism_strategy="sequential",
        )
        def sink(rows: Any, table: Any) -> None:  # noqa: ARG001 - dlt's signature
            self.write(rows.to_pylist() if self.trial.format == "parquet" else rows)

        pipeline = dlt.pipeline("outbound", destination=sink, pipelines_dir=tempfile.mkdtemp())
        pipeline.extract(dlt.resource(self.read(), name="people", primary_key="id"))
        pipeline.normalize()
        pipeline.load(workers=1)
        return self.sent


def main() -> None:
    trial = read_arguments()
    watch = Stopwatch()
    sent = Pipeline(trial).run()
    watch.report(sent)


if __name__ == "__main__":
    main()
