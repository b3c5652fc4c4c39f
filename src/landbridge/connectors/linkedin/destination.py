"""LinkedIn as the engine sees it: the writers of one workspace in the order in which records must arrive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from landbridge.connectors.description import Wiring
from landbridge.connectors.linkedin import matches
from landbridge.connectors.linkedin.applications import ApplicationWriter
from landbridge.connectors.linkedin.auth import child_auth
from landbridge.connectors.linkedin.candidates import CandidateWriter
from landbridge.connectors.linkedin.children import FeedbackWriter, NoteWriter, StageWriter
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.integrations import (
    Integration,
    IntegrationKey,
    integrations_of,
    read_integrations,
)
from landbridge.connectors.linkedin.jobs import JobWriter
from landbridge.connectors.linkedin.media import Media
from landbridge.connectors.linkedin.resumes import ResumeWriter
from landbridge.connectors.linkedin.settings import Settings, read_settings
from landbridge.ports.destination import Outcome, Outgoing, Writer


class LinkedIn:
    """The far side of one workspace."""

    name = "linkedin"

    def __init__(self, settings: Settings, client: LinkedInClient, wiring: Wiring) -> None:
        self._settings = settings
        self._client = client
        self._media = Media(client, settings.resource("media"), wiring)
        resource, organization = settings.resource, settings.organization
        self._writers: tuple[Writer, ...] = (
            JobWriter(
                client,
                resource("jobs"),
                resource("tasks"),
                organization,
                availability=settings.availability,
                restricted=settings.access == "teams",
                timing=settings.timing,
            ),
            CandidateWriter(client, resource("candidates"), organization),
            ApplicationWriter(client, resource("applications"), organization),
            StageWriter(client, resource("stages"), organization, resource("applications")),
            FeedbackWriter(client, resource("feedback"), organization, resource("applications")),
            NoteWriter(client, resource("notes"), organization, resource("applications")),
            ResumeWriter(
                client,
                resource("resumes"),
                organization,
                self._media,
                wiring.files,
                contract=settings.contracts[0] if settings.contracts else "",
                versioned=settings.generation("resumes") == "rest",
            ),
        )

    @property
    def writers(self) -> Sequence[Writer]:
        return self._writers

    @property
    def match_lookup_delay(self) -> timedelta:
        return self._settings.match_lookup_delay

    async def check_access(self) -> Sequence[str]:
        """The integrations that are not enabled, by type. Data may be sent once the company-level ones are.

        Raises SignInRejectedError for a wrong credential.
        """
        wanted = integrations_of(self._settings.organization, self._settings.contracts)
        found = await self.read_integrations(wanted)
        return [integration.key.type for integration in found if not integration.enabled]

    async def read_integrations(self, wanted: Sequence[IntegrationKey]) -> list[Integration]:
        return await read_integrations(self._client, self._settings.resource("integrations"), wanted)

    async def read_matches(self, candidate_keys: Sequence[str]) -> dict[str, str]:
        dialect = self._settings.resource("candidates")
        return await matches.read_matches(self._client, dialect, self._settings.organization, candidate_keys)

    async def tell_matches(
        self, rows: Sequence[Outgoing], persons: Mapping[int, str | None], now: datetime
    ) -> Sequence[Outcome]:
        dialect = self._settings.resource("candidates")
        return await matches.tell_matches(self._client, dialect, self._settings.organization, rows, persons, now)

    async def close(self) -> None:
        await self._media.close()
        await self._client.close()


def open_linkedin(wiring: Wiring) -> LinkedIn:
    """The destination of one workspace. Raises SettingError."""
    settings = read_settings(wiring)
    return LinkedIn(settings, open_client(settings, wiring), wiring)


def open_client(settings: Settings, wiring: Wiring) -> LinkedInClient:
    """A client that signs as the customer's application."""
    return LinkedInClient(
        base_url=settings.api_url,
        auth=child_auth(settings, wiring.journal, wiring.clock, wiring.transport, wiring.tokens),
        journal=wiring.journal,
        gate=wiring.gate,
        clock=wiring.clock,
        transport=wiring.transport,
        dry_run=wiring.dry_run,
    )
