"""What the engine needs from the far side it writes to: one :class:`Writer` per resource.

A writer is a pair of halves. ``render`` is pure: it turns what the mirror holds into the far side's entity or says why
that cannot be. ``write`` sends one batch and reports element by element.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from msgspec import Struct

from landbridge.records import Kind


class Outgoing(Struct, frozen=True, kw_only=True):
    """One due record as the mirror holds it. Bodies are JSON of the record types.

    For an application ``parent`` is its candidate and ``job`` its job, without the description; for a stage ``parent``
    is its application. ``revision`` grows with each change of the record or of what it is rendered with.
    ``far`` is what the writer noted down about the far side at the last outcome (its shape is the writer's own).
    """

    record_id: int
    key: str
    revision: int
    body: bytes
    parent: bytes | None = None
    job: bytes | None = None
    gone: bool = False
    far: dict[str, Any] | None = None


class Held(Struct, frozen=True, kw_only=True):
    """This record is not to be sent (now), and why: a reason code of ``docs/reference/reasons.md``.

    ``detail`` names fields and lengths, never values: it is shown and logged.
    """

    reason: str
    detail: str = ""


class Entity(Struct, frozen=True, kw_only=True):
    """One record in the far side's own form, ready to send.

    ``fingerprint`` is the hash of all that would be sent: equal to the last acknowledged one, nothing is sent.
    ``group`` is set where a call may only carry entities of one parent (v2 stages); batches never mix groups.
    """

    record_id: int
    key: str
    revision: int
    operation: str  # "upsert", "delete", and for jobs "CREATE", "UPDATE", "RENEW", "CLOSE"
    body: bytes  # the wire entity as JSON; empty for a delete
    fingerprint: bytes
    group: str | None = None
    far: dict[str, Any] | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one entity.

    delivered  acknowledged
    pending    taken, but the verdict comes later: ask again with ``check`` at ``check_at``
    again      acknowledged, but another operation must follow (a closed job is created, then closed)
    refused    will never be taken as it is: quarantine, with ``reason``
    held       not to be sent as it is, which only showed on the way; with ``reason``
    retry      not done through no fault of the record
    """

    record_id: int
    status: Literal["delivered", "pending", "again", "refused", "held", "retry"]
    reason: str = ""
    detail: str = ""
    far: dict[str, Any] | None = None
    check_at: datetime | None = None


class Limits(Struct, frozen=True, kw_only=True):
    """What the far side allows for one resource. None: no such limit is known."""

    records_per_minute: int | None
    calls_per_day: int | None
    records_per_call: int


class Writer(Protocol):
    """One resource of the far side, written."""

    kind: Kind
    resource: str  # the lane's name: "jobs", "candidates", "applications", "stages", "feedback", "notes", "resumes"
    limits: Limits

    def render(self, row: Outgoing, now: datetime) -> Entity | Held | None:
        """Pure. None: what is wanted is already there (only jobs say so; the engine compares fingerprints itself)."""
        ...

    def batches(self, entities: Sequence[Entity]) -> Iterable[Sequence[Entity]]:
        """Cut into calls, order kept: at most ``limits.records_per_call`` each, one group and one method per call."""
        ...

    async def write(self, batch: Sequence[Entity], now: datetime) -> Sequence[Outcome]:
        """Send one batch, one call. Exactly one outcome per entity; a key the answer does not mention is ``retry``.

        Raises RateLimitedError, UnavailableError, NeedsPersonError for the call as a whole, and
        RejectedError where the whole batch was refused (the engine then splits it).
        """
        ...

    async def check(self, rows: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Ask for the verdict on pending records (jobs); resources without pending outcomes are never asked."""
        ...


class Destination(Protocol):
    """The far side of one workspace: its writers in the order in which records must arrive."""

    name: str

    @property
    def writers(self) -> Sequence[Writer]: ...

    async def check_access(self) -> Sequence[str]:
        """Try the credential; the names of integrations that are not enabled (data may not be sent before)."""
        ...

    async def read_matches(self, candidate_keys: Sequence[str]) -> dict[str, str]:
        """Candidate key to the person URN the far side has matched it with, for those that have a match. One call."""
        ...

    async def tell_matches(
        self, rows: Sequence[Outgoing], persons: Mapping[int, str | None], now: datetime
    ) -> Sequence[Outcome]:
        """Say which person candidates are that the far side has already; None: nobody. ``persons`` by record id.

        One call, at most a hundred rows. Exactly one outcome for each row; raises as ``Writer.write``.
        """
        ...

    async def close(self) -> None: ...

    @property
    def match_lookup_delay(self) -> timedelta:
        """How long after delivery a match is worth asking for."""
        ...
