"""The product's command line as a person types it: one process per command."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping

from msgspec import Struct


class Outcome(Struct, frozen=True, kw_only=True):
    """How a command ended and all it said."""

    status: int
    text: str

    def __str__(self) -> str:
        return f"status {self.status}: {self.text}"


async def landbridge(environment: Mapping[str, str], *arguments: str, within: float = 60.0) -> Outcome:
    """Run one command to its end. Fails where it does not end in time."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "landbridge", *arguments,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **environment},
    )  # fmt: skip
    try:
        told, _ = await asyncio.wait_for(process.communicate(), within)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise AssertionError(f"landbridge {' '.join(arguments)} did not end within {within:.0f} s") from None
    return Outcome(status=process.returncode or 0, text=told.decode(errors="replace"))
