"""LinkedIn's spelling of what is sent, in the names of v2. A field that is None is left out: to LinkedIn, null.

``respelled`` makes the versioned form of a struct from a resource's table of renames, so both generations carry the
same fields by construction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

import msgspec
from msgspec import Struct

S = TypeVar("S", bound=Struct)


class PhoneWire(Struct, frozen=True, omit_defaults=True):
    number: str
    extension: str | None = None


class AddressWire(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    line1: str | None = None
    city: str | None = None
    geographic_area: str | None = None
    postal_code: str | None = None
    country: str | None = None


class CandidateWire(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Times are epoch milliseconds. Phones and addresses must be there and may be empty (since March 2024)."""

    first_name: str
    last_name: str
    ats_created_at: int
    ats_last_modified_at: int
    email_addresses: list[str]
    phone_numbers: list[PhoneWire]
    addresses: list[AddressWire]
    external_profile_url: str
    linked_in_profile_url: str | None = None
    current_company_name: str | None = None
    current_job_title: str | None = None


class ApplicationWire(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    ats_candidate_id: str
    ats_job_posting_id: str
    ats_job_posting_name: str
    ats_created_at: int
    ats_last_modified_at: int
    first_name: str
    last_name: str
    # The one text LinkedIn's own sample sends empty, so that a taken-back rejection is said and not just left out.
    disposition_reason: str
    candidate_email: str | None = None
    source: str | None = None


class StageWire(Struct, frozen=True, rename="camel", kw_only=True):
    ats_created_at: int
    stage: str


class PersonNameWire(Struct, frozen=True, rename="camel"):
    first_name: str
    last_name: str


class EvaluationWire(Struct, frozen=True):
    attribute: str
    result: str


class FeedbackWire(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    """All of it is optional to LinkedIn. What may be taken back is said even when empty, not just left out."""

    evaluations: list[EvaluationWire]
    feedback: str
    ats_created_at: int | None = None
    interviewer: PersonNameWire | None = None


class NoteWire(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    """The time of the last change is known to the versioned API only."""

    note: str
    ats_created_at: int | None = None
    ats_last_modified_at: int | None = None
    author: PersonNameWire | None = None


class JobPostingWire(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    integration_context: str
    external_job_posting_id: str
    job_posting_operation_type: str
    availability: str
    title: str
    description: str
    location: str
    company_apply_url: str
    listed_at: int
    workplace_types: list[str]
    # Ignored by LinkedIn while the viewer settings open everything to everybody.
    access_restricted: bool = False


class AttachmentWire(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    """``media_urn`` refers to the uploaded file; the name of that field is not documented, settings can correct it."""

    external_file_name: str
    file_type: str
    external_created_at: int
    external_last_modified_at: int
    contract: str
    media_urn: str | None = None


def respelled(kind: type[S], renames: Mapping[str, str]) -> type[S]:
    """The same struct with other names on the wire; the same constructor, so translation does not notice."""
    if not renames:
        return kind
    fields: list[tuple[str, Any, Any]] = [
        (field.name, field.type, _respelled_field(field, renames)) for field in msgspec.structs.fields(kind)
    ]
    made = msgspec.defstruct(kind.__name__, fields, module=__name__, frozen=True, omit_defaults=True)
    return cast("type[S]", made)


def _respelled_field(field: msgspec.structs.FieldInfo, renames: Mapping[str, str]) -> Any:
    name = renames.get(field.encode_name, field.encode_name)
    return msgspec.field(name=name) if field.required else msgspec.field(name=name, default=field.default)
