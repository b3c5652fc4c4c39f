"""The profile widget on a candidate's page: who the candidate is on LinkedIn, link and unlink."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from landbridge.sandbox import Sandbox
from landbridge.sandbox.worlds.network import Member
from tests.browser.partner import Partner

ADMIN, RECRUITER, LITE = 2, 1, -3


@pytest.fixture
def enabled(sandbox: Sandbox) -> None:
    organization = sandbox.linkedin.state.network.organization
    for type_ in ("PROFILE_PLUGIN", "IN_ATS_INDICATOR"):
        sandbox.linkedin.recruiter.set_status(organization, type_, "ENABLED")


@pytest.fixture
def stranger(sandbox: Sandbox) -> Member:
    """A member who never applied."""
    return sandbox.linkedin.state.network.members[-1]


def stored(sandbox: Sandbox) -> dict[str, Any]:
    rows = sandbox.linkedin.dump("candidates")
    assert rows is not None
    return dict(next(iter(rows)))


@pytest.mark.usefixtures("enabled")
def test_person_is_linked_and_unlinked_and_the_page_is_told(
    page: Page, partner: Partner, sandbox: Sandbox, stranger: Member
) -> None:
    partner.put_candidate("C1", "nobody@mail.example.net")
    page.goto(partner.candidate_page("C1", confirm=True))
    frame = page.frame_locator("iframe")
    partner.sign_in(page, frame, ADMIN)
    frame.get_by_role("searchbox").fill(stranger.name)
    frame.get_by_role("button", name="Search").click()
    frame.get_by_role("button", name=f"Link {stranger.name}").first.click()
    expect(frame.get_by_role("heading", name=stranger.name)).to_be_visible()
    page.wait_for_function("told.length === 1")
    urn = stored(sandbox)["manualMatchedMember"]
    assert page.evaluate("told") == [["linked", urn]]

    page.reload()
    expect(frame.get_by_role("heading", name=stranger.name)).to_be_visible()
    frame.get_by_role("link", name="Unlink").click()
    frame.get_by_role("link", name="Keep").click()
    frame.get_by_role("link", name="Unlink").click()
    frame.get_by_role("button", name="Unlink", exact=True).click()
    expect(frame.get_by_role("heading", name="Find this candidate on LinkedIn")).to_be_visible()
    page.wait_for_function("told.length === 1")
    assert page.evaluate("told") == [["unlinked", urn]]
    assert stored(sandbox)["manualMatchedMember"] is None


@pytest.mark.usefixtures("enabled")
def test_wrong_match_stays_unlinked(page: Page, partner: Partner, sandbox: Sandbox, stranger: Member) -> None:
    partner.put_candidate("C1", stranger.emails[0])
    page.goto(partner.candidate_page("C1"))
    frame = page.frame_locator("iframe")
    partner.sign_in(page, frame, RECRUITER)
    frame.get_by_role("button", name="Unlink").click()
    page.wait_for_function("told.length === 1")
    page.reload()
    expect(frame.get_by_role("heading", name="Find this candidate on LinkedIn")).to_be_visible()
    assert stored(sandbox)["matchedMembers"] == []


@pytest.mark.usefixtures("enabled")
def test_own_inmail_shows_its_text_and_a_colleagues_only_its_sender(
    page: Page, partner: Partner, sandbox: Sandbox, stranger: Member
) -> None:
    people, seats = sandbox.linkedin.state.network.people, sandbox.linkedin.state.network.seats
    mine = next(seat for seat in seats if seat.member == people[RECRUITER].member)
    other = next(seat for seat in seats if seat.member == people[ADMIN].member)
    colleague = sandbox.linkedin.state.directory.members[other.member].name
    talent = sandbox.linkedin.talent
    talent.inmails.send(mine.urn, stranger.number, "A ship", "I write to you about a ship.")
    talent.inmails.send(other.urn, stranger.number, "A harbour", "I write to you about a harbour.")
    talent.notes.write(mine.urn, stranger.number, "Knows ropes.", private=True)
    talent.notes.write(other.urn, stranger.number, "Afraid of water.", private=True)
    partner.put_candidate("C1", stranger.emails[0])
    page.goto(partner.candidate_page("C1", unlink=False))
    frame = page.frame_locator("iframe")
    partner.sign_in(page, frame, RECRUITER)
    expect(frame.get_by_text("I write to you about a ship.")).to_be_visible()
    expect(frame.get_by_text(f"InMail by {colleague}")).to_be_visible()
    expect(frame.get_by_text("Knows ropes.")).to_be_visible()
    for hidden in ("about a harbour", "Afraid", "Unlink"):
        expect(frame.get_by_text(hidden)).to_have_count(0)


@pytest.mark.usefixtures("enabled")
def test_people_who_share_a_candidate_are_listed_to_choose_from(
    page: Page, partner: Partner, sandbox: Sandbox, stranger: Member
) -> None:
    other = sandbox.linkedin.state.network.members[-2]
    partner.put_candidate("C1", stranger.emails[0], other.emails[0])
    page.goto(partner.candidate_page("C1"))
    frame = page.frame_locator("iframe")
    partner.sign_in(page, frame, ADMIN)
    expect(frame.get_by_role("heading", name="Several people may be this candidate")).to_be_visible()
    expect(frame.get_by_role("button", name="Link")).to_have_count(2)


@pytest.mark.usefixtures("enabled")
def test_seat_of_recruiter_lite_sees_no_profile(page: Page, partner: Partner, stranger: Member) -> None:
    partner.put_candidate("C1", stranger.emails[0])
    page.goto(partner.candidate_page("C1"))
    frame = page.frame_locator("iframe")
    partner.sign_in(page, frame, LITE)
    expect(frame.get_by_text("not with Recruiter Lite")).to_be_visible()
    expect(frame.get_by_text(stranger.name)).to_have_count(0)


@pytest.mark.usefixtures("enabled")
def test_candidate_the_ats_never_sent_is_not_known(page: Page, partner: Partner) -> None:
    page.goto(partner.candidate_page("C9"))
    frame = page.frame_locator("iframe")
    partner.sign_in(page, frame, ADMIN)
    expect(frame.get_by_text("the ATS has not sent it")).to_be_visible()


def test_widget_shows_nobody_before_the_plugin_is_enabled(page: Page, partner: Partner) -> None:
    page.goto(partner.candidate_page("C1"))
    expect(page.frame_locator("iframe").get_by_text("PROFILE_PLUGIN is not enabled")).to_be_visible()
