"""Writing records that LinkedIn takes at once: batches of full entities, and batches of deletions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from landbridge.connectors.linkedin import restli
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.linkedin.fingerprint import GONE, Fingerprint
from landbridge.connectors.linkedin.refusals import refused, unknown_resource
from landbridge.errors import MissingError
from landbridge.http import Call
from landbridge.ports.destination import Entity, Outcome, Outgoing
from landbridge.records import Kind

ENCODER = msgspec.json.Encoder()


class UpsertWriter:
    """One resource that is written with ``batch_update`` and ``batch_delete``. Subclasses render."""

    kind: Kind
    resource: str

    def __init__(self, client: LinkedInClient, dialect: Resource, organization: str) -> None:
        self.dialect = dialect
        self.limits = dialect.limits
        self._client = client
        self._organization = organization
        self._fingerprint = Fingerprint(dialect.path, organization)

    def upsertion(self, row: Outgoing, wire: Struct, group: str | None = None) -> Entity:
        body = ENCODER.encode(wire)
        return Entity(
            record_id=row.record_id,
            key=row.key,
            revision=row.revision,
            operation="upsert",
            body=body,
            fingerprint=self._fingerprint.of(body),
            group=group,
        )

    def deletion(self, row: Outgoing, group: str | None = None) -> Entity:
        return Entity(
            record_id=row.record_id,
            key=row.key,
            revision=row.revision,
            operation="delete",
            body=b"",
            fingerprint=GONE,
            group=group,
        )

    def parent_of(self, entity: Entity) -> str | None:  # noqa: ARG002 - most records have none
        """The id of the record this one is a child of."""
        return None

    def batches(self, entities: Sequence[Entity]) -> Iterator[Sequence[Entity]]:
        return cut_batches(entities, self.limits.records_per_call)

    async def write(self, batch: Sequence[Entity], now: datetime) -> Sequence[Outcome]:  # noqa: ARG002 - part of the port
        organization, dialect = self._organization, self.dialect
        keys = restli.Keys(
            [dialect.key(organization, entity.key, self.parent_of(entity)) for entity in batch], dialect.protocol
        )
        try:
            answer = await self._client.send(self._call(batch, keys))
        except MissingError as unknown:
            return self._unknown(batch, unknown)
        statuses = restli.read_statuses(answer, keys)
        return [_outcome(entity, status) for entity, status in zip(batch, statuses, strict=True)]

    async def check(self, rows: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:  # noqa: ARG002 - as above
        """Nothing here is ever pending; whatever asks all the same is sent again."""
        return [Outcome(record_id=row.record_id, status="retry") for row in rows]

    def _unknown(self, batch: Sequence[Entity], error: MissingError) -> Sequence[Outcome]:
        """The address is unknown: with a parent in it that is the parent, else we have the wrong address."""
        if not self.dialect.one_parent_per_call:
            raise unknown_resource(error) from error
        return [_outcome(entity, restli.Fault(status=404)) for entity in batch]

    def _call(self, batch: Sequence[Entity], keys: restli.Keys) -> Call:
        deletes = batch[0].operation == "delete"
        return Call(
            method="DELETE" if deletes else "PUT",
            path=self.path_of(batch[0]),
            route=self.dialect.path,
            query=keys.query,
            headers={**self.dialect.headers, "x-restli-method": "batch_delete" if deletes else "batch_update"},
            content=b"" if deletes else keys.entities([entity.body for entity in batch]),
            content_type=None if deletes else "application/json",
            records=len(batch),
            allowance=self.resource,
        )

    def path_of(self, first: Entity) -> str:  # noqa: ARG002 - most resources have one path
        """The path of the call whose first entity this is."""
        return self.dialect.path


def cut_batches(entities: Sequence[Entity], most: int) -> Iterator[Sequence[Entity]]:
    """One method and one group per batch, each in the order given; a group's batches follow each other."""
    lots: dict[tuple[bool, str | None], list[Entity]] = {}
    for entity in entities:
        lots.setdefault((entity.operation == "delete", entity.group), []).append(entity)
    for lot in lots.values():
        for start in range(0, len(lot), most):
            yield lot[start : start + most]


def _outcome(entity: Entity, status: int | restli.Fault | None) -> Outcome:
    if status is None:
        return Outcome(record_id=entity.record_id, status="retry", detail="LinkedIn did not mention it")
    if isinstance(status, int) or (status.status == 404 and entity.operation == "delete"):
        return Outcome(record_id=entity.record_id, status="delivered", far=entity.far)
    return refused(entity.record_id, status)
