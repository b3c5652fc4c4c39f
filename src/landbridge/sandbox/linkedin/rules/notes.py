"""A note of a candidate or an application. Sources: sync-candidate-notes, sync-application-notes."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from landbridge.sandbox.linkedin.rules.fields import Millis, NonEmpty


class PersonName(Struct, rename="camel"):
    """Who wrote it: both names, once anybody is named."""

    first_name: NonEmpty
    last_name: NonEmpty


class Note(Struct, kw_only=True):
    author: PersonName | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET


class V2Note(Note, kw_only=True):
    created_at: Millis | UnsetType | None = field(name="atsCreatedAt", default=UNSET)


class RestNote(Note, kw_only=True):
    created_at: Millis | UnsetType | None = field(name="externalCreatedAt", default=UNSET)
    modified_at: Millis | UnsetType | None = field(name="externalLastModifiedAt", default=UNSET)


DECODERS: dict[str, msgspec.json.Decoder[V2Note] | msgspec.json.Decoder[RestNote]] = {
    "v2": msgspec.json.Decoder(V2Note),
    "rest": msgspec.json.Decoder(RestNote),
}


def time_of(note: V2Note | RestNote) -> int:
    """When it was last modified, else created, else 0 (epoch ms)."""
    times = [note.created_at, note.modified_at] if isinstance(note, RestNote) else [note.created_at]
    return max((time for time in times if isinstance(time, int)), default=0)
