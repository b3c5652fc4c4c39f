"""How quickly the console answers for a large company: ``python -m benchmarks.console --candidates 1000000``.

Rows are made set-based in SQL, in a database of its own; then every page is asked for again and again. Ends with status
1 where the 95th percentile of a page is over the limit.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx2

from landbridge.settings import load
from landbridge.store.accounts import ensure_admin, make_sign_in_token
from landbridge.store.database import Database
from landbridge.store.migrate import migrate
from landbridge.store.secrets import unlock
from landbridge.store.workspaces import create_workspace
from landbridge.web.application import build
from landbridge.web.rooms import Room

LIMIT_MS = 300
PAGES = (
    "", "ats", "consent", "contracts", "contracts/1", "sync", "connect-users", "connect-users?show=trouble",
    "connect-users?q=anna", "connect-users/1", "connect-users/1?q=anna", "activity", "people",
)  # fmt: skip

# A candidate has one application with three steps; 1 job per 100 candidates.
RECORDS = """
INSERT INTO record (workspace_id, kind, key, parent_key, job_key, body, first_seen_at, changed_at)
SELECT 1, 'job', 'j' || n, NULL, NULL, '{"title": "Tram driver"}', %(now)s, %(now)s
FROM generate_series(1, %(people)s / 100) AS n;
INSERT INTO record (workspace_id, kind, key, parent_key, job_key, body, first_seen_at, changed_at)
SELECT 1, 'candidate', 'c' || n, NULL, NULL, '{"first_name": "Anna"}', %(now)s, %(now)s
FROM generate_series(1, %(people)s) AS n;
INSERT INTO record (workspace_id, kind, key, parent_key, job_key, body, first_seen_at, changed_at)
SELECT 1, 'application', 'a' || n, 'c' || n, 'j' || 1 + n %% (%(people)s / 100), '{}', %(now)s, %(now)s
FROM generate_series(1, %(people)s) AS n;
INSERT INTO record (workspace_id, kind, key, parent_key, job_key, body, first_seen_at, changed_at)
SELECT 1, 'stage', 'a' || n || '.' || step, 'a' || n, NULL, '{}', %(now)s, %(now)s
FROM generate_series(1, %(people)s) AS n, generate_series(1, 3) AS step;
INSERT INTO delivery (record_id, workspace_id, kind, state, reason, priority, changed_at)
SELECT id, 1, kind, (ARRAY['delivered','delivered','delivered','due','held'])[1 + id %% 5],
       CASE WHEN id %% 5 = 4 THEN 'email_missing' ELSE '' END, 2, %(now)s FROM record;
INSERT INTO contract (workspace_id, urn, organization_urn, state, added_by, added_at, changed_at, enabled_at)
SELECT 1, 'urn:li:contract:' || n, 'urn:li:organization:1', 'enabled', 'ada', %(now)s, %(now)s, %(now)s
FROM generate_series(1, %(contracts)s) AS n;
INSERT INTO ats_user (workspace_id, key, first_name, last_name, email, active, seen_at)
SELECT 1, 'u' || n, 'Anna', 'Berg ' || n, 'anna' || n || '@example.org', n %% 50 > 0, %(now)s
FROM generate_series(1, %(seats)s) AS n;
INSERT INTO seat (workspace_id, contract, urn, first_name, last_name, email, seen_at)
SELECT 1, 'urn:li:contract:' || 1 + n %% %(contracts)s, 'urn:li:seat:' || n, 'Anna', 'Berg ' || n,
       'anna' || n || '@example.org', %(now)s FROM generate_series(1, %(seats)s) AS n;
INSERT INTO seat_link (workspace_id, seat_id, user_id, reason, made_by, made_at)
SELECT 1, s.id, u.id, 'same_email', 'ada', %(now)s FROM seat s JOIN ats_user u ON u.email = s.email WHERE s.id %% 2 = 0;
INSERT INTO sweep (workspace_id, mode, state, pass_name, started_at)
VALUES (1, 'full', 'running', 'applications', %(now)s);
INSERT INTO audit_event (at, workspace_id, who, act)
SELECT %(now)s, 1, 'ada', 'seat.linked' FROM generate_series(1, %(seats)s);
ANALYZE
"""


async def fill(database: Database, asked: argparse.Namespace, now: datetime) -> str:
    """Make the company; the path that signs its admin in."""
    async with database.transaction() as connection:
        await create_workspace(connection, slug="large", name="Large", foreign_id="lb-large", now=now)
        token = await make_sign_in_token(connection, await ensure_admin(connection, now), now)
        values = {"now": now, "people": asked.candidates, "contracts": asked.contracts, "seats": asked.seats}
        for statement in RECORDS.split(";"):
            await connection.execute(statement.encode(), values)
    async with database.connection() as connection:
        await connection.execute("VACUUM ANALYZE delivery")
    return f"/sign-in/{token}"


async def measure(browser: httpx2.AsyncClient, path: str, times: int) -> float:
    """The 95th percentile of the answers to ``path``, in milliseconds."""
    took = []
    for _ in range(times + 1):
        begun = time.perf_counter()
        answer = await browser.get(f"/w/large/{path}")
        took.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
    # The first one compiles templates and warms the caches of a process.
    return statistics.quantiles(took[1:], n=20)[-1]


async def run(asked: argparse.Namespace, folder: Path) -> bool:
    settings = load({"LANDBRIDGE_DATA_DIR": str(folder)})
    async with await Database.open(settings) as database:
        await asyncio.to_thread(migrate, settings)
        now = datetime.now(UTC)
        link = await fill(database, asked, now)
        app = build(Room(settings=settings, database=database), await unlock(settings, database))
        transport = httpx2.ASGITransport(app=app)
        good = True
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost", timeout=60) as browser:
            await browser.get(link)
            for path in PAGES:
                p95 = await measure(browser, path, asked.times)
                good = good and p95 < LIMIT_MS
                sys.stdout.write(f"{p95:8.0f} ms  {'' if p95 < LIMIT_MS else 'SLOW '}/{path}\n")
                sys.stdout.flush()
    return good


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console")
    parser.add_argument("--candidates", type=int, default=1_000_000)
    parser.add_argument("--contracts", type=int, default=50)
    parser.add_argument("--seats", type=int, default=5_000)
    parser.add_argument("--times", type=int, default=20, help="how often each page is asked for")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="landbridge-bench-"))
    try:
        return 0 if asyncio.run(run(asked, folder)) else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
