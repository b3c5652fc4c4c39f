"""LinkedIn's sandbox with its integrations enabled, and the connector pointed at it over sockets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from landbridge.connectors import Wiring
from landbridge.connectors.linkedin.destination import LinkedIn, open_linkedin
from landbridge.http import JournalEntry, OpenGate
from landbridge.ports.destination import Entity, Held, Outcome, Outgoing, Writer
from landbridge.records import Address, Application, Candidate, Job, Location, Phone, Record, Stage
from landbridge.sandbox import Sandbox

CALLBACK_URL = "https://landbridge.example.org/push/b0b5"
CREATED = datetime(2025, 3, 1, 9, 30, 0, 123_000, tzinfo=UTC)
UPDATED = CREATED + timedelta(days=40)


class SandboxClock:
    """The sandbox's time as the connector's clock: a test that moves one has moved both."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def now(self) -> datetime:
        return self._sandbox.clock.now()

    def monotonic(self) -> float:
        return self._sandbox.clock.ms() / 1000

    async def sleep(self, seconds: float) -> None:
        self._sandbox.clock.advance(timedelta(seconds=seconds))


class Notes(list[JournalEntry]):
    def note(self, entry: JournalEntry) -> None:
        self.append(entry)


class LinkedInSide:
    """One sandbox and the destinations opened on it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.clock = SandboxClock(sandbox)
        self.notes = Notes()
        self._opened: list[LinkedIn] = []

    @property
    def organization(self) -> str:
        return str(self.sandbox.linkedin.credentials()["organization"])

    @property
    def now(self) -> datetime:
        return self.sandbox.clock.now()

    def enable(self) -> None:
        """What the admin does in the widget and in Recruiter."""
        recruiter = self.sandbox.linkedin.recruiter
        recruiter.request()
        for application in self.sandbox.linkedin.state.children():
            for integration in application.integrations.values():
                integration.configurations["CALLBACK_URL"] = CALLBACK_URL
                integration.status = "ENABLED"

    def wiring(
        self, *, choices: Mapping[str, Any] | None = None, secrets: Mapping[str, str] | None = None, **settings: Any
    ) -> Wiring:
        credentials = self.sandbox.linkedin.credentials()
        child, parent, url = credentials["child"], credentials["parent"], self.sandbox.linkedin_url
        return Wiring(
            settings={
                "client_id": child["client_id"],
                "parent_client_id": parent["client_id"],
                "api_url": url,
                "auth_url": url,
                "task_first_look": "300",
                **settings,
            },
            secrets={
                "client_secret": child["client_secret"],
                "parent_client_secret": parent["client_secret"],
                **(secrets or {}),
            },
            gate=OpenGate(),
            journal=self.notes,
            clock=self.clock,
            choices=choices or {},
            workspace={"organization_urn": credentials["organization"]},
        )

    def open(self, **settings: Any) -> LinkedIn:
        choices, secrets = settings.pop("choices", None), settings.pop("secrets", None)
        opened = open_linkedin(self.wiring(choices=choices, secrets=secrets, **settings))
        self._opened.append(opened)
        return opened

    def dump(self, entity: str) -> list[dict[str, Any]]:
        rows = self.sandbox.linkedin.dump(entity)
        assert rows is not None
        return [dict(row) for row in rows]

    def assert_no_violations(self) -> None:
        violations = self.sandbox.linkedin.journal.violations()
        assert violations == [], violations

    async def close(self) -> None:
        for opened in self._opened:
            await opened.close()


def writer_of(destination: LinkedIn, resource: str) -> Writer:
    return next(writer for writer in destination.writers if writer.resource == resource)


def row_of(record: Record, number: int = 1, **further: Any) -> Outgoing:
    return Outgoing(record_id=number, key=record.id, revision=1, body=msgspec.json.encode(record), **further)


def rendered(writer: Writer, rows: Sequence[Outgoing], now: datetime) -> list[Entity]:
    entities = [writer.render(row, now) for row in rows]
    assert all(isinstance(entity, Entity) for entity in entities), [e for e in entities if isinstance(e, Held)]
    return [entity for entity in entities if isinstance(entity, Entity)]


async def send(writer: Writer, rows: Sequence[Outgoing], now: datetime) -> dict[int, Outcome]:
    """Render and write rows batch by batch; the outcomes by record."""
    outcomes: dict[int, Outcome] = {}
    for batch in writer.batches(rendered(writer, rows, now)):
        for outcome in await writer.write(batch, now):
            assert outcome.record_id not in outcomes
            outcomes[outcome.record_id] = outcome
    return outcomes


def millis(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def candidate(number: int = 1, **further: Any) -> Candidate:
    fields: dict[str, Any] = {
        "id": f"c{number:035d}",
        "first_name": "Ágnes",
        "last_name": "小林 🚋",
        "emails": (f"person{number}@example.org",),
        "profile_url": f"https://ats.example.org/people/{number}",
        "created_at": CREATED,
        "updated_at": UPDATED,
    }
    return Candidate(**{**fields, **further})


def full_candidate(number: int = 1) -> Candidate:
    return candidate(
        number,
        phones=(Phone(number="+420 777 000 111", extension="7"),),
        addresses=(Address(line="Tram 1", city="Brno", region="JM", postal_code="60200", country="Czechia"),),
        linkedin_url="https://www.linkedin.com/in/agnes-example",
        company="Invented Trams",
        title="Driver",
    )


def job(number: int = 1, **further: Any) -> Job:
    fields: dict[str, Any] = {
        "id": f"j{number:035d}",
        "title": f"Tram Driver {number}",
        "description": "<p>" + "Drives a tram through the city, rain or shine. " * 5 + "</p>",
        "location": Location(city="Brno", region="Jihomoravský kraj", country="Czechia", country_code="CZ"),
        "url": f"https://jobs.example.org/{number}",
        "status": "open",
        "visibility": "public",
        "published_at": CREATED,
        "created_at": CREATED,
    }
    return Job(**{**fields, **further})


def application(number: int = 1, **further: Any) -> Application:
    fields: dict[str, Any] = {
        "id": f"a{number:035d}",
        "candidate_id": f"c{number:035d}",
        "job_id": f"j{1:035d}",
        "status": "Interview",
        "source": "Career site",
        "created_at": CREATED,
        "status_changed_at": UPDATED,
    }
    return Application(**{**fields, **further})


def stage(application_number: int, number: int = 1, **further: Any) -> Stage:
    application_id = f"a{application_number:035d}"
    fields: dict[str, Any] = {
        "id": f"{application_id}.{number}",
        "application_id": application_id,
        "name": f"Round {number}",
        "entered_at": CREATED + timedelta(days=number),
    }
    return Stage(**{**fields, **further})
