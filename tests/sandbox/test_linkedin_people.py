"""Searching the member directory."""

from __future__ import annotations

from collections.abc import Container

import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.members import Directory
from landbridge.sandbox.linkedin.people import PeopleIndex, people_of
from landbridge.sandbox.worlds.network import Member
from landbridge.sandbox.worlds.profile import profile_of


def member(number: int, first: str, last: str) -> Member:
    return Member(number=number, first_name=first, last_name=last, emails=(), profile_url=f"https://x.example/{number}")


def index(*names: tuple[str, str]) -> PeopleIndex:
    people = [member(300_000_001 + place, first, last) for place, (first, last) in enumerate(names)]
    return PeopleIndex(Directory(people), "Acme")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["Leila Moss", "Søren Moss", "Zoë van der Moss"]),
        ("zoe", ["Zoë van der Moss"]),
        ("MOSS leila", ["Leila Moss"]),
        ("mo", ["Leila Moss", "Søren Moss", "Zoë van der Moss"]),
        ("oss", []),
        ("der  moss", ["Zoë van der Moss"]),
    ],
)
def test_words_are_beginnings_of_words_without_case_and_accents(words: str, found: list[str]) -> None:
    people = index(("Zoë", "van der Moss"), ("Leila", "Moss"), ("Søren", "Moss"))
    answer = people.search(words, 0, 10)
    assert [one.name for one in answer.members] == found
    assert answer.total == len(found)


def test_title_company_and_place_of_profile_are_searched_too(sandbox: Sandbox) -> None:
    state = sandbox.linkedin.state
    customer = state.network.organization_name
    for one in [*list(state.directory.members.values())[:3], *list(state.directory.members.values())[-3:]]:
        profile = profile_of(one, customer)
        for text in (profile.title, profile.company, profile.place.partition(",")[0]):
            answer = people_of(state).search(f"{one.first_name} {text}", 0, 1000)
            assert one in answer.members
    recruiters = people_of(state).search(f"recruiter {customer}", 0, 1000)
    assert {seat.member for seat in state.network.seats} <= {one.number for one in recruiters.members}


@pytest.mark.parametrize("only", [None, range(300_000_001, 300_000_101, 3)])
@pytest.mark.parametrize("without", [[], [{300_000_004, 300_000_005}, {300_000_007: "gone"}]])
def test_pages_meet_everybody_once_whatever_is_filtered(only: range | None, without: list[Container[int]]) -> None:
    people = index(*[("Amara", f"Moss{n % 7}") for n in range(100)])
    total = people.search("amara", 0, 0, only, without).total
    pages = [people.search("amara", start, 8, only, without).members for start in range(0, total, 8)]
    met = [one.number for page in pages for one in page]
    fitting = set(only or range(300_000_001, 300_000_101))
    assert set(met) == {number for number in fitting if not any(number in some for some in without)}
    assert len(met) == total == len(set(met))
