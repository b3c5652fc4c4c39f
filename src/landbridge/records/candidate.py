"""A person in the ATS."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType


class Phone(Struct, frozen=True, kw_only=True):
    number: str
    extension: str | None = None


class Address(Struct, frozen=True, kw_only=True):
    line: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Candidate(Struct, frozen=True, kw_only=True):
    id: str
    first_name: str
    last_name: str
    emails: tuple[str, ...] = ()
    profile_url: str | None = None  # where this person opens in the ATS
    created_at: datetime | None = None
    updated_at: datetime | None = None
    # What follows improves matching but is more than the consent names, so it is read only where an admin asks for it.
    phones: tuple[Phone, ...] | UnsetType = UNSET
    addresses: tuple[Address, ...] | UnsetType = UNSET
    linkedin_url: str | UnsetType | None = UNSET
    company: str | UnsetType | None = UNSET
    title: str | UnsetType | None = UNSET
