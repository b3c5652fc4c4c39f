"""The company a world is about: what SmartRecruiters calls its configuration, and the people who work in it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.moment import DAY, Moment
from landbridge.sandbox.worlds.vocabulary import DEPARTMENTS, FIRST_NAMES, LAST_NAMES, PLACES, Place

SubStatuses = Mapping[str, tuple[str, ...]]
SYSTEM_ROLES = ("ADMINISTRATOR", "EXTENDED", "STANDARD", "RESTRICTED", "EMPLOYEE")


class Department(Struct, frozen=True, gc=False):
    id: str
    label: str
    description: str


class Source(Struct, frozen=True, gc=False):
    """Where applications come from. ``uuid`` is what the job-applications API names it by, ``id`` its short id."""

    uuid: str
    id: str
    label: str
    type: str
    sub_type: str | None = None
    deleted: bool = False


class Reason(Struct, frozen=True, gc=False):
    id: str
    label: str


class HiringProcess(Struct, frozen=True):
    id: str
    name: str
    active: bool
    sub_statuses: SubStatuses  # steps by main status


class User(Struct, gc=False, kw_only=True, eq=False):
    id: str
    first_name: str
    last_name: str
    email: str | None
    role: str
    active: bool
    updated: Moment
    language: str = "en"


class Company(Struct, kw_only=True):
    identifier: str
    name: str
    place: Place
    website: str
    departments: tuple[Department, ...]
    sources: tuple[Source, ...]
    processes: tuple[HiringProcess, ...]
    rejection_reasons: tuple[Reason, ...]
    withdrawal_reasons: tuple[Reason, ...]


def found_company(draw: Draw) -> Company:
    return Company(
        identifier="HarbourlineInstruments",
        name="Harbourline Instruments",
        place=PLACES[0],
        website="https://harbourline.example.org",
        departments=tuple(Department(draw.hex(8), label, what) for label, what in DEPARTMENTS),
        sources=_sources(draw),
        processes=_processes(draw),
        rejection_reasons=_reasons(draw, "Not enough experience", "Better match found", "Position filled", "No permit"),
        withdrawal_reasons=_reasons(draw, "Accepted another offer", "Salary", "Location", "Personal reasons"),
    )


def _reasons(draw: Draw, *labels: str) -> tuple[Reason, ...]:
    return tuple(Reason(draw.uuid(), label) for label in labels)


def _sources(draw: Draw) -> tuple[Source, ...]:
    rows = (
        ("LinkedIn Recruiter", "PAID", "JOB_BOARD", False),
        ("LinkedIn", "PAID", "JOB_BOARD", False),
        ("Company Website", "CAREER_SITE", None, False),
        ("Employee Referral", "REFERRAL", None, False),
        ("Harbour Jobs Weekly", "PAID", "JOB_BOARD", False),
        ("Spring Career Fair", "EVENT", None, False),
        ("API", "OTHER", None, False),
        ("Dockside Gazette", "PAID", "PRINT", True),
    )
    return tuple(Source(draw.uuid(), draw.hex(8), label, kind, sub, gone) for label, kind, sub, gone in rows)


def _processes(draw: Draw) -> tuple[HiringProcess, ...]:
    office: SubStatuses = {
        "IN_REVIEW": ("Recruiter Screen", "Team Screen"),
        "INTERVIEW": ("Phone", "Panel", "On Site"),
        "OFFERED": ("Draft", "Sent"),
    }
    field: SubStatuses = {"IN_REVIEW": ("Papers checked",), "INTERVIEW": ("Trial Day",), "OFFERED": ("Contract out",)}
    before: SubStatuses = {"IN_REVIEW": (), "INTERVIEW": ("Talk",), "OFFERED": ()}
    return (
        HiringProcess(draw.uuid(), "Office roles", True, office),
        HiringProcess(draw.uuid(), "Field roles", True, field),
        HiringProcess(draw.uuid(), "Roles before 2020", False, before),
    )


def hire_users(draw: Draw, candidates: int, anchor: int) -> list[User]:
    """The company's own people: 12 and one more per 250 candidates, at most 1,200."""
    return [_user(draw, number, anchor) for number in range(min(1_200, 12 + candidates // 250))]


def _user(draw: Draw, number: int, anchor: int) -> User:
    first, last = draw.pick(FIRST_NAMES), draw.pick(LAST_NAMES)
    return User(
        id=draw.hex(24),
        first_name=first.text,
        last_name=last.text,
        email=f"{first.slug}.{last.slug}{number}@harbourline.example.org",
        # The first user is an administrator, whoever else is not: somebody must own the credentials.
        role=SYSTEM_ROLES[0] if number == 0 else draw.pick(SYSTEM_ROLES[1:]),
        active=number < 2 or draw.chance(0.92),
        updated=anchor - draw.between(1, 900) * DAY,
    )
