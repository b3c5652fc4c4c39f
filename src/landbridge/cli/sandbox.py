"""landbridge sandbox: LinkedIn and SmartRecruiters on one's own machine."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class World(StrEnum):
    PLAIN = "plain"
    HOSTILE = "hostile"


class Limits(StrEnum):
    RELAXED = "relaxed"
    REAL = "real"


class System(StrEnum):
    LINKEDIN = "linkedin"
    SMARTRECRUITERS = "smartrecruiters"


WorldOption = Annotated[
    World, typer.Option(help="plain: an ordinary company. hostile: one with every oddity a real system has shown.")
]
SeedOption = Annotated[int, typer.Option(help="The same seed and size give the same company.")]
CandidatesOption = Annotated[int, typer.Option(min=1, help="How many candidates the company has.")]
LimitsOption = Annotated[
    Limits, typer.Option(help="real: quotas and waits as documented. relaxed: without those that make one wait.")
]


def sandbox(
    linkedin_port: Annotated[int, typer.Option(help="Port of LinkedIn; 0 takes a free one.")] = 8701,
    smartrecruiters_port: Annotated[int, typer.Option(help="Port of SmartRecruiters; 0 takes a free one.")] = 8702,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    world: WorldOption = World.PLAIN,
    seed: SeedOption = 1,
    candidates: CandidatesOption = 2000,
    limits: LimitsOption = Limits.RELAXED,
    push_outside: Annotated[
        bool, typer.Option("--push-outside", help="Push to callbacks on other machines too, not only on this one.")
    ] = False,
    only: Annotated[System | None, typer.Option(help="Serve one of the two.")] = None,
    load: Annotated[Path | None, typer.Option(help="Start from a file that --save or the control room wrote.")] = None,
    save: Annotated[Path | None, typer.Option(help="Write everything into this file at the end.")] = None,
    scenario: Annotated[
        Path | None, typer.Option(help="Run this scenario while it serves, report, and end; 3 where it failed.")
    ] = None,
) -> None:
    """Serve LinkedIn and SmartRecruiters, imitated, for any client; control room under /_sandbox/ on both ports.

    Your client changes nothing but the host: http://localhost:8701 is LinkedIn's API and, in a browser, Recruiter;
    http://localhost:8702 is SmartRecruiters. GET /_sandbox/credentials tells each one's keys and who can sign in.

    /_sandbox/ in a browser shows every call, what your client did wrong by the rules, and what waits. There you turn
    the clock, order faults and quotas, take snapshots and run scenarios. Pushes go to this machine only.
    """
    from landbridge.sandbox.__main__ import main

    arguments: list[object] = [
        "--linkedin-port",
        linkedin_port,
        "--smartrecruiters-port",
        smartrecruiters_port,
        "--host",
        host,
    ]
    arguments += ["--world", world, "--seed", seed, "--candidates", candidates, "--limits", limits]
    arguments += ["--push-outside"] if push_outside else []
    arguments += ["--only", only] if only else []
    for option, value in (("--load", load), ("--save", save), ("--scenario", scenario)):
        arguments += [option, value] if value else []
    raise typer.Exit(main([str(argument) for argument in arguments]))
