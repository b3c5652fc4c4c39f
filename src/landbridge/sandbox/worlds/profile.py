"""What a member's profile shows besides the name: derived from the member's number when asked for, never kept."""

from __future__ import annotations

from msgspec import Struct

from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.network import Member
from landbridge.sandbox.worlds.vocabulary import COMPANIES, OCCUPATIONS, PLACES, SCHOOLS, Place

#: Member numbers below this belong to the customer's own people.
OWN_PEOPLE_BELOW = 200_000_000
SKILLS = (
    "Surveying", "Python", "Negotiation", "Forecasting", "Spreadsheets", "Electronics", "First aid", "Portuguese",
    "Public speaking", "Scheduling", "Welding", "Customer care",
)  # fmt: skip
#: How many kinds of title, company and place there are together: what people can be searched by besides their names.
STANDINGS = len(OCCUPATIONS) * len(COMPANIES) * len(PLACES)
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


def standing_of(number: int) -> int:
    """What a member is at present as one number below ``STANDINGS``: quick enough to ask of a million members."""
    # Multiplicative hashing: neighbours get unlike standings.
    return (number * 2_654_435_761 & 0xFFFF_FFFF) * STANDINGS >> 32


def parts_of(standing: int) -> tuple[str, str, Place]:
    """Title, company and place of a standing."""
    rest, place = divmod(standing, len(PLACES))
    title, company = divmod(rest, len(COMPANIES))
    return OCCUPATIONS[title], COMPANIES[company], PLACES[place]


def profile_of(member: Member, customer: str) -> Profile:
    """``customer`` is the name of the company whose recruiters the world's own people are."""
    draw = Draw("profile", member.number)
    title, company, place = parts_of(standing_of(member.number))
    if member.number < OWN_PEOPLE_BELOW:
        title, company = "Recruiter", customer
    positions = _positions(draw, title, company)
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


def _positions(draw: Draw, title: str, company: str) -> tuple[Position, ...]:
    """The present position, and one before it."""
    since = draw.between(2017, 2024)
    before = draw.pick([other for other in OCCUPATIONS if other != title])
    elsewhere = draw.pick([other for other in COMPANIES if other != company])
    return Position(title, company, since), Position(before, elsewhere, since - draw.between(2, 6), since)
