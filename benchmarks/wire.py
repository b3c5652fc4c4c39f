"""One rendering for all: Landbridge's own translation to LinkedIn's form, without what only the engine needs.

The contenders differ in how a record gets here and in what becomes of it afterwards, not in what is sent: the sink's
checksums prove it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from landbridge.connectors.linkedin import restli
from landbridge.connectors.linkedin.candidates import translate_candidate
from landbridge.connectors.linkedin.dialects import resolve
from landbridge.connectors.linkedin.tunnel import tunnelled
from landbridge.http import Call
from landbridge.records import Candidate

ORGANIZATION = "urn:li:organization:1337"
RENDERED_AT = datetime(2026, 1, 1, tzinfo=UTC)  # only compared with the candidates' own times, never sent
DIALECT = resolve("candidates", "v2")
DECODER = msgspec.json.Decoder(Candidate)
ENCODER = msgspec.json.Encoder()


class Batch(Struct, frozen=True):
    """One POST, ready to send."""

    path: str
    headers: dict[str, str]
    content: bytes


def batch_of_bodies(bodies: Sequence[str]) -> Batch:
    """From the mirror's JSON, as it is stored."""
    return _batch([DECODER.decode(body) for body in bodies])


def batch_of_rows(rows: Sequence[dict[str, Any]]) -> Batch:
    """From rows of a table, as a pipeline tool passes them on: lists may have become JSON, instants text."""
    return _batch([msgspec.convert({name: _plain(value) for name, value in row.items()}, Candidate) for row in rows])


def _plain(value: Any) -> Any:
    return msgspec.json.decode(value) if isinstance(value, str) and value.startswith("[") else value


def _batch(people: Sequence[Candidate]) -> Batch:
    keys = restli.Keys([DIALECT.key(ORGANIZATION, person.id) for person in people], DIALECT.protocol)
    bodies = [ENCODER.encode(translate_candidate(person, RENDERED_AT)) for person in people]
    call = tunnelled(
        Call(
            method="PUT",
            path=DIALECT.path,
            route=DIALECT.path,
            query=keys.query,
            headers={**DIALECT.headers, "x-restli-method": "batch_update"},
            content=keys.entities(bodies),
            content_type="application/json",
        )
    )
    headers = {**call.headers, "Content-Type": call.content_type or "", "Authorization": "Bearer benchmark"}
    return Batch(call.path, headers, call.content)
