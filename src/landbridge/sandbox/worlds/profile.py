"""What a member's profile shows besides the name: derived from the member's number when asked for, never kept."""

from __future__ import annotations

from msgspec import Struct

from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.network import Member
from landbridge.sandbox.worlds.vocabulary import COMPANIES, OCCUPATIONS, PLACES, SCHOOLS

#: Member numbers below this belong to the customer's own people.
OWN_PEOPLE_BELOW = 200_000_000
SKILLS = (
    "Surveying", "Python", "Negotiation", "Forecasting", "Spreadsheets", "Electronics", "First aid", "Portuguese",
    "Public speaking", "Scheduling", "Welding", "Customer care",
)  # fmt: skip
INDUSTRIES = ("Maritime Services", "Software", "Instruments", "Logistics", "Energy", "Publishing")


class Position(Struct, frozen=True):
    """One job of a member; ``until`` is None for the present one."""

    title: str
    company: str
    since: int  # year
    until: int | None = None


class Profile(Struct, frozen=True, kw_only=True):
    """The first of ``positions`` is the present one."""

    headline: str
    place: str
    country_code: str
    industry: str
    phone: str
    school: str
    positions: tuple[Position, ...]
    skills: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.positions[0].title

    @property
    def company(self) -> str:
        return self.positions[0].company


def profile_of(member: Member, customer: str) -> Profile:
    """``customer`` is the name of the company whose recruiters the world's own people are."""
    draw = Draw("profile", member.number)
    place = draw.pick(PLACES)
    positions = _positions(draw, customer if member.number < OWN_PEOPLE_BELOW else None)
    return Profile(
        headline=f"{positions[0].title} at {positions[0].company}",
        place=f"{place.city}, {place.country}",
        country_code=place.country_code,
        industry=draw.pick(INDUSTRIES),
        # 0199 is assigned to nobody.
        phone=f"+44 199 {draw.between(100, 999)} {draw.between(1000, 9999)}",
        school=draw.pick(SCHOOLS),
        positions=positions,
        skills=tuple(draw.sample(SKILLS, 4)),
    )


def _positions(draw: Draw, customer: str | None) -> tuple[Position, ...]:
    since = draw.between(2017, 2024)
    titles, companies = draw.sample(OCCUPATIONS, 2), draw.sample(COMPANIES, 2)
    present = Position("Recruiter", customer, since) if customer else Position(titles[0], companies[0], since)
    return present, Position(titles[1], companies[1], since - draw.between(2, 6), since)
