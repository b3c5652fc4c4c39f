"""Candidates: rows of the list, which hold all that the consent names, and details where an admin asks for more."""

from __future__ import annotations

import re

from msgspec import UNSET, UnsetType

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.moment import read_moment
from landbridge.connectors.smartrecruiters.settings import Settings
from landbridge.records import Address, Candidate, Phone

_PHONE_DIGITS = 3


def translate_candidate(person: wire.Person, settings: Settings) -> Candidate:
    """Pure. From a list row or from details: the fields the consent names, and the others only as details say them."""
    created_at = read_moment(person.created_on)
    more = person if settings.extra_fields and isinstance(person, wire.Candidate) else None
    job = _present_job(more)
    return Candidate(
        id=person.id,
        first_name=(person.first_name or "").strip(),
        last_name=(person.last_name or "").strip(),
        emails=_one((person.email or "").strip()),
        profile_url=settings.profile_link(person.id),
        created_at=created_at,
        updated_at=read_moment(person.updated_on) or created_at,
        phones=_phones(more) if more else UNSET,
        addresses=_addresses(more) if more else UNSET,
        linkedin_url=_linkedin_url(more) if more else UNSET,
        company=_text(job.company) if isinstance(job, wire.Experience) else job,
        title=_text(job.title) if isinstance(job, wire.Experience) else job,
    )


def job_ids(row: wire.Person) -> tuple[str, ...]:
    """The jobs this person has applied for, each once, the primary one first."""
    assignments = [row.primary_assignment, *(row.secondary_assignments or ())]
    return tuple(dict.fromkeys(assignment.job.id for assignment in assignments if assignment is not None))


def _one(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None


def _phones(person: wire.Candidate) -> tuple[Phone, ...]:
    number = (person.phone_number or "").strip()
    return (Phone(number=number),) if sum(sign.isdigit() for sign in number) >= _PHONE_DIGITS else ()


def _addresses(person: wire.Candidate) -> tuple[Address, ...]:
    place = person.location or wire.Place()
    address = Address(city=_text(place.city), region=_text(place.region), country=_text(place.country))
    return (address,) if address != Address() else ()


def _linkedin_url(person: wire.Candidate) -> str | None:
    url = ((person.web and person.web.linkedin) or "").strip()
    if re.match(r"(www\.|[a-z]{2}\.)?linkedin\.com/", url, re.IGNORECASE):
        url = f"https://{url}"  # people type it as they see it in the browser
    return url if re.fullmatch(r"https?://\S+", url, re.IGNORECASE) else None


def _present_job(person: wire.Candidate | None) -> wire.Experience | UnsetType | None:
    """What the person does now: the first experience marked as current."""
    if person is None:
        return UNSET
    return next((job for job in person.experience or () if job.current), None)
