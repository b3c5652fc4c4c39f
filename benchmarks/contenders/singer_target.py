"""A Singer SDK target: reads the stream from its standard input, sends batches of 100.

Set up for speed: the SDK's msgspec reader, no validation of records, no metadata columns, no logging.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, ClassVar

import httpx2
from singer_sdk.contrib.msgspec import MsgSpecReader
from singer_sdk.sinks import BatchSink
from singer_sdk.target_base import Target

from benchmarks.contenders.trial import BATCH, Stopwatch, Trial, read_arguments
from benchmarks.wire import batch_of_rows


class PeopleSink(BatchSink):
    """One stream's batches, sent one after another."""

    max_size = BATCH

    def __init__(self, target: PeopleTarget, *args: Any, **kwargs: Any) -> None:
        super().__init__(target, *args, **kwargs)
        self.send = target.send

    def process_batch(self, context: dict[str, Any]) -> None:
        self.send(context["records"])


class PeopleTarget(Target):
    name = "target-sink"
    config_jsonschema: ClassVar[dict[str, Any]] = {"type": "object", "properties": {}}
    default_sink_class = PeopleSink
    message_reader_class = MsgSpecReader

    def __init__(self, trial: Trial) -> None:
        self.sent = 0
        self.http = httpx2.Client(base_url=trial.sink)
        config = {"validate_records": False, "add_record_metadata": False}
        super().__init__(config=config, validate_config=False)
        self.max_parallelism = 1

    def send(self, records: list[dict[str, Any]]) -> None:
        batch = batch_of_rows(records)
        self.http.post(batch.path, content=batch.content, headers=batch.headers).raise_for_status()
        self.sent += len(records)


def main() -> None:
    logging.disable(logging.CRITICAL)
    target = PeopleTarget(read_arguments())
    watch = Stopwatch()
    target.listen(sys.stdin)
    watch.report(target.sent)


if __name__ == "__main__":
    main()
