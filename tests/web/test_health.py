"""What machines ask: is the process up, and can it do its work?"""

from __future__ import annotations

import httpx2

from landbridge.store.database import Database


async def test_process_that_answers_is_healthy_without_a_database(
    browser: httpx2.AsyncClient, database: Database
) -> None:
    await database.pool.close()
    answer = await browser.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_ready_with_a_migrated_database(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_not_ready_while_a_migration_is_missing(browser: httpx2.AsyncClient, database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute("DELETE FROM django_migrations WHERE app = 'store'")
    answer = await browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "code": "not_migrated", "hint": "Run: landbridge migrate"}


async def test_not_ready_while_the_database_is_away(browser: httpx2.AsyncClient, database: Database) -> None:
    database.url = "postgresql://someone:hunter2@127.0.0.1:1/none"
    answer = await browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["code"] == "database_unreachable"
    assert "hunter2" not in answer.text


async def test_probes_may_ask_by_any_address(browser: httpx2.AsyncClient) -> None:
    for path in ("/healthz", "/readyz"):
        assert (await browser.get(path, headers={"host": "10.1.2.3:8700"})).status_code == 200
