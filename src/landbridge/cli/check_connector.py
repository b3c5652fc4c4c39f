"""landbridge check-connector: does a connector keep what every connector of an ATS has to keep?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from landbridge.cli.opening import run
from landbridge.cli.outcome import say

if TYPE_CHECKING:
    from landbridge.cli.conformance.checks import Verdict


def check_connector(
    name: Annotated[str, typer.Argument(help="The connector's name: smartrecruiters or rest_ats.")],
) -> None:
    """Try a connector through the real engine, on a throw-away database, and say rule by rule what it keeps."""
    from landbridge.cli.conformance.subject import SUBJECTS

    if name not in SUBJECTS:
        raise typer.BadParameter(f"the connector is one of: {', '.join(sorted(SUBJECTS))}")
    run(_check(name))


async def _check(name: str) -> None:
    import asyncio
    import shutil
    import tempfile
    from pathlib import Path

    from landbridge.store.embedded import Embedded

    folder = Path(tempfile.mkdtemp(prefix="landbridge-check-"))
    server = Embedded(folder)
    try:
        url = await asyncio.to_thread(server.start)
        kept = await _report(name, url, folder)
    finally:
        await asyncio.to_thread(server.stop)
        shutil.rmtree(folder, ignore_errors=True)
    if not kept:
        raise typer.Exit(1)


async def _report(name: str, url: str, folder: object) -> bool:
    from landbridge.cli.conformance.checks import check_all
    from landbridge.cli.conformance.ground import opened_ground
    from landbridge.cli.conformance.subject import SUBJECTS
    from landbridge.cli.conformance.writers import WRITERS
    from landbridge.cli.conformance.writing import check_writing

    broken = 0
    async with opened_ground(url, str(folder), name) as ground:
        async with SUBJECTS[name]() as subject:
            async for verdict in check_all(subject, ground):
                broken += _say(verdict)
        if name in WRITERS:
            async with WRITERS[name](ground) as world:
                async for verdict in check_writing(world):
                    broken += _say(verdict)
    say(f"{name}: {f'{broken} rules are broken' if broken else 'keeps all rules'}.")
    return not broken


def _say(verdict: Verdict) -> bool:
    """Whether the rule is broken."""
    say(f"{'broken' if verdict.faults else 'kept  '}  {verdict.rule}")
    for fault in verdict.faults[:10]:
        say(f"          {fault}")
    return bool(verdict.faults)
