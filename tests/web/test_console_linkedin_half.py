"""The LinkedIn half as an admin walks it in the console, without JavaScript, against both sandboxes."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

from landbridge.jobs.bucket import BUCKET, CALLS_PER_DAY
from landbridge.store.connections import save_credentials
from landbridge.store.consents import load_receipts
from landbridge.store.reconciliations import save_reconciliation
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import load_workspace
from tests.web.onboarding import ORIGIN, Onboarding


async def test_admin_walks_from_the_ats_to_connected_users(onboarding: Onboarding) -> None:
    key = onboarding.sandbox.smartrecruiters.credentials()["api_key"]
    wrong = await onboarding.send("ats/save", "ats", 422, way="api_key", api_key="wrong")
    assert "Nothing was saved" in wrong.text
    assert "This credential is not accepted" in wrong.text
    saved = await onboarding.send("ats/save", "ats", 200, way="api_key", api_key=key)
    assert "All permissions for reading are there" in saved.text
    assert "Candidates" in saved.text
    assert key not in saved.text
    onboarding.sandbox.smartrecruiters.keys.removed = frozenset({"users_read"})
    lacking = await onboarding.send("ats/check", "ats", 200)
    assert "Recruiter seats cannot be joined with users" in lacking.text
    onboarding.sandbox.smartrecruiters.keys.removed = frozenset()

    # Nobody, whoever has an admin's browser for a minute either, has the kept key sent to an address of theirs.
    moved = await onboarding.send("ats/save", "ats", 422, way="api_key", base_url="http://localhost:9")
    assert "a kept secret goes to no other address" in moved.text

    # No contract before somebody has agreed.
    early = await onboarding.send("contracts/add", "contracts")
    assert early.headers["location"] == "/w/acme/consent"
    unticked = await onboarding.send("consent/give", "consent", 422, availability="PRIVATE", history="0")
    assert "Tick the box to agree" in unticked.text
    await onboarding.agree()
    assert "agreed to this for your company" in await onboarding.see("consent")

    added = await onboarding.send("contracts/add", "contracts")
    assert added.headers["location"] == "/w/acme/contracts/window"
    assert "IN/ATSIntegrationWidget" in await onboarding.see("contracts/window")
    number, organization = onboarding.request()
    finished = await onboarding.finish(number, organization)
    contract = await onboarding.the_contract()
    assert (contract.state, finished.headers["location"]) == ("waiting", f"/w/acme/contracts/{contract.id}")
    page = await onboarding.see(f"contracts/{contract.id}")
    assert "Recruiter admin&#x27;s turn" in page
    assert "company level, contract level" in page

    onboarding.switch_on()
    await onboarding.ask_linkedin(contract)
    assert "Nobody's turn" in await onboarding.see(f"contracts/{contract.id}")
    assert "Reading the ATS and sending" in await onboarding.see("sync")

    await onboarding.send("connect-users/refresh", "connect-users")
    await onboarding.send("connect-users/accept", "connect-users")
    page = await onboarding.see("connect-users?show=linked")
    assert "Connected" in page
    assert "same" in page
    await _nothing_is_left_of_the_calls_for_seats(onboarding)
    assert onboarding.sandbox.linkedin.journal.violations() == []


async def _nothing_is_left_of_the_calls_for_seats(onboarding: Onboarding) -> None:
    again = "Seats are read again from"
    assert again not in await onboarding.see("connect-users")
    async with onboarding.database.connection() as connection:
        await connection.execute("UPDATE budget SET calls = %s WHERE resource = %s", [CALLS_PER_DAY, BUCKET])
    refused = await onboarding.send("connect-users/refresh", "connect-users", 409)
    for page in (refused.text, await onboarding.see("connect-users")):
        assert html.unescape(page).count("LinkedIn's calls for seats, InMails and notes are used up") == 1
        assert re.search(rf"{again} <time ", page)
        assert "Connected" in page


async def test_seat_is_given_to_the_user_found_by_name_and_taken_away_again(onboarding: Onboarding) -> None:
    async with onboarding.database.transaction() as connection:
        for statement in SOME_PEOPLE.split(";"):
            await connection.execute(statement.encode())
    page = await onboarding.see("connect-users/1?q=moss")
    assert "Rita Moss" in page
    assert "Gone Moss" not in page
    await onboarding.send("connect-users/1/link", "connect-users/1?q=moss", user="1")
    assert "Rita Moss" in await onboarding.see("connect-users?show=linked")
    await onboarding.send("connect-users/1/unlink", "connect-users/1")
    assert "No seat fits" in await onboarding.see("connect-users?show=linked")
    assert "Rita Moss" in await onboarding.see("connect-users/1")  # the history remembers
    await onboarding.send("connect-users/1/link", "connect-users/1?q=moss", 404, user="4711")


SOME_PEOPLE = """
INSERT INTO seat (workspace_id, contract, urn, first_name, last_name, seen_at)
VALUES (1, 'urn:li:contract:1', 'urn:li:seat:1', 'Lena', 'Brandt', now());
INSERT INTO ats_user (workspace_id, key, first_name, last_name, active, seen_at)
VALUES (1, 'u1', 'Rita', 'Moss', true, now()), (1, 'u2', 'Gone', 'Moss', false, now())
"""


async def test_reviews_are_agreed_to_on_their_own_and_read_then(onboarding: Onboarding) -> None:
    key = onboarding.sandbox.smartrecruiters.credentials()["api_key"]
    await onboarding.send("ats/save", "ats", 200, way="api_key", api_key=key)
    page = await onboarding.see("consent")
    assert "Not shared unless you choose so below" in page
    assert "How many have a review is known once they are read" in page
    # What the choices would mean together, before anything is agreed to or saved.
    tried = {"availability": "PUBLIC", "history": "730", "exclude_confidential": "on", "share_reviews": "on"}
    shown = (await onboarding.send("consent/look", "consent", 200, **tried)).text
    assert "With these choices together" in shown
    assert re.search(r'name="share_reviews"[^>]* checked', shown)
    assert "How many have a review is known once they are read" in shown
    async with onboarding.database.connection() as connection:
        assert not (await load_workspace(connection, 1)).choices.get("share_reviews")
        assert await load_receipts(connection, 1) == []
    await onboarding.agree()
    assert "what our people wrote" not in await receipt_of(onboarding)
    async with onboarding.database.connection() as connection:
        await connection.execute("UPDATE sweep SET state = 'done', finished_at = started_at")
    form = {"availability": "PRIVATE", "history": "0", "agreed": "on", "share_reviews": "on"}
    await onboarding.send("consent/give", "consent", **form)
    receipt = await receipt_of(onboarding)
    assert "what our people wrote" in receipt
    assert "feedback" in receipt
    page = await onboarding.see("consent")
    assert "Shared, because you chose so below" in page
    assert "None has been read yet" in page
    async with onboarding.database.connection() as connection:
        cursor = await connection.execute("SELECT count(*) FROM sweep_pass WHERE name = 'reviews'")
        assert await cursor.fetchone() == (1,)
    # Taken back on its own: the rest goes on.
    await onboarding.agree()
    assert "what our people wrote" not in await receipt_of(onboarding)


async def test_notes_are_agreed_to_on_their_own_and_read_then(onboarding: Onboarding) -> None:
    key = onboarding.sandbox.smartrecruiters.credentials()["api_key"]
    await onboarding.send("ats/save", "ats", 200, way="api_key", api_key=key)
    assert "whoever it was meant for in the ATS" in await onboarding.see("consent")
    await onboarding.agree()
    assert "the notes our people wrote" not in await receipt_of(onboarding)
    async with onboarding.database.connection() as connection:
        await connection.execute("UPDATE sweep SET state = 'done', finished_at = started_at")
    form = {"availability": "PRIVATE", "history": "0", "agreed": "on", "share_notes": "on"}
    await onboarding.send("consent/give", "consent", **form)
    receipt = await receipt_of(onboarding)
    assert "the notes our people wrote" in receipt
    assert "note.author" in receipt
    assert "what our people wrote and how they rated" not in receipt
    assert "None has been read yet" in await onboarding.see("consent")
    async with onboarding.database.connection() as connection:
        cursor = await connection.execute("SELECT count(*) FROM sweep_pass WHERE name = 'notes'")
        assert await cursor.fetchone() == (1,)


async def test_resumes_are_agreed_to_on_their_own_where_there_is_a_way_for_them(
    onboarding: Onboarding, vault: Vault
) -> None:
    key = onboarding.sandbox.smartrecruiters.credentials()["api_key"]
    await onboarding.send("ats/save", "ats", 200, way="api_key", api_key=key)
    form = {"availability": "PRIVATE", "history": "0", "agreed": "on", "share_resumes": "on"}
    await onboarding.send("consent/give", "consent", 422, **form)
    async with onboarding.database.connection() as connection:
        assert await load_receipts(connection, 1) == []
        await connection.execute("UPDATE sweep SET state = 'done', finished_at = started_at")
        settings = {"organization": "1", "dialects": {"resumes": "rest"}}
        await save_credentials(connection, 1, "linkedin", vault=vault, settings=settings, secrets={})
    page = await onboarding.see("consent")
    assert "Whoever has a seat sees every job" in page
    assert "0 of 0 seats are connected; the others see no job" in page
    await onboarding.send("consent/give", "consent", **form, access="teams")
    receipt = await receipt_of(onboarding)
    assert "'access': 'teams'" in receipt
    page = await onboarding.see("consent")
    assert "Its hiring team" in page
    assert "0 of 0 seats were connected" in page
    assert "On LinkedIn by now: 0 jobs and 0 people on 0 lists" in page
    assert "the resumes people applied with are shared" in receipt
    assert "resume.externalFileName" in receipt
    async with onboarding.database.connection() as connection:
        cursor = await connection.execute("SELECT count(*) FROM sweep_pass WHERE name = 'resumes'")
        assert await cursor.fetchone() == (1,)
        cursor = await connection.execute("SELECT count(*) FROM sweep_pass WHERE title LIKE '%%hiring teams'")
        assert await cursor.fetchone() == (1,)
    await onboarding.agree()  # by a form that does not speak of teams: they stay as they are
    assert "'access': 'teams'" in await receipt_of(onboarding)


async def receipt_of(onboarding: Onboarding) -> str:
    """The living receipt: what was read, the fields, and the choices."""
    async with onboarding.database.connection() as connection:
        [receipt, *_] = await load_receipts(connection, 1)
    return f"{receipt.text} {receipt.fields} {receipt.choices}"


async def test_window_may_load_linkedins_script_and_every_other_page_may_not(onboarding: Onboarding) -> None:
    await onboarding.agree()
    answer = await onboarding.client.get("/w/acme/contracts/window")
    policy = answer.headers["content-security-policy"]
    linkedin = onboarding.sandbox.linkedin_url
    assert f"script-src 'self' {linkedin};" in policy
    assert "unsafe" not in policy
    assert answer.headers["cross-origin-opener-policy"] == "same-origin-allow-popups"
    assert "x-landbridge-loosens" not in answer.headers
    elsewhere = (await onboarding.client.get("/w/acme/contracts")).headers
    assert linkedin not in elsewhere["content-security-policy"]
    assert elsewhere["cross-origin-opener-policy"] == "same-origin"


async def test_handover_link_leads_a_stranger_through_the_window_and_nowhere_else(onboarding: Onboarding) -> None:
    await onboarding.agree()
    made = await onboarding.send("contracts/hand-over", "contracts", 200)
    link = re.search(rf"{ORIGIN}(/handover/[\w-]+)", made.text)
    assert link
    address = link[1]
    assert address not in await onboarding.see("contracts")  # shown once
    stranger = onboarding.as_stranger()
    # Whatever only opens the link, as a preview of it does, begins nothing.
    page = await stranger.client.get(address)
    assert "Acme Foods" in page.text
    assert "ATSIntegrationWidget" not in page.text
    assert await onboarding.contracts() == []
    started = await stranger.post(f"{address}/start", address, 302)
    assert started.headers["location"] == address
    assert [one.state for one in await onboarding.contracts()] == ["adding"]
    assert "ATSIntegrationWidget" in (await stranger.client.get(address)).text
    assert (await stranger.client.get("/w/acme/contracts")).status_code == 302
    number, organization = onboarding.request()
    done = await stranger.post(f"{address}/finish", address, 200, contract=number, organization=organization)
    assert "Company Level Access" in done.text
    assert [(one.state, one.added_by) for one in await onboarding.contracts()] == [("waiting", "hand-over link")]
    assert number not in (await stranger.client.get(address)).text
    await onboarding.send("contracts/hand-over/revoke", "contracts")
    dead = await stranger.client.get(address)
    assert dead.status_code == 404
    assert "Ask whoever sent it for a new one" in dead.text
    await stranger.client.aclose()


async def test_report_of_the_comparison_can_be_taken_away(onboarding: Onboarding) -> None:
    assert (await onboarding.client.get("/w/acme/sync/report")).status_code == 404
    part = {"ats": 9, "linkedin": 7, "closed": 2, "missing": 0, "extra": 0, "different": 0, "held": {"x": 2}}
    async with onboarding.database.transaction() as connection:
        await save_reconciliation(connection, 1, {"jobs": part}, datetime.now(UTC))
    page = await onboarding.see("sync")
    assert "They agree" in page
    answer = await onboarding.client.get("/w/acme/sync/report")
    assert answer.headers["content-disposition"].endswith('.csv"')
    assert "jobs,9,7,2,0,0,0,,2,," in answer.text
    told = await onboarding.client.get("/w/acme/sync/report?form=json")
    assert told.json()["report"]["jobs"]["linkedin"] == 7
