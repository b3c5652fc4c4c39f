"""Reading what LinkedIn has for the ATS. Sources: retrieve-exported-candidates, inmail-history, inmail-stub-profiles,
prospect-notes.

Edges of windows are documented in contradicting ways (is ``beforeDate`` included?), so the wider reading is asked for:
an element at an edge may come twice, and its id tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct

from landbridge.connectors.description import Wiring
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.destination import open_client
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.linkedin.incoming_wire import (
    read_closed,
    read_contact,
    read_exported,
    read_inmail,
    read_note,
)
from landbridge.connectors.linkedin.refusals import unknown_resource
from landbridge.connectors.linkedin.restli import Protocol
from landbridge.connectors.linkedin.rules import millis_of
from landbridge.connectors.linkedin.settings import Settings, read_settings
from landbridge.errors import MissingError, SettingError, SurpriseError
from landbridge.http import Call
from landbridge.ports.incoming import Batch, Window
from landbridge.records.incoming import ClosedProfile, ExportedPerson, InMail, ProspectNote, SharedContact

T = TypeVar("T")

# The page sizes of LinkedIn's own samples.
INMAILS_PER_PAGE, NOTES_PER_PAGE, CONTACTS_PER_PAGE, CLOSED_PER_PAGE = 50, 100, 50, 50
# A query for stub profiles cannot reach past this result (inmail-stub-profiles); others are stopped here as well.
REACH = 20_000
SHORTEST_WINDOW = timedelta(milliseconds=1)

Value = str | int | Sequence[str] | Mapping[str, int]
Parameter = tuple[str, Value]


class _Page(Struct):
    elements: list[msgspec.Raw] = []


class LinkedInIncoming:
    """``ports.incoming.Incoming`` of one workspace."""

    def __init__(self, settings: Settings, client: LinkedInClient) -> None:
        self._settings = settings
        self._client = client

    async def read_export(self, request_id: str) -> ExportedPerson | None:
        dialect = self._settings.resource("exports")
        try:
            page = await self._page(dialect, [("q", "request"), ("requestId", request_id)])
        except MissingError:
            return None
        return read_exported(page[0], request_id) if page else None

    async def read_inmails(self, seat: str, seat_person: str | None, window: Window) -> Batch[InMail]:
        dialect = self._settings.resource("inmails")

        def ask(part: Window) -> list[Parameter]:
            bounds = {"start": millis_of(part.since), "end": millis_of(part.until)}
            return [("q", "criteria"), ("viewer", seat), ("timeRange", bounds)]

        return await self._all(dialect, ask, window, INMAILS_PER_PAGE, lambda raw: read_inmail(raw, seat, seat_person))

    async def read_notes(self, contract: str, window: Window) -> Batch[ProspectNote]:
        dialect = self._settings.resource("prospect_notes")

        def ask(part: Window) -> list[Parameter]:
            # The lower bound is excluded.
            bounds: list[Parameter] = [
                ("cutoffDate", millis_of(part.since) - 1),
                ("beforeDate", millis_of(part.until)),
            ]
            return [("q", "criteria"), ("contract", contract), *bounds]

        return await self._all(dialect, ask, window, NOTES_PER_PAGE, lambda raw: read_note(raw, contract))

    async def read_contacts(self, contract: str, seats: Sequence[str], window: Window) -> Batch[SharedContact]:
        dialect = self._settings.resource("contacts")

        def ask(part: Window) -> list[Parameter]:
            bounds: list[Parameter] = [
                ("createdDateStart", millis_of(part.since)),
                ("createdDateEnd", millis_of(part.until)),
            ]
            return [("q", "contract"), ("contract", contract), ("owners", seats), *bounds]

        return await self._all(dialect, ask, window, CONTACTS_PER_PAGE, lambda raw: read_contact(raw, contract))

    async def read_closed(self, window: Window) -> Batch[ClosedProfile]:
        dialect = self._settings.resource("closed_profiles")
        if not dialect.path:
            raise SettingError(
                "LinkedIn's call for closed profiles is not known",
                code="closed_profiles_unknown",
                hint="LinkedIn documents the duty but not the call. Its partner support tells the path: put it into "
                'the LinkedIn connection under "Corrections to resources", as closed_profiles.',
            )

        def ask(part: Window) -> list[Parameter]:
            bounds: list[Parameter] = [
                ("closedDateStart", millis_of(part.since)),
                ("closedDateEnd", millis_of(part.until)),
            ]
            return [("q", "criteria"), ("integrationContext", self._settings.organization), *bounds]

        return await self._all(dialect, ask, window, CLOSED_PER_PAGE, read_closed)

    async def close(self) -> None:
        await self._client.close()

    async def _all(
        self,
        dialect: Resource,
        ask: Callable[[Window], Sequence[Parameter]],
        window: Window,
        count: int,
        read: Callable[[msgspec.Raw], T],
    ) -> Batch[T]:
        """Every element of every page; a page with fewer than ``count`` is the last one.

        A window that holds more than a query can reach is read in halves.
        """
        found: list[T] = []
        unreadable: list[bytes] = []
        asked = ask(window)
        for start in range(0, REACH, count):
            try:
                rows = await self._page(dialect, [*asked, ("start", start), ("count", count)])
            except MissingError as unknown:
                raise unknown_resource(unknown) from unknown
            for raw in rows:
                try:
                    found.append(read(raw))
                except SurpriseError:
                    unreadable.append(bytes(raw))
            if len(rows) < count:
                return Batch(found=found, unreadable=unreadable, calls=start // count + 1)
        halves = [await self._all(dialect, ask, half, count, read) for half in _halves(window)]
        return Batch(
            found=[one for half in halves for one in half.found],
            unreadable=[one for half in halves for one in half.unreadable],
            calls=REACH // count + sum(half.calls for half in halves),
        )

    async def _page(self, dialect: Resource, asked: Sequence[Parameter]) -> list[msgspec.Raw]:
        call = Call(
            method="GET",
            path=dialect.path,
            route=dialect.path,
            query="&".join(_written(name, value, dialect.protocol) for name, value in asked),
            headers=dialect.headers,
            allowance="inbound",
        )
        return (await self._client.send(call)).decode(_Page).elements


def _halves(window: Window) -> tuple[Window, Window]:
    length = (window.until - window.since) / 2
    if length < SHORTEST_WINDOW:
        raise SurpriseError("LinkedIn's list of one millisecond does not end", code="paging_loop")
    middle = window.since + length
    return Window(window.since, middle), Window(middle, window.until)


def _written(name: str, value: Value, protocol: Protocol) -> str:
    """One parameter. 1.0 numbers the members of a list and joins field names with dots; 2.0 has forms for both."""
    if isinstance(value, str | int):
        return f"{name}={_escaped(value, protocol)}"
    if isinstance(value, Mapping):
        if protocol is Protocol.ONE:
            return "&".join(f"{name}.{field}={_escaped(one, protocol)}" for field, one in value.items())
        return f"{name}=({','.join(f'{field}:{_escaped(one, protocol)}' for field, one in value.items())})"
    if protocol is Protocol.ONE:
        return "&".join(f"{name}[{place}]={_escaped(one, protocol)}" for place, one in enumerate(value))
    return f"{name}=List({','.join(_escaped(one, protocol) for one in value)})"


def _escaped(value: str | int, protocol: Protocol) -> str:
    return quote(str(value), safe=":" if protocol is Protocol.ONE else "")


def open_incoming(wiring: Wiring) -> LinkedInIncoming:
    """Raises SettingError."""
    settings = read_settings(wiring)
    return LinkedInIncoming(settings, open_client(settings, wiring))
