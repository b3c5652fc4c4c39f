"""LinkedIn's side of a world: who of the candidates is a member, who else is, and who works with Recruiter."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from landbridge.sandbox.worlds.company import Company, User
from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.moment import DAY
from landbridge.sandbox.worlds.network import Contract, Member, Network, Person, Seat, SeatState
from landbridge.sandbox.worlds.outreach import write_to_members
from landbridge.sandbox.worlds.person import Candidate
from landbridge.sandbox.worlds.vocabulary import FIRST_NAMES, LAST_NAMES

MEMBERS_AMONG_CANDIDATES = 0.45
UNRELATED_MEMBERS = 0.1  # one for every ten candidates
SEATS = (6, 4)  # per contract
# Behind the holders of those seats stand one who has left, one who was invited, two with Recruiter Lite, and one member
# of the company without any seat.
LEFT, INVITED, *LITE, SEATLESS = range(sum(SEATS), sum(SEATS) + 5)
PROFILES = "https://www.linkedin.com/in"


def link_network(
    draw: Draw, more: Draw, company: Company, users: list[User], candidates: list[Candidate], anchor: int
) -> Network:
    """Also gives candidates the profile URL they told the company, where they have told one.

    ``more`` is for what came later than the rest: its draws do not give everybody else another name.
    """
    contracts = tuple(
        Contract(urn=f"urn:li:contract:{draw.between(7_000_000, 7_999_999)}", name=f"{company.name} {region}")
        for region in ("Europe", "Overseas")
    )
    holders = _recruiters(draw, users)
    organization = f"urn:li:organization:{draw.between(5_000_000, 5_999_999)}"
    seats = _seats(draw, contracts, holders)
    people = _people(draw, holders)
    reachable = [*_candidate_members(draw, candidates), *_strangers(draw, len(candidates))]
    own = [*holders, *_others(more, users)]
    lite = Contract(urn=f"urn:li:contract:{more.between(8_000_000, 8_999_999)}", name="Recruiter Lite", lite=True)
    seats = _dated(more, [*seats, *_odd_seats(seats, contracts, lite, own)], anchor)
    conversations, notes = write_to_members(more, seats, reachable, anchor)
    return Network(
        organization=organization,
        organization_name=company.name,
        contracts=(*contracts, lite),
        seats=seats,
        people=(*people, *_other_people(more, own, people)),
        members=(*own, *reachable),
        conversations=conversations,
        notes=notes,
    )


def _number(kind: int, place: int) -> int:
    """Network-wide member numbers: recruiters, candidates and strangers never meet."""
    return kind * 100_000_000 + place + 1


def _recruiters(draw: Draw, users: list[User]) -> list[Member]:
    """As many members as there are seats. Most use their e-mail at work, which is how they can be suggested."""
    return [_colleague(draw, users, place) for place in range(sum(SEATS))]


def _others(draw: Draw, users: list[User]) -> list[Member]:
    return [_colleague(draw, users, place) for place in (LEFT, INVITED, *LITE, SEATLESS)]


def _colleague(draw: Draw, users: list[User], place: int) -> Member:
    user = users[place % len(users)]
    # Every fourth signed up with a private address: those are found by name only, or by a person.
    private = place % 4 == 3 or place >= len(users)
    return Member(
        number=_number(1, place),
        first_name=user.first_name,
        last_name=user.last_name,
        emails=(f"recruiter{place}@post.example.net" if private else user.email or "",),
        profile_url=f"{PROFILES}/recruiter-{draw.hex(8)}",
    )


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


def _odd_seats(
    seats: tuple[Seat, ...], contracts: tuple[Contract, ...], lite: Contract, own: list[Member]
) -> Iterator[Seat]:
    """Seats nobody works with any more, or yet, and those of Recruiter Lite."""
    first = int(seats[-1].urn.rpartition(":")[2]) + 1
    odd: tuple[tuple[str, int, SeatState], ...] = (
        (contracts[0].urn, LEFT, "INACTIVE"),
        (contracts[1].urn, INVITED, "INVITED"),
        *((lite.urn, place, "ACTIVE") for place in LITE),
    )
    for place, (contract, holder, state) in enumerate(odd):
        yield Seat(
            urn=f"urn:li:seat:{first + place}",
            contract=contract,
            member=own[holder].number,
            admin=False,
            lite=contract == lite.urn,
            state=state,
        )


def _dated(draw: Draw, seats: list[Seat], anchor: int) -> tuple[Seat, ...]:
    return tuple(structs.replace(seat, created=anchor - draw.between(100, 1200) * DAY) for seat in seats)


def _people(draw: Draw, recruiters: list[Member]) -> tuple[Person, ...]:
    """Who can sign in: an admin of both contracts, a recruiter who is no admin, and an admin of the second only."""
    chosen = (recruiters[0], recruiters[1], recruiters[SEATS[0]])
    return tuple(_person(draw, member) for member in chosen)


def _other_people(draw: Draw, own: list[Member], people: tuple[Person, ...]) -> list[Person]:
    """All the others of the company, with and without a seat."""
    known = {person.member for person in people}
    return [_person(draw, member) for member in own if member.number not in known]


def _person(draw: Draw, member: Member) -> Person:
    return Person(login=member.emails[0], password=draw.hex(12), member=member.number)


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
