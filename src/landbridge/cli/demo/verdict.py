"""Putting the report together: both far sides' own records, Landbridge's ledger, and the journals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landbridge.cli.demo import ats, linkedin
from landbridge.cli.demo.check import Standing, Tally, judge
from landbridge.cli.demo.excuses import excuses
from landbridge.cli.demo.report import Report
from landbridge.records import Kind

if TYPE_CHECKING:
    from landbridge.cli.demo.living import Living
    from landbridge.cli.demo.options import Options
    from landbridge.cli.demo.stage import Stage
    from landbridge.cli.demo.story import Connected

ATS_ENTITIES = ("jobs", "candidates", "applications", "histories", "sources")
LINKEDIN_ENTITIES = ("jobs", "candidates", "applications", "stages")


async def reach_verdict(
    stage: Stage, connected: Connected, options: Options, living: Living, duration_s: float
) -> Report:
    """Read everything from both sandboxes and compare."""
    from landbridge.cli.connecting import now
    from landbridge.cli.demo.words import millis

    company = ats.see(await stage.smartrecruiters.dumps(ATS_ENTITIES))
    network = linkedin.see(await stage.linkedin.dumps(LINKEDIN_ENTITIES), connected.client_id)
    believed = excuses(company, network, millis(now().isoformat()) or 0, documented_reasons())
    tallies: dict[str, Tally] = {}
    # Reviews stay at home unless a company shares them, and this one does not.
    for kind in (Kind.JOB, Kind.CANDIDATE, Kind.APPLICATION, Kind.STAGE):
        ledger = await load_ledger(stage, connected.workspace.id, kind)
        tallies[kind.plural] = judge(getattr(company, kind.plural), getattr(network, kind.plural), ledger, believed)
    journals = [await side.journaled() for side in (stage.smartrecruiters, stage.linkedin)]
    return Report(
        world=options.world,
        seed=options.seed,
        candidates_wanted=options.candidates,
        limits=options.limits,
        dialect=options.dialect,
        **tallies,
        unreadable=company.unreadable,
        throttled=sum(journal.throttled for journal in journals),
        violations={rule: count for journal in journals for rule, count in journal.violations.items()},
        requests={operation: count for journal in journals for operation, count in journal.requests.items()},
        live=living,
        shortened_waits=options.shortened_waits,
        duration_s=round(duration_s, 1),
    )


async def load_ledger(stage: Stage, workspace: int, kind: Kind) -> dict[str, Standing]:
    """What Landbridge says of each record of a kind, by key."""
    async with stage.opened.database.connection() as connection:
        cursor = await connection.execute(
            """
            SELECT record.key, delivery.state, delivery.reason
            FROM delivery JOIN record ON record.id = delivery.record_id
            WHERE delivery.workspace_id = %s AND delivery.kind = %s
            """,
            [workspace, kind.value],
        )
        return {key: Standing(state, reason) async for key, state, reason in cursor}


def documented_reasons() -> set[str]:
    """The codes that docs/reference/reasons.md explains."""
    from landbridge.connectors import linkedin as far_side
    from landbridge.connectors.smartrecruiters.reasons import REASONS as OF_THE_ATS
    from landbridge.sync.reasons import REASONS as OF_THE_ENGINE

    return {reason.code for reason in (*far_side.REASONS, *OF_THE_ATS, *OF_THE_ENGINE)}
