"""A plain world holds nothing LinkedIn would refuse, but for a few drafts nobody has applied for."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from landbridge.sandbox.worlds import World, make_world
from landbridge.sandbox.worlds.moment import moment_of
from landbridge.sandbox.worlds.profile import profile_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)
E_MAIL = re.compile(r"[a-z.]+[0-9]+@(mail\.|post\.)?example\.(org|net)")


@pytest.fixture(scope="module")
def world() -> World:
    return make_world("plain", 1, 1_000, NOW)


def test_candidates_have_names_and_addresses_of_their_own(world: World) -> None:
    people = list(world.candidates.values())
    assert len(people) == 1_000
    assert all(person.first_name and person.last_name for person in people)
    assert all(E_MAIL.fullmatch(person.email or "") for person in people)
    assert len({person.email for person in people}) == len(people)


def test_times_are_in_order(world: World) -> None:
    for person in world.candidates.values():
        assert isinstance(person.created, int)
        assert isinstance(person.updated, int)
        assert 0 < person.created <= person.updated <= moment_of(NOW)
        for application in person.applications:
            assert isinstance(application.created, int)
            moments = [at for at, _ in application.steps() if isinstance(at, int)]
            assert person.created <= application.created == moments[0]
            assert moments == sorted(set(moments))
            assert 2 * len(moments) == len(application.history)
            assert moments[-1] <= person.updated


def test_applications_are_about_three_for_two_people_in_jobs_that_were_published(world: World) -> None:
    assert 1.4 < len(world.applications) / len(world.candidates) < 1.6
    for application in world.applications.values():
        job = world.jobs[application.job_id]
        assert job.status != "CREATED"
        assert job.posting_status == "PRIVATE" or any(ad.publications for ad in job.ads)


def test_nobody_applies_twice_for_one_job(world: World) -> None:
    for person in world.candidates.values():
        jobs = [application.job_id for application in person.applications]
        assert len(jobs) == len(set(jobs)) > 0


def test_jobs_have_what_linkedin_asks_for(world: World) -> None:
    for job in world.jobs.values():
        assert job.title is not None
        assert 0 < len(job.title) <= 200
        assert job.place is not None
        assert len(job.place.country_code) == 2
        ad = job.default_ad
        assert ad is not None
        text = "".join(text or "" for text in ad.texts().values())
        assert 100 <= len(re.sub("<[^>]+>", "", text)) <= len(text) <= 25_000
        assert set(re.findall(r"</?(\w+)", text)) <= {"p", "ul", "li"}


def test_only_a_few_jobs_are_drafts_and_some_are_closed(world: World) -> None:
    drafts = [job for job in world.jobs.values() if job.status == "CREATED"]
    closed = [job for job in world.jobs.values() if job.status in {"FILLED", "CANCELLED"}]
    assert 1 <= len(drafts) <= len(world.jobs) / 10
    assert closed
    assert all(ad.publications for job in closed for ad in job.ads)
    assert {job.posting_status for job in world.jobs.values()} >= {"PUBLIC", "INTERNAL", "NOT_PUBLISHED"}


def test_small_worlds_have_twelve_jobs_and_large_ones_one_for_25_candidates(world: World) -> None:
    assert len(world.jobs) == 1_000 / 25
    assert len(make_world("plain", 1, 5, NOW).jobs) == 12
    assert not make_world("plain", 1, 0, NOW).applications


def test_ads_speak_several_languages_and_each_job_has_one_default(world: World) -> None:
    assert len({ad.language.code for job in world.jobs.values() for ad in job.ads}) >= 4
    assert any(len(job.ads) > 1 for job in world.jobs.values())
    assert all(sum(ad.default for ad in job.ads) == 1 for job in world.jobs.values())


def test_a_share_of_candidates_are_members_by_address_or_by_profile(world: World) -> None:
    members = world.network.members
    addresses = {email for member in members for email in member.emails}
    profiles = {member.profile_url for member in members}
    by_address = {person.id for person in world.candidates.values() if person.email in addresses}
    by_profile = {person.id for person in world.candidates.values() if person.linkedin_url in profiles}
    assert 0.25 < len(by_address) / len(world.candidates) < 0.45
    assert by_profile - by_address
    assert 0.35 < len(by_address | by_profile) / len(world.candidates) < 0.55
    assert len({member.number for member in members}) == len(members)


def test_two_contracts_have_seats_admins_and_people_who_can_sign_in(world: World) -> None:
    network = world.network
    assert [contract.lite for contract in network.contracts] == [False, False, True]
    assert {seat.contract for seat in network.seats} == {contract.urn for contract in network.contracts}
    administered = [{seat.contract for seat in network.seats if seat.admin and seat.member == person.member}
                    for person in network.people]  # fmt: skip
    assert [len(contracts) for contracts in administered[:3]] == [2, 0, 1]
    at_work = {user.email for user in world.users}
    assert any(person.login in at_work for person in network.people)


def test_there_are_seats_of_all_sorts_and_people_with_and_without_one(world: World) -> None:
    network = world.network
    lite = {contract.urn for contract in network.contracts if contract.lite}
    assert {seat.state for seat in network.seats} == {"ACTIVE", "INACTIVE", "INVITED"}
    assert all(seat.lite == (seat.contract in lite) for seat in network.seats)
    assert len({seat.urn for seat in network.seats}) == len(network.seats)
    assert len({person.login for person in network.people}) == len(network.people)
    seated = {seat.member for seat in network.seats}
    assert [person.member in seated for person in network.people].count(False) == 1


def test_every_working_seat_has_a_bounded_history(world: World) -> None:
    network = world.network
    seats = {seat.urn for seat in network.seats if seat.state == "ACTIVE" and not seat.lite}
    assert {one.seat for one in network.conversations} == seats == {note.seat for note in network.notes}
    assert len(network.conversations) == 4 * len(seats)
    assert {one.accepted for one in network.conversations} == {None, True, False}
    assert all(one.shared_at is None or one.accepted for one in network.conversations)
    assert all(message.at < world.anchor for one in network.conversations for message in one.messages)


def test_profile_is_the_same_whenever_it_is_asked_for(world: World) -> None:
    recruiter, stranger = world.network.members[0], world.network.members[-1]
    assert profile_of(recruiter, "Acme").company == "Acme"
    assert profile_of(stranger, "Acme") == profile_of(stranger, "Acme")
    assert profile_of(stranger, "Acme").company != "Acme"
