"""The overview tells how news of both sides arrive, how soon, and what to do where it is not as promised."""

from __future__ import annotations

from datetime import timedelta

import httpx2

from landbridge.store.database import Connection, Database
from landbridge.store.secrets import Vault
from landbridge.store.webhooks import Webhook, save_webhook
from tests.web.conftest import NOW
from tests.web.linkedin_sample import linkedin_half
from tests.web.sample import busy_workspace
from tests.web.test_console_overview import outline, page_of

DAY = timedelta(days=1)
SEATS = """
INSERT INTO stream (workspace_id, kind, subject, began_at, read_until, past_since, past_until, next_at, past_next_at,
                    problem)
SELECT %(w)s, 'inmails', 'urn:li:seat:' || n, %(now)s - interval '1 day', %(now)s - interval '5 minutes',
       %(now)s - interval '11 days', %(now)s - interval '5 days', %(now)s, %(now)s,
       CASE WHEN n = 1 THEN 'unavailable' ELSE '' END FROM generate_series(1, %(seats)s) AS n
"""


async def told(connection: Connection, workspace: int) -> None:
    """An event of the ATS, three minutes ago."""
    await connection.execute(
        """INSERT INTO inbox (workspace_id, system, event_id, type, body, received_at)
           VALUES (%s, 'smartrecruiters', 'e1', 'candidate.updated', '', %s)""",
        [workspace, NOW - timedelta(minutes=3)],
    )


async def words_of(admin: httpx2.AsyncClient) -> str:
    return " ".join(outline(await page_of(admin)).words)


async def test_overview_tells_of_webhooks_and_of_the_pace_of_reading(
    admin: httpx2.AsyncClient, database: Database, vault: Vault
) -> None:
    workspace = await busy_workspace(database, vault, NOW)
    async with database.transaction() as connection:
        webhook = Webhook(state="active", active_since=NOW - DAY, look_at=NOW, healed=2)
        await save_webhook(connection, workspace, webhook)
        await told(connection, workspace)
        await connection.execute(SEATS.encode(), {"w": workspace, "now": NOW, "seats": 1200})
    text = await words_of(admin)
    assert "Changes in the ATS Told at once" in text
    assert "Last event: 3 minutes ago" in text
    assert "found switched off 2 times and repaired" in text
    assert "InMails 1,200 seats" in text
    assert "Read every 30 min, 40 % of the history read. Complete until: 5 minutes ago" in text
    assert "One of them could not be read last time" in text
    assert "instead of every" not in text


async def test_overview_tells_why_no_webhooks_come_and_that_nothing_is_lost(
    admin: httpx2.AsyncClient, database: Database, vault: Vault
) -> None:
    workspace = await busy_workspace(database, vault, NOW)
    async with database.transaction() as connection:
        await save_webhook(connection, workspace, Webhook(problem="public_address_missing", look_at=NOW))
    text = await words_of(admin)
    assert "Changes in the ATS Looked for" in text
    assert "read every 2 min instead of every 15 min" in text
    assert "has to set LANDBRIDGE_PUBLIC_URL" in text


async def test_overview_warns_with_numbers_where_more_seats_are_connected_than_can_be_read_in_time(
    admin: httpx2.AsyncClient, database: Database, vault: Vault
) -> None:
    workspace = await busy_workspace(database, vault, NOW)
    async with database.transaction() as connection:
        await connection.execute(SEATS.encode(), {"w": workspace, "now": NOW, "seats": 2400})
    text = await words_of(admin)
    assert "2,400 seats and contracts share LinkedIn's 100,000 calls a day" in text
    assert "disconnect 359 seats that nobody needs" in text
    assert "InMails and notes are read every 35 min only, not every 30 min. See why" in text


async def test_overview_names_the_state_of_each_contract(
    admin: httpx2.AsyncClient, database: Database, vault: Vault
) -> None:
    workspace = await busy_workspace(database, vault, NOW)
    async with database.transaction() as connection:
        await linkedin_half(connection, workspace, NOW)
    text = await words_of(admin)
    assert "Contract of enabled Paused Enabled since 4 Mar 2026" in text
    assert "Contract of disabled Switched off in Recruiter Added" in text
    assert "Contract of requested Requested Added" in text
