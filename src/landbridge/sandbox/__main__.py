"""``python -m landbridge.sandbox``: serve the sandbox until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from landbridge.sandbox import Sandbox
from landbridge.sandbox.kernel import PREFIX
from landbridge.sandbox.sandbox import BOTH
from landbridge.sandbox.worlds import WORLDS


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 after Ctrl-C or SIGTERM, 1 when a port is taken."""
    wanted = _parser().parse_args(arguments)
    sandbox = Sandbox(
        world=wanted.world,
        seed=wanted.seed,
        candidates=wanted.candidates,
        limits=wanted.limits,
        push_outside=wanted.push_outside,
    )
    try:
        sandbox.listen(
            host=wanted.host,
            linkedin_port=wanted.linkedin_port,
            smartrecruiters_port=wanted.smartrecruiters_port,
            systems=(wanted.only,) if wanted.only else BOTH,
        )
    except OSError as problem:
        sys.stderr.write(f"The sandbox cannot take its port: {problem.strerror}. Choose another one.\n")
        return 1
    asyncio.run(_serve(sandbox, wanted.only))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="landbridge sandbox", description="LinkedIn and SmartRecruiters on a laptop")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--linkedin-port", type=int, default=8701)
    parser.add_argument("--smartrecruiters-port", type=int, default=8702)
    parser.add_argument("--only", choices=BOTH, help="serve one of the two")
    parser.add_argument("--world", choices=WORLDS, default="plain")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--candidates", type=int, default=2000)
    parser.add_argument("--push-outside", action="store_true", help="push to callbacks on other machines too")
    parser.add_argument("--limits", choices=("relaxed", "real"), default="relaxed")
    return parser


async def _serve(sandbox: Sandbox, only: str | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if only != "smartrecruiters":
        sys.stdout.write(f"LinkedIn         {sandbox.linkedin_url}  (control room {PREFIX}/)\n")
    if only != "linkedin":
        sys.stdout.write(f"SmartRecruiters  {sandbox.smartrecruiters_url}  (control room {PREFIX}/)\n")
    sys.stdout.flush()
    await sandbox.serve(stop)


if __name__ == "__main__":
    sys.exit(main())
