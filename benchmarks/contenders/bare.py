"""The limit: read, render, send, forget. No state, no limits, no retries, no look at what the far side answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx2
import psycopg

from benchmarks.contenders.trial import BATCH, Stopwatch, Trial, read_arguments
from benchmarks.wire import batch_of_bodies

ROWS = "SELECT body::text FROM record WHERE kind = 'candidate' ORDER BY id"


async def run(trial: Trial) -> int:
    sent = 0
    async with (
        httpx2.AsyncClient(base_url=trial.sink) as http,
        await psycopg.AsyncConnection.connect(trial.database) as connection,
        connection.cursor(name="candidates") as rows,
    ):
        await rows.execute(ROWS)
        while chunk := await rows.fetchmany(20 * BATCH):
            for start in range(0, len(chunk), BATCH):
                sent += await _send(http, [body for (body,) in chunk[start : start + BATCH]])
    return sent


async def _send(http: httpx2.AsyncClient, bodies: Sequence[str]) -> int:
    batch = batch_of_bodies(bodies)
    answer = await http.post(batch.path, content=batch.content, headers=batch.headers)
    answer.raise_for_status()
    return len(bodies)


def main() -> None:
    trial = read_arguments()
    watch = Stopwatch()
    sent = asyncio.run(run(trial))
    watch.report(sent)


if __name__ == "__main__":
    main()
