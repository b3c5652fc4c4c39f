"""The LinkedIn half in every state there is, put straight into the tables of a workspace."""

from __future__ import annotations

from datetime import datetime

from landbridge.jobs.onboarding.consent import TEXT, TEXT_VERSION
from landbridge.store.consents import give_consent
from landbridge.store.database import Connection
from tests.web.sample import ORGANIZATION

# State, problem, whether it is paused.
CONTRACTS = (
    ("adding", "", False), ("requested", "", False), ("configuring", "public_address_missing", False),
    ("waiting", "", False), ("enabled", "", False), ("enabled", "", True), ("refused", "linkedin_not_admin", False),
    ("disabled", "linkedin_company_level_off", False), ("expired", "linkedin_contract_ended", False),
    ("disconnected", "", False),
)  # fmt: skip


async def linkedin_half(connection: Connection, workspace: int, now: datetime) -> dict[str, int]:
    """Consent, a contract in each state, seats with and without users; numbers of contracts by state."""
    await give_consent(
        connection, workspace, by="ada", text_version=TEXT_VERSION, text=TEXT, fields=["job.title"],
        choices={}, counts={"jobs": 3}, now=now,
    )  # fmt: skip
    numbers = {}
    for place, (state, problem, paused) in enumerate(CONTRACTS):
        cursor = await connection.execute(
            """
            INSERT INTO contract (workspace_id, urn, organization_urn, name, state, paused, problem_code, added_by,
                                  added_at, changed_at, enabled_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, 'ada', %s, %s, %s) RETURNING id
            """,
            [
                workspace, None if state == "adding" else f"urn:li:contract:{23_0037_200 + place}", ORGANIZATION,
                f"Contract of {state}" if place % 2 else "", state, paused, problem, now, now, now,
            ],
        )  # fmt: skip
        row = await cursor.fetchone()
        assert row is not None
        numbers["paused" if paused else state] = int(row[0])
    for statement in PEOPLE.split(";"):
        await connection.execute(statement.encode(), {"w": workspace, "now": now})
    return numbers


PEOPLE = """
INSERT INTO ats_user (workspace_id, key, first_name, last_name, email, role, active, seen_at)
VALUES (%(w)s, 'u1', 'Rita', 'Moss', 'rita@acme.example', 'Recruiter', true, %(now)s),
       (%(w)s, 'u2', 'Gone', 'Moss', 'gone@acme.example', 'Recruiter', false, %(now)s),
       (%(w)s, 'u3', 'Lena', 'Brandt', 'lena@acme.example', 'Administrator', true, %(now)s),
       (%(w)s, 'u4', 'Ivo', 'Brandt', NULL, NULL, true, %(now)s);
INSERT INTO seat (workspace_id, contract, urn, first_name, last_name, email, admin, seen_at, left_at)
VALUES (%(w)s, 'urn:li:contract:230037204', 'urn:li:seat:1', 'Lena', 'Brandt', 'lena@acme.example', true, %(now)s,
        NULL),
       (%(w)s, 'urn:li:contract:230037204', 'urn:li:seat:2', 'R.', 'Moss', NULL, false, %(now)s, NULL),
       (%(w)s, 'urn:li:contract:230037204', 'urn:li:seat:3', 'Rita', 'Moss', NULL, false, %(now)s, NULL),
       (%(w)s, 'urn:li:contract:230037205', 'urn:li:seat:4', 'Old', 'Hand', NULL, false, %(now)s, %(now)s),
       (%(w)s, 'urn:li:contract:230037205', 'urn:li:seat:5', 'Nobody', 'Known', NULL, false, %(now)s, NULL);
INSERT INTO seat_link (workspace_id, seat_id, user_id, reason, made_by, made_at)
SELECT s.workspace_id, s.id, u.id, 'chosen', 'ada', %(now)s FROM seat s JOIN ats_user u USING (workspace_id)
WHERE s.workspace_id = %(w)s
  AND (s.urn, u.key) IN (('urn:li:seat:2', 'u1'), ('urn:li:seat:3', 'u1'), ('urn:li:seat:4', 'u2'))
"""
