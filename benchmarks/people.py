"""The candidates that are pushed: made from a number, so that every run and every contender has the same ones.

Two shapes. ``whole`` fills every field LinkedIn's candidate has (what LinkedIn advises for the best match rate),
``consent`` only those the customer's consent names, which is what Landbridge reads unless an admin asks for more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec

from landbridge.records import Address, Candidate, Phone

Shape = Literal["whole", "consent"]

EPOCH = datetime(2021, 1, 1, tzinfo=UTC)
CITIES = (("Berlin", "BE", "10115", "DE"), ("Kraków", "MA", "30-001", "PL"), ("Lyon", "ARA", "69001", "FR"))
FIRST = ("Anna", "Mirela", "José", "Chloë", "Łukasz", "Wei", "Amara", "Jonas")
LAST = ("Novotna", "García", "Schmidt", "O'Neill", "Nguyễn", "Kowalska", "Okafor", "Lindqvist")

# The same people as a table with a column per field: what a pipeline tool would find in a customer's database.
# Lists are JSON, because that is the form in which every such tool passes them on.
COLUMNS = {
    "id": "text PRIMARY KEY",
    "first_name": "text NOT NULL",
    "last_name": "text NOT NULL",
    "emails": "jsonb NOT NULL",
    "profile_url": "text",
    "created_at": "timestamptz",
    "updated_at": "timestamptz",
    "phones": "jsonb",
    "addresses": "jsonb",
    "linkedin_url": "text",
    "company": "text",
    "title": "text",
}


def candidate(number: int, shape: Shape) -> Candidate:
    first, last = FIRST[number % len(FIRST)], LAST[number // len(FIRST) % len(LAST)]
    key = f"{number:08x}-{number % 0xFFFF:04x}-4000-8000-{number * 2654435761 % (1 << 48):012x}"
    created = EPOCH + timedelta(seconds=number * 613 % 150_000_000, milliseconds=number % 1000)
    person = Candidate(
        id=key,
        first_name=first,
        last_name=f"{last}-{number}",
        emails=(f"{first.encode('ascii', 'ignore').decode().lower()}.{number}@example.org",),
        profile_url=f"https://ats.example.org/app/people/{key}",
        created_at=created,
        updated_at=created + timedelta(hours=number % 500),
    )
    return person if shape == "consent" else _filled(person, number)


def _filled(person: Candidate, number: int) -> Candidate:
    city, region, postal_code, country = CITIES[number % len(CITIES)]
    address = Address(
        line=f"Lange Str. {number % 300}", city=city, region=region, postal_code=postal_code, country=country
    )
    return msgspec.structs.replace(
        person,
        phones=(Phone(number=f"+49 30 {number:08d}"),),
        addresses=(address,),
        linkedin_url=f"https://www.linkedin.com/in/person-{number}",
        company=f"Company {number % 5000}",
        title=f"Engineer {number % 40}",
    )


def candidates(count: int, shape: Shape) -> Iterator[Candidate]:
    return (candidate(number, shape) for number in range(count))


def columns_of(shape: Shape) -> list[str]:
    """The columns this shape fills; the others exist nowhere, so that nobody pays for empty ones."""
    names = list(COLUMNS)
    return names if shape == "whole" else names[:7]


def row_of(person: Candidate, names: list[str]) -> list[Any]:
    """One row for COPY into the table of :data:`COLUMNS`."""
    plain = msgspec.to_builtins(person)
    return [json.dumps(plain[name]) if COLUMNS[name].startswith("jsonb") else plain[name] for name in names]
