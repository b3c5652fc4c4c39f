"""What an ATS of one's own pushes, field by field. These types are the reference: the OpenAPI document shows them.

Unknown fields are ignored, so a sender may be ahead of Landbridge. Times carry their zone (RFC 3339).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

# An index entry of the database holds 2,704 bytes; the mirror takes keys of up to 500.
Id = Annotated[str, Meta(min_length=1, max_length=200, description="The record's id in your system; it never changes.")]
Name = Annotated[str, Meta(max_length=500)]
Text = Annotated[str, Meta(max_length=2_000)]
Moment = Annotated[datetime, Meta(tz=True)]
Code = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2, upper case.")]


class JobLocation(Struct, frozen=True, kw_only=True):
    city: Name | None = None
    region: Name | None = None
    postal_code: Name | None = None
    country: Name | None = None
    country_code: Code | None = None
    remote: bool = False


class PushedJob(Struct, frozen=True, kw_only=True):
    """A requisition with its ad. A closed one is closed on LinkedIn, a draft one waits."""

    id: Id
    title: Annotated[str, Meta(min_length=1, max_length=1_000)]
    status: Literal["open", "closed", "draft"]
    visibility: Literal["public", "internal", "private", "unpublished"] = "public"
    description: Annotated[str, Meta(max_length=200_000, description="HTML.")] = ""
    location: JobLocation = JobLocation()
    url: Text | None = None
    confidential: bool = False
    language: Annotated[str, Meta(max_length=35)] | None = None
    published_at: Moment | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None


class PushedCandidate(Struct, frozen=True, kw_only=True):
    """A person. Only what the consent names goes to LinkedIn."""

    id: Id
    first_name: Name
    last_name: Name
    emails: Annotated[list[Annotated[str, Meta(max_length=320)]], Meta(max_length=20)] = []
    profile_url: Annotated[Text, Meta(description="Where this person opens in your ATS.")] | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None


class PushedApplication(Struct, frozen=True, kw_only=True):
    """One person's application for one job. It may come before either; it waits for them."""

    id: Id
    candidate_id: Id
    job_id: Id
    status: Annotated[str, Meta(min_length=1, max_length=500, description="As people see it in your ATS.")]
    source: Name | None = None
    rejection_reason: Name | None = None
    created_at: Moment | None = None
    status_changed_at: Moment | None = None


class Step(Struct, frozen=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=500)]
    entered_at: Moment | None = None


class PushedStages(Struct, frozen=True, kw_only=True):
    """All steps one application has entered, oldest first: what is not named is taken away."""

    application_id: Id
    steps: Annotated[list[Step], Meta(min_length=1, max_length=200)]


class WrittenNote(Struct, frozen=True, kw_only=True):
    """What one of your people noted. Both names or neither."""

    id: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,60}$", description="The note's id within its application.")]
    text: Annotated[str, Meta(min_length=1, max_length=20_000)]
    author_first_name: Name = ""
    author_last_name: Name = ""
    created_at: Moment | None = None
    updated_at: Moment | None = None


class PushedNotes(Struct, frozen=True, kw_only=True):
    """All notes on one application that may go to LinkedIn: what is not named is taken away.

    They go only where the workspace shares notes. Those that Landbridge posted into your ATS are left out.
    """

    application_id: Id
    notes: Annotated[list[WrittenNote], Meta(max_length=500)]


class PushedUser(Struct, frozen=True, kw_only=True):
    """Somebody who works in your ATS, to be joined with a seat of Recruiter."""

    id: Id
    first_name: Name
    last_name: Name
    email: Annotated[str, Meta(max_length=320)] | None = None
    role: Name | None = None
    active: bool = True


class Deletion(Struct, frozen=True, kw_only=True):
    """A record your ATS no longer has, or may no longer have. What hangs on it goes too."""

    kind: Literal["job", "candidate", "application", "user"]
    id: Id


Pushed = PushedJob | PushedCandidate | PushedApplication | PushedStages | PushedNotes | PushedUser | Deletion
