"""A workspace in the middle of its historical sync, put straight into the tables."""

from __future__ import annotations

from datetime import datetime, timedelta

from landbridge.errors import SignInRejectedError
from landbridge.store.connections import mark_ok, mark_problem, save_credentials
from landbridge.store.database import Connection, Database
from landbridge.store.integrations import Integration, save_integrations
from landbridge.store.reconciliations import save_reconciliation
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace

ORGANIZATION = "urn:li:organization:2414183"
CONTRACT = "urn:li:contract:230037206"


async def busy_workspace(database: Database, vault: Vault, now: datetime) -> int:
    """Connected, enabled, reading applications and sending candidates; stages are paused."""
    async with database.transaction() as connection:
        workspace = await create_workspace(
            connection,
            slug="acme",
            name="Acme & Søns <GmbH>",
            foreign_id="lb-acme",
            now=now,
            organization_urn=ORGANIZATION,
        )
        for system in ("smartrecruiters", "linkedin"):
            await save_credentials(connection, workspace, system, vault=vault, settings={}, secrets={"key": "hunter2"})
            await mark_ok(connection, workspace, system, now)
        await save_integrations(connection, workspace, [
            *(Integration(context=ORGANIZATION, type=type_, name="", status="ENABLED", checked_at=now)
              for type_ in ("ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN")),
            Integration(context=CONTRACT, type="CSA_API", name="Acme hiring", status="ENABLED", checked_at=now),
        ])  # fmt: skip
        await _sweep(connection, workspace, now)
        for kind, state, reason, count in COUNTS:
            await _records(connection, workspace, kind, state, reason, count, now)
        for statement in LANES.split(";"):
            await connection.execute(
                statement.encode(), {"w": workspace, "now": now, "until": now + timedelta(minutes=7)}
            )
        report = {kind: {"missing": 0, "extra": 0, "different": 0} for kind in ("jobs", "candidates")}
        await save_reconciliation(connection, workspace, report, now)
    return workspace


async def broken_workspace(database: Database, vault: Vault, now: datetime) -> int:
    """LinkedIn refuses the key, and the integrations are not enabled."""
    async with database.transaction() as connection:
        workspace = await create_workspace(connection, slug="globex", name="Globex", foreign_id="lb-globex", now=now)
        for system in ("smartrecruiters", "linkedin"):
            await save_credentials(connection, workspace, system, vault=vault, settings={}, secrets={})
        problem = SignInRejectedError(
            "LinkedIn refused the key.", hint="Enter the client id and secret of the child application again."
        )
        await mark_problem(connection, workspace, "linkedin", problem, now)
        requested = Integration(context=CONTRACT, type="CSA_API", name="", status="REQUESTED", checked_at=now)
        await save_integrations(connection, workspace, [requested])
    return workspace


COUNTS = [
    ("job", "delivered", "", 212), ("job", "pending", "", 31), ("job", "held", "job_not_published", 46),
    ("candidate", "delivered", "", 1480), ("candidate", "due", "", 520), ("candidate", "held", "email_missing", 61),
    ("candidate", "held", "email_placeholder", 9), ("candidate", "quarantined", "linkedin_invalid", 3),
    ("application", "delivered", "", 640), ("application", "due", "", 215),
    ("application", "held", "waits_for_job", 88),
    ("stage", "held", "waits_for_application", 1012),
]  # fmt: skip

LANES = """
INSERT INTO lane (workspace_id, resource, blocked_until, blocked_reason, last_sent_at)
VALUES (%(w)s, 'jobs', NULL, '', %(now)s), (%(w)s, 'candidates', NULL, '', %(now)s),
       (%(w)s, 'applications', %(until)s, 'rate_limited', %(now)s);
INSERT INTO budget (workspace_id, system, resource, next_at, day, calls, records, learned)
VALUES (%(w)s, 'linkedin', 'candidates', %(now)s, %(now)s, 1480, 147823, '{"calls_per_day": 5000}'),
       (%(w)s, 'linkedin', 'jobs', %(now)s, %(now)s, 3, 243, '{}'),
       (%(w)s, 'smartrecruiters', 'requests', %(now)s, %(now)s, 23411, 0, '{}')
"""


async def _sweep(connection: Connection, workspace: int, now: datetime) -> None:
    cursor = await connection.execute(
        """
        INSERT INTO sweep (workspace_id, mode, state, pass_name, started_at)
        VALUES (%s, 'full', 'running', 'applications', %s) RETURNING id
        """,
        [workspace, now - timedelta(hours=2)],
    )
    row = await cursor.fetchone()
    passes = [
        ("candidates", "Reading the list of candidates", 2073, 2073, now - timedelta(hours=1)),
        ("jobs", "Reading jobs and their ads", 289, 289, now - timedelta(minutes=50)),
        ("applications", "Reading applications", 3104, 943, None),
        ("history", "Reading the history of applications", None, 0, None),
    ]
    for ordinal, (name, title, total, done, finished_at) in enumerate(passes):
        started_at = now - timedelta(hours=2) if name != "history" else None
        await connection.execute(
            """
            INSERT INTO sweep_pass (sweep_id, name, ordinal, title, total, done, calls, started_at, finished_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            [row[0] if row else 0, name, ordinal, title, total, done, done, started_at, finished_at],
        )


async def _records(
    connection: Connection, workspace: int, kind: str, state: str, reason: str, count: int, now: datetime
) -> None:
    await connection.execute(
        """
        WITH made AS (
            INSERT INTO record (workspace_id, kind, key, body, first_seen_at, changed_at)
            SELECT %(w)s, %(k)s, concat_ws('-', %(s)s::text, %(r)s::text, n), '{}', %(now)s, %(now)s
            FROM generate_series(1, %(n)s) AS n RETURNING id
        )
        INSERT INTO delivery (record_id, workspace_id, kind, state, reason, priority, changed_at)
        SELECT id, %(w)s, %(k)s, %(s)s, %(r)s, 2, %(now)s FROM made
        """,
        {"w": workspace, "k": kind, "s": state, "r": reason, "n": count, "now": now},
    )
