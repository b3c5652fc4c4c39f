"""A candidate as ``atsCandidates`` (v2) and ``candidates`` (rest) demand it. Source: sync-candidates, release notes."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from landbridge.sandbox.linkedin.choices import EMPTY_EMAIL_LIST_ACCEPTED
from landbridge.sandbox.linkedin.rules.fields import Email, Link, Millis, NonEmpty, check_times


class Phone(Struct, omit_defaults=True):
    number: NonEmpty
    extension: str | None = None


class Address(Struct, rename="camel", omit_defaults=True):
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    geographic_area: str | None = None
    geographic_area_type: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Candidate(Struct, kw_only=True, rename="camel"):
    """The fields both dialects name alike. ``phone_numbers`` and ``addresses`` must be there and may be empty."""

    first_name: NonEmpty
    last_name: NonEmpty
    external_profile_url: Link
    phone_numbers: list[Phone]
    addresses: list[Address]
    email_addresses: list[Email] | UnsetType = UNSET
    linked_in_profile_url: Link | UnsetType | None = UNSET
    current_company_name: str | UnsetType | None = UNSET
    current_job_title: str | UnsetType | None = UNSET
    do_not_contact: bool | UnsetType | None = UNSET
    middle_initial: str | UnsetType | None = UNSET
    prefix: str | UnsetType | None = UNSET
    suffix: str | UnsetType | None = UNSET


class V2Candidate(Candidate, kw_only=True):
    created_at: Millis = field(name="atsCreatedAt")
    modified_at: Millis = field(name="atsLastModifiedAt")

    def __post_init__(self) -> None:
        check_times(self.created_at, self.modified_at)


class RestCandidate(Candidate, kw_only=True):
    created_at: Millis = field(name="externalCreatedAt")
    modified_at: Millis = field(name="externalLastModifiedAt")
    manual_matched_member: str | UnsetType | None = field(name="manualMatchedMember", default=UNSET)

    def __post_init__(self) -> None:
        check_times(self.created_at, self.modified_at)


DECODERS: dict[str, msgspec.json.Decoder[V2Candidate] | msgspec.json.Decoder[RestCandidate]] = {
    "v2": msgspec.json.Decoder(V2Candidate),
    "rest": msgspec.json.Decoder(RestCandidate),
}


def check_addresses(candidate: Candidate, *, person_attached: bool) -> str | None:
    """What is wrong with the e-mail addresses: required, unless a person URN is attached."""
    emails = candidate.email_addresses
    if person_attached or (emails is not UNSET and (emails or EMPTY_EMAIL_LIST_ACCEPTED)):
        return None
    return "emailAddresses is required unless a person is attached"
