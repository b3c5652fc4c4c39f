"""Finding people, the in-ATS panel, InMails, notes, closed accounts and jobs asked for again."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from landbridge.sandbox import Sandbox
from tests.browser.partner import Partner
from tests.browser.recruiter import JOBS, Recruiter

#: Texts pressed into so narrow a column that they stand on many lines.
SQUEEZED = """[...document.querySelectorAll("h1, h2, h3, p")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.height > 60 && box.width < 100 && !one.closest(".unseen");
}).map(one => "squeezed: " + one.innerText)"""


@pytest.fixture
def recruiter(page: Page, sandbox: Sandbox, partner: Partner) -> Recruiter:
    recruiter = Recruiter(page, sandbox, partner)
    recruiter.connect()
    return recruiter


def test_people_are_found_and_filtered_by_whether_the_ats_knows_them(recruiter: Recruiter) -> None:
    page, name = recruiter.page, recruiter.member.name
    recruiter.put_candidate()
    recruiter.open("/recruiter/people")
    search = page.get_by_role("searchbox", name="Name, title, company or place")
    expect(search).to_be_focused()
    page.get_by_label("Show").select_option("In the ATS")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_have_text("1–1 of 1 person")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_text("In Harbour ATS", exact=True).click()
    expect(page.get_by_role("link", name="Open in Harbour ATS")).to_be_visible()

    page.get_by_label("Show").select_option("Not in the ATS")
    search.fill(name)
    search.press("Enter")
    expect(page.get_by_role("heading", name=name, exact=True)).to_have_count(0)
    search.fill("zzz")
    search.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Nobody was found")


def test_pages_of_people_follow_each_other(recruiter: Recruiter) -> None:
    page = recruiter.page
    recruiter.open("/recruiter/people")
    first = page.locator(".people h2").all_inner_texts()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("status")).to_contain_text("26–")
    assert page.locator(".people h2").all_inner_texts() != first
    page.get_by_role("link", name="Before").click()
    expect(page.locator(".people h2")).to_have_text(first)


def test_profile_shows_what_the_ats_told_and_leads_back_to_it(recruiter: Recruiter) -> None:
    page = recruiter.page
    recruiter.open_profile()
    expect(page.get_by_text("Harbour ATS has not told of this person")).to_be_visible()
    recruiter.put_candidate()
    page.reload()
    panel = page.get_by_role("region", name="In Harbour ATS")
    expect(panel.get_by_role("heading", name="Tram Driver")).to_be_visible()
    expect(panel.get_by_role("list", name="Stages").get_by_role("listitem")).to_contain_text(["Panel", "Phone Screen"])
    expect(panel.get_by_text("Pilot")).to_be_visible()
    link = panel.get_by_role("link", name="Open in Harbour ATS")
    expect(link).to_have_attribute("href", "https://ats.example.org/people/1")


def test_inmail_is_answered_with_consent_and_read_as_a_stub(recruiter: Recruiter) -> None:
    page, member, seat = recruiter.page, recruiter.member, recruiter.seat
    recruiter.open_profile()
    page.get_by_role("link", name="Send InMail").click()
    page.get_by_label("Subject").fill("A role by the sea")
    page.get_by_label("Message").fill("Would you like to hear more?")
    page.get_by_role("button", name="Send InMail").click()
    expect(page.get_by_role("status")).to_have_text("InMail sent.")
    expect(page.get_by_text("no answer yet")).to_be_visible()

    page.get_by_role("link", name="act as this member").click()
    thread = page.get_by_role("region", name="A role by the sea")
    thread.get_by_label("Answer").fill("Gladly, on Friday.")
    thread.get_by_label("Share my e-mail address").check()
    thread.get_by_role("button", name="Accept and answer").click()
    expect(page.get_by_role("status")).to_have_text("Answer sent, contact details shared.")

    page.get_by_role("link", name="InMails").click()
    page.get_by_role("link", name="A role by the sea").click()
    expect(page.get_by_text("Gladly, on Friday.")).to_be_visible()
    expect(page.get_by_text(member.emails[0])).to_be_visible()

    start = recruiter.sandbox.linkedin.state.talent.stubs[-1].created_at - 60_000
    window = {"timeRange.start": str(start), "timeRange.end": str(start + 600_000)}
    events = recruiter.find("conversationEvents", "criteria", viewer=seat.urn, **window)
    assert [event["content"]["body"] for event in events] == ["Would you like to hear more?", "Gladly, on Friday."]
    assert events[1]["author"] == recruiter.urn
    [stub] = recruiter.find(
        "mailStubs", "contract", contract=seat.contract, owners=seat.urn, createdDateStart=str(start)
    )
    assert stub["stubProfile"]["emailAddress"] == member.emails[0]


def test_declined_inmail_ends_the_conversation(recruiter: Recruiter) -> None:
    page = recruiter.page
    recruiter.sandbox.linkedin.talent.inmails.send(
        recruiter.seat.urn, recruiter.member.number, "Hello", "Shall we talk?"
    )
    recruiter.open(f"/recruiter/as-member/{recruiter.member.number}")
    page.get_by_role("region", name="Hello").get_by_role("button", name="Decline").click()
    page.get_by_role("link", name="InMails").click()
    page.get_by_role("link", name="Hello").click()
    expect(page.get_by_text("No further message can be sent")).to_be_visible()
    expect(page.get_by_role("button", name="Send message")).to_have_count(0)


def test_note_is_written_changed_and_deleted_as_the_api_sees(recruiter: Recruiter) -> None:
    page = recruiter.page
    since = recruiter.sandbox.clock.ms() - 1

    def notes() -> list[tuple[bool, str | None]]:
        window = {"cutoffDate": str(since), "beforeDate": str(since + 600_000)}
        found = recruiter.find("prospectNotes", "criteria", contract=recruiter.seat.contract, **window)
        assert all(note["prospect"] == recruiter.urn and note["owner"] == recruiter.seat.urn for note in found)
        return [(note["active"], note.get("text")) for note in found]

    recruiter.open_profile()
    page.get_by_label("New note").fill("Prefers to start in May.")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_role("status")).to_have_text("Note added.")
    assert notes() == [(True, "Prefers to start in May.")]

    page.get_by_role("link", name="Edit the note “Prefers to start in May.”").click()
    page.get_by_label("Text").fill("Prefers to start in June.")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("Prefers to start in June.", exact=True)).to_be_visible()
    assert notes() == [(True, "Prefers to start in June.")]

    page.get_by_role("button", name="Delete the note").click()
    expect(page.get_by_role("status")).to_have_text("Note deleted.")
    expect(page.get_by_text("Prefers to start in June.", exact=True)).to_have_count(0)
    assert notes() == [(False, None)]


def test_private_note_is_for_its_author_only(recruiter: Recruiter, complaints: list[str]) -> None:
    page, sandbox = recruiter.page, recruiter.sandbox
    recruiter.open_profile()
    page.get_by_label("New note").fill("Between you and me.")
    page.get_by_label("Only me").check()
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("only you")).to_be_visible()
    [note] = [one for one in sandbox.linkedin.state.talent.notes.values() if one.member == recruiter.member.number]
    page.get_by_role("button", name="Sign out").click()
    recruiter.person = sandbox.linkedin.state.network.people[2]
    recruiter.open_profile()
    expect(page.get_by_role("heading", name="Notes")).to_be_visible()
    expect(page.get_by_text("Between you and me.")).to_have_count(0)
    answer = page.goto(f"{sandbox.linkedin_url}/recruiter/notes/{note.id}")
    assert answer is not None
    assert answer.status == 403
    complaints.clear()  # of the 403


def test_member_who_closes_the_account_is_gone_and_on_the_list_of_closed_ones(
    recruiter: Recruiter, complaints: list[str]
) -> None:
    page, member, organization = recruiter.page, recruiter.member, recruiter.organization
    recruiter.put_candidate()
    recruiter.sandbox.linkedin.talent.exports.export(recruiter.seat.urn, member.number, "REQ-1")
    assert recruiter.find("closedCandidateProfiles", "criteria", integrationContext=organization) == []
    recruiter.open(f"/recruiter/as-member/{member.number}")
    page.get_by_label("I am sure").check()
    page.get_by_role("button", name="Close the account").click()
    expect(page.get_by_role("status").first).to_contain_text("has closed the account")
    page.get_by_role("searchbox").fill(member.name)
    page.get_by_label("Show").select_option("In the ATS")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Nobody was found")).to_be_visible()
    recruiter.open_profile()
    expect(page.get_by_role("alert")).to_contain_text("has closed the account")
    complaints.clear()  # of the 404
    [closed] = recruiter.find("closedCandidateProfiles", "criteria", integrationContext=organization)
    assert (closed["member"], closed["externalJobPostingIds"]) == (recruiter.urn, ["REQ-1"])


def test_ats_is_asked_to_send_jobs_again(recruiter: Recruiter) -> None:
    page = recruiter.page
    recruiter.open("/recruiter/resync")
    page.get_by_label("Only these").check()
    page.get_by_label("Ids of jobs").fill("REQ-1, REQ-3")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("status")).to_contain_text("has 30 minutes")
    expect(page.get_by_role("listitem").filter(has_text="REQ-1, REQ-3")).to_be_visible()
    pushes = recruiter.partner.wait_for_pushes(4)
    [asked] = [push for push in pushes if push["type"] == "RESYNC_JOBS"]
    assert (asked["syncAllOpenJobs"], asked["externalJobPostingIds"]) == (False, ["REQ-1", "REQ-3"])


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 375)])
def test_pages_have_no_obstacle_and_fit_the_window(recruiter: Recruiter, scheme: str, width: int) -> None:
    page, number = recruiter.page, recruiter.member.number
    recruiter.put_candidate()
    talent = recruiter.sandbox.linkedin.talent
    talent.notes.write(recruiter.seat.urn, number, "Prefers to start in May.")
    thread = talent.inmails.send(recruiter.seat.urn, number, "Hello", "Shall we talk?")
    talent.inmails.reply(thread.urn, "Gladly.", share_contact=True)
    talent.exports.export(recruiter.seat.urn, number, next(iter(JOBS)))
    note = next(reversed(recruiter.sandbox.linkedin.state.talent.notes))
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found: dict[str, list[str]] = {}
    for path in (
        "/recruiter/people?ats=in",
        f"/recruiter/people/{number}",
        f"/recruiter/people/{number}/export",
        f"/recruiter/people/{number}/inmail",
        "/recruiter/inmails",
        f"/recruiter/inmails/{thread.urn.rpartition(':')[2]}",
        f"/recruiter/notes/{note}",
        f"/recruiter/as-member/{number}",
        "/recruiter/resync",
    ):
        recruiter.open(path)
        page.evaluate("document.querySelectorAll('details.in-ats').forEach(one => { one.open = true; })")
        violations = Axe().run(page).response["violations"]
        found[path] = [f"{one['id']}: {node['html'][:150]}" for one in violations for node in one["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[path].append("wider than the window")
        found[path] += page.evaluate(SQUEEZED)
    assert {path: problems for path, problems in found.items() if problems} == {}
