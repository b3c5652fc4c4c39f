"""LinkedIn's side of a world: who of the candidates is a member, who else is, and who works with Recruiter."""

from __future__ import annotations

from landbridge.sandbox.worlds.company import Company, User
from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.network import Contract, Member, Network, Person, Seat
from landbridge.sandbox.worlds.person import Candidate
from landbridge.sandbox.worlds.vocabulary import FIRST_NAMES, LAST_NAMES

MEMBERS_AMONG_CANDIDATES = 0.45
UNRELATED_MEMBERS = 0.1  # one for every ten candidates
SEATS = (6, 4)  # per contract
PROFILES = "https://www.linkedin.com/in"


def link_network(draw: Draw, company: Company, users: list[User], candidates: list[Candidate]) -> Network:
    """Also gives candidates the profile URL they told the company, where they have told one."""
    contracts = tuple(
        Contract(urn=f"urn:li:contract:{draw.between(7_000_000, 7_999_999)}", name=f"{company.name} {region}")
        for region in ("Europe", "Overseas")
    )
    recruiters = _recruiters(draw, users)
    return Network(
        organization=f"urn:li:organization:{draw.between(5_000_000, 5_999_999)}",
        organization_name=company.name,
        contracts=contracts,
        seats=_seats(draw, contracts, recruiters),
        people=_people(draw, recruiters),
        members=(*recruiters, *_candidate_members(draw, candidates), *_strangers(draw, len(candidates))),
    )


def _number(kind: int, place: int) -> int:
    """Network-wide member numbers: recruiters, candidates and strangers never meet."""
    return kind * 100_000_000 + place + 1


def _recruiters(draw: Draw, users: list[User]) -> list[Member]:
    """As many members as there are seats. Most use their e-mail at work, which is how they can be suggested."""
    found = []
    for place in range(sum(SEATS)):
        user = users[place % len(users)]
        # Every fourth signed up with a private address: those are found by name only, or by a person.
        email = f"recruiter{place}@post.example.net" if place % 4 == 3 else user.email or ""
        member = Member(
            number=_number(1, place),
            first_name=user.first_name,
            last_name=user.last_name,
            emails=(email,),
            profile_url=f"{PROFILES}/recruiter-{draw.hex(8)}",
        )
        found.append(member)
    return found


def _seats(draw: Draw, contracts: tuple[Contract, ...], recruiters: list[Member]) -> tuple[Seat, ...]:
    """The first recruiter is an admin on both contracts, the first of each contract on that one."""
    first = draw.between(30_000_000, 39_000_000)
    seats = []
    holders = iter(recruiters)
    for contract, count in zip(contracts, SEATS, strict=True):
        for place, holder in enumerate(next(holders) for _ in range(count)):
            seats.append((contract.urn, holder.number, place == 0))
    seats.append((contracts[1].urn, recruiters[0].number, True))
    return tuple(
        Seat(urn=f"urn:li:seat:{first + place}", contract=contract, member=member, admin=admin)
        for place, (contract, member, admin) in enumerate(seats)
    )


def _people(draw: Draw, recruiters: list[Member]) -> tuple[Person, ...]:
    """Who can sign in: an admin of both contracts, a recruiter who is no admin, and an admin of the second only."""
    chosen = (recruiters[0], recruiters[1], recruiters[SEATS[0]])
    return tuple(Person(login=member.emails[0], password=draw.hex(12), member=member.number) for member in chosen)


def _candidate_members(draw: Draw, candidates: list[Candidate]) -> list[Member]:
    found = []
    for place, candidate in enumerate(candidates):
        if not draw.chance(MEMBERS_AMONG_CANDIDATES):
            continue
        url = f"{PROFILES}/p{draw.hex(10)}"
        by_email, by_url = draw.chance(0.75), draw.chance(0.4)
        if by_url or not by_email:
            candidate.linkedin_url = url
        emails = (candidate.email or "",) if by_email else (f"member{place}@post.example.net",)
        member = Member(
            number=_number(2, place),
            first_name=candidate.first_name or "",
            last_name=candidate.last_name or "",
            emails=emails,
            profile_url=url,
        )
        found.append(member)
    return found


def _strangers(draw: Draw, candidates: int) -> list[Member]:
    """Members who never applied; their names may be those of candidates, their addresses and profiles are not."""
    return [
        Member(
            number=_number(3, place),
            first_name=draw.pick(FIRST_NAMES).text,
            last_name=draw.pick(LAST_NAMES).text,
            emails=(f"stranger{place}@mail.example.net",),
            profile_url=f"{PROFILES}/s{draw.hex(10)}",
        )
        for place in range(int(candidates * UNRELATED_MEMBERS) + 5)
    ]
