"""A requisition of the ATS and the ad that goes with it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import UNSET, Struct, UnsetType


class Location(Struct, frozen=True, kw_only=True):
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    country_code: str | None = None  # ISO 3166-1 alpha-2, upper case
    remote: bool = False


class Job(Struct, frozen=True, kw_only=True):
    id: str
    title: str
    # HTML as the ATS holds it; the LinkedIn side reduces it to the tags LinkedIn allows.
    description: str = ""
    location: Location = Location()
    url: str | None = None
    status: Literal["open", "closed", "draft"]
    visibility: Literal["public", "internal", "private", "unpublished"]
    # A template is a pattern for jobs, not a job: it never leaves the ATS.
    template: bool = False
    # Only some people of the company may know of it; the admin may keep such jobs from LinkedIn.
    confidential: bool = False
    language: str | None = None
    published_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    # The users of the ATS who work on it. Unset: not to be seen, or not asked for, as without access lists.
    team: tuple[str, ...] | UnsetType = UNSET
