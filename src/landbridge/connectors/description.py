"""What a connector says about itself: its settings, its limits and how it is put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
from msgspec import Struct

from landbridge.http import Allowance, Clock, Gate, Journal, TokenShelf
from landbridge.ports.ats import AtsWriting, Mirror
from landbridge.ports.destination import Destination
from landbridge.ports.files import Files
from landbridge.ports.incoming import Incoming
from landbridge.ports.source import Source
from landbridge.ports.telling import Delivery, Subscriptions, Told


class Field(Struct, frozen=True, kw_only=True):
    """One setting of a connection, as a form shows it. Secret ones are kept encrypted and never shown again.

    ``made``: what gives the value where nobody entered one; it is shown once.
    """

    name: str
    title: str
    help: str
    secret: bool = False
    required: bool = False
    default: str = ""
    options: tuple[str, ...] = ()
    made: Callable[[], str] | None = None


class Wiring(Struct, frozen=True, kw_only=True):
    """All a connector is made from: what the admin gave it, and the parts of the process it works with.

    ``choices`` are the workspace's, ``workspace`` its facts (slug, name, organization_urn, foreign_id).
    ``transport`` replaces the network (tests, an in-process sandbox). ``tokens``: those the process has already.
    ``mirror``: what the workspace's ATS has told, where there is a database. ``files``: those of the
    workspace's ATS, for the far side that wants them.
    """

    settings: Mapping[str, Any]
    secrets: Mapping[str, str]
    gate: Gate
    journal: Journal
    clock: Clock
    choices: Mapping[str, Any] = {}
    workspace: Mapping[str, Any] = {}
    transport: httpx2.AsyncBaseTransport | None = None
    dry_run: bool = False
    tokens: TokenShelf | None = None
    mirror: Mirror | None = None
    files: Files | None = None

    def __repr__(self) -> str:
        return "Wiring(…)"


class Telling(Struct, frozen=True, kw_only=True):
    """How an ATS tells of changes by webhooks, each workspace at an address of its own.

    ``events`` are the names of all that we want to hear of; ``subscriptions`` opens those of an account and raises
    SettingError. A body of more than ``longest_body`` bytes is not read. ``accepted`` is the status by which the ATS
    knows that it need not come again.

    The rest is pure, and quick, as anybody can send something. Headers have lower-case names. ``greeted`` gives the
    headers to answer with where the ATS asks by its own whether the address is ours, else None. ``delivered`` gives
    what was signed with one of the keys (headers, body as it came, keys), else None. ``told`` says what an event means,
    by its name and body; None for one that nobody understands.
    """

    events: tuple[str, ...]
    subscriptions: Callable[[Wiring], AbstractAsyncContextManager[Subscriptions]]
    longest_body: int
    accepted: int
    greeted: Callable[[Mapping[str, str]], Mapping[str, str] | None]
    delivered: Callable[[Mapping[str, str], bytes, Sequence[str]], Delivery | None]
    told: Callable[[str, bytes], Told | None]


class Connector(Struct, frozen=True, kw_only=True):
    """One outside system. An ATS has a ``source`` and ``writing``; a far side has a ``destination``, and ``incoming``
    for what comes from there. All of them raise SettingError.

    ``allowances`` are the far side's limits as documented, for whoever builds the gate (see ``http.LocalGate``).
    ``written_by`` names the setting without which an ATS is connected, but cannot be written. ``telling``: how an ATS
    tells of changes by webhooks, None: it does not. ``tells_teams``: an ATS that tells who works on a job.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    allowances: Mapping[str, Allowance] = {}
    source: Callable[[Wiring], Source] | None = None
    writing: Callable[[Wiring], AtsWriting] | None = None
    written_by: str = ""
    destination: Callable[[Wiring], Destination] | None = None
    incoming: Callable[[Wiring], Incoming] | None = None
    telling: Telling | None = None
    tells_teams: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the settings that are kept encrypted."""
        return tuple(field.name for field in self.fields if field.secret)
