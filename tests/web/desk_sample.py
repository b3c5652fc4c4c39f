"""Every reason of the desk, put straight into the tables of a workspace."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from landbridge.records.incoming import ClosedProfile, ExportedPerson, InMail, ProspectNote, SharedContact
from landbridge.records.incoming import Incoming as Element
from landbridge.store import arrivals
from landbridge.store.database import Connection
from landbridge.sync.streams import arrived

PERSON, SEAT, CONTRACT = "urn:li:person:", "urn:li:seat:1", "urn:li:contract:1"
WORDS = "Thank you for your message. I would like to hear more about the role and when the team is in the office."


def elements(now: datetime) -> list[tuple[Element, str, dict[str, Any]]]:
    """(element, reason, facts)"""
    ago = [now - timedelta(hours=hours) for hours in range(30)]

    def exported(number: str, first: str, last: str, reason: str, **facts: Any) -> tuple[Element, str, dict[str, Any]]:
        person = ExportedPerson(
            id=f"x{number}", integration_context="urn:li:organization:1", job_id="J1", person_urn=PERSON + number,
            first_name=first, last_name=last, headline="Night train conductor at Northern Rail", exporter=SEAT,
            profile_url=f"https://www.linkedin.com/in/{first.lower()}-{number}",
        )  # fmt: skip
        return person, reason, facts

    def mail(number: str, place: int, text: str, reason: str, *, out: bool) -> tuple[Element, str, dict[str, Any]]:
        inmail = InMail(
            id=f"m{number}-{place}", seat=SEAT, at=ago[place], person_urn=PERSON + number, outgoing=out,
            thread=f"t{number}", subject="A role on the night train" if out else "", body=text,
        )  # fmt: skip
        return inmail, reason, {}

    return [
        exported("1", "Mira", "Okafor", "needs_email"),
        mail("1", 3, "Would you like to talk?", "unmatched", out=True),
        mail("1", 2, WORDS, "unmatched", out=False),
        exported("2", "Jun", "Sato", "ambiguous", candidates=["c2", "c3"]),
        mail("3", 9, "Do you still look for work?", "unmatched", out=True),
        (
            ProspectNote(
                id="n3", contract=CONTRACT, created_at=ago[8], modified_at=ago[8], seat=SEAT, person_urn=PERSON + "3",
                text="Speaks Polish and Czech. Free from May.",
            ),
            "unmatched",
            {},
        ),
        (
            SharedContact(
                id="c4", contract=CONTRACT, seat=SEAT, at=ago[5], person_urn=PERSON + "4", first_name="Ada",
                last_name="Brandt", emails=("ada.brandt@example.org",), phone="+49 30 123456",
            ),
            "differs",
            {"ours": {"email": "a.brandt@example.com", "phone": None}},
        ),
        exported("5", "Noor", "Haddad", "job_unknown"),
        (ClosedProfile(id=PERSON + "6", person_urn=PERSON + "6", at=ago[20]), "closed", {"kinds": {"inmail": 2}}),
    ]  # fmt: skip


async def fill_desk(connection: Connection, workspace: int, now: datetime) -> dict[str, int]:
    """A case of each kind; the numbers of their leads by the person's number."""
    for statement in MIRROR.split(";"):
        await connection.execute(statement.encode(), {"w": workspace, "now": now})
    for element, reason, facts in elements(now):
        await arrivals.keep(
            connection, workspace, [arrived(element, getattr(element, "exporter", None) or "s")], now=now
        )
        (due,) = await arrivals.due_arrivals(connection, workspace, now=now, limit=1)
        candidate = "c4" if reason == "differs" else None
        await arrivals.settle_arrival(
            connection, workspace, due, "desk", now=now, reason=reason, facts=facts, candidate=candidate
        )
    cursor = await connection.execute(
        "SELECT whose, max(id) FROM arrival WHERE workspace_id = %s GROUP BY whose", [workspace]
    )
    return {whose.rpartition(":")[2]: number for whose, number in await cursor.fetchall()}


MIRROR = """
INSERT INTO record (workspace_id, kind, key, parent_key, job_key, body, first_seen_at, changed_at) VALUES
(%(w)s, 'job', 'J1', NULL, NULL, '{"id": "J1", "title": "Train manager, Berlin", "status": "open"}', %(now)s, %(now)s),
(%(w)s, 'candidate', 'c1', NULL, NULL, '{"id": "c1", "first_name": "Mira", "last_name": "Okafor",
  "emails": ["mira@example.net"]}', %(now)s, %(now)s),
(%(w)s, 'candidate', 'c2', NULL, NULL, '{"id": "c2", "first_name": "Jun", "last_name": "Sato",
  "emails": ["jun@example.com"]}', %(now)s, %(now)s),
(%(w)s, 'application', 'a2', 'c2', 'J1', '{"id": "a2"}', %(now)s, %(now)s),
(%(w)s, 'candidate', 'c3', NULL, NULL, '{"id": "c3", "first_name": "Jun", "last_name": "Sato",
  "emails": ["sato@example.com"]}', %(now)s, %(now)s),
(%(w)s, 'candidate', 'c4', NULL, NULL, '{"id": "c4", "first_name": "Ada", "last_name": "Brandt",
  "emails": ["a.brandt@example.com"]}', %(now)s, %(now)s);
INSERT INTO seat (workspace_id, contract, urn, first_name, last_name, email, admin, seen_at)
VALUES (%(w)s, 'urn:li:contract:1', 'urn:li:seat:1', 'Lena', 'Moss', 'lena@acme.example', true, %(now)s)
ON CONFLICT DO NOTHING;
INSERT INTO stream (workspace_id, kind, subject, began_at, read_until, past_since, past_until, next_at, past_next_at)
VALUES (%(w)s, 'closed', 'urn:li:organization:1', %(now)s, %(now)s, %(now)s, %(now)s, %(now)s, %(now)s)
"""
