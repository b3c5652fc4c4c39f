"""``python -m landbridge.sandbox``: serve the sandbox until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from landbridge.sandbox import Sandbox
from landbridge.sandbox.kernel import PREFIX
from landbridge.sandbox.kernel.graph import BadSnapshotError
from landbridge.sandbox.sandbox import BOTH
from landbridge.sandbox.scenarios import Report, ScriptError, read_script, run
from landbridge.sandbox.scenarios.reading import ReadScript
from landbridge.sandbox.worlds import WORLDS


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 after Ctrl-C, SIGTERM or a scenario that passed, 1 when a port is taken, 2 for a file that cannot
    be read, 3 for a scenario that failed."""
    wanted = _parser().parse_args(arguments)
    try:
        read = read_script(wanted.scenario.read_text(encoding="utf-8")) if wanted.scenario else None
    except (OSError, ScriptError) as problem:
        sys.stderr.write(f"The scenario {wanted.scenario} cannot be run: {problem}\n")
        return 2
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
    try:
        if wanted.load:
            sandbox.site.load(wanted.load)
    except (OSError, BadSnapshotError) as problem:
        sys.stderr.write(f"The file {wanted.load} cannot be loaded: {problem}\n")
        return 2
    report = asyncio.run(_serve(sandbox, wanted.only, read))
    if wanted.save:
        sandbox.site.save(wanted.save)
    return 0 if report is None or report.passed else 3


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
    parser.add_argument("--load", type=Path, help="start from a file that --save or the control room wrote")
    parser.add_argument("--save", type=Path, help="write everything into this file at the end")
    parser.add_argument("--scenario", type=Path, help="run this scenario, report, and end")
    return parser


async def _serve(sandbox: Sandbox, only: str | None, read: ReadScript | None) -> Report | None:
    """Until a signal comes or the scenario is over; its report."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if only != "smartrecruiters":
        sys.stdout.write(f"LinkedIn         {sandbox.linkedin_url}  (control room {PREFIX}/)\n")
    if only != "linkedin":
        sys.stdout.write(f"SmartRecruiters  {sandbox.smartrecruiters_url}  (control room {PREFIX}/)\n")
    sys.stdout.flush()
    if read is None:
        await sandbox.serve(stop)
        return None
    running = asyncio.create_task(run(sandbox.site, read))
    running.add_done_callback(lambda _: stop.set())
    await sandbox.serve(stop)
    if not running.done():
        running.cancel()
        return None
    sys.stdout.write(running.result().text())
    return running.result()


if __name__ == "__main__":
    sys.exit(main())
