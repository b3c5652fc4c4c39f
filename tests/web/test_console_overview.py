"""The overview tells what a workspace does, in words, and says nothing it should not."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import httpx2
import pytest

from landbridge.store.connections import mark_ok, save_credentials
from landbridge.store.consents import give_consent, withdraw_consent
from landbridge.store.contracts import move_contract, pause_contract, save_requested
from landbridge.store.database import Database
from landbridge.store.seats import SeatCounts
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace
from landbridge.sync.streams import pace_of
from landbridge.web.console.overview.way import Around, turn_of
from tests.unit.test_turn import FINISHED
from tests.web.conftest import NOW
from tests.web.sample import CONTRACT, ORGANIZATION, broken_workspace, busy_workspace

FORBIDDEN_INLINE = re.compile(
    r"<script(?![^>]*(\bsrc=|type=\"application/json\"))|<style|\sstyle=|\son\w+=|javascript:", re.IGNORECASE
)


class Outline(HTMLParser):
    """The text a reader gets, and ids and labels that have to fit together."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.pointed_at: list[str] = []
        self.without_name: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if identifier := given.get("id"):
            self.ids.append(identifier)
        for name in ("for", "aria-labelledby", "aria-describedby"):
            self.pointed_at += (given.get(name) or "").split()
        hidden = given.get("aria-hidden") == "true"
        if tag in {"progress", "svg"} and not (given.get("aria-label") or hidden):
            self.without_name.append(tag)
        if tag == "img" and "alt" not in given:
            self.without_name.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def outline(page: str) -> Outline:
    parsed = Outline()
    parsed.feed(page)
    return parsed


async def page_of(admin: httpx2.AsyncClient, path: str = "/") -> str:
    answer = await admin.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


async def test_installation_without_workspaces_says_how_to_begin(admin: httpx2.AsyncClient) -> None:
    page = await page_of(admin)
    assert "Make one for your company" in page
    assert "landbridge demo" in page


async def test_busy_workspace_shows_progress_counts_reasons_and_pauses(
    admin: httpx2.AsyncClient, database: Database, vault: Vault
) -> None:
    await busy_workspace(database, vault, NOW)
    page = await page_of(admin)
    text = " ".join(outline(page).words)
    assert "Landbridge's turn" in text
    assert "Reading applications 943 of 3,104" in text
    assert "Candidates 2,073 1,480 520 70 3" in text
    assert "The candidate has no e-mail address" in text
    assert "Add the address in the ATS." in text
    assert "LinkedIn Candidates 1,480 of 5,000 calls" in text
    assert "LinkedIn Jobs 3 of 100,000 calls" in text
    assert "SmartRecruiters Requests 23,411 calls" in text
    assert "Applications Paused LinkedIn has asked us to slow down. Goes on at 12:07 UTC ." in text
    assert "Both sides agree" in text
    assert '<progress max="3104" value="943" aria-label="Reading applications">' in page


async def test_broken_connection_says_whose_turn_it_is_and_what_to_do(
    admin: httpx2.AsyncClient, database: Database, vault: Vault
) -> None:
    await broken_workspace(database, vault, NOW)
    text = " ".join(outline(await page_of(admin)).words)
    assert "Your turn" in text
    assert "LinkedIn Needs you Enter the client id and secret of the child application again." in text
    assert "Recruiter System Connect Requested" in text


async def test_empty_workspace_shows_the_way_and_whose_turn_it_is(
    admin: httpx2.AsyncClient, database: Database
) -> None:
    async with database.transaction() as connection:
        await create_workspace(connection, slug="acme", name="Acme", foreign_id="lb-acme", now=NOW)
    page = await page_of(admin)
    text = " ".join(outline(page).words)
    assert "Your turn Connect your ATS. Enter a key" in text
    assert "Connect your ATS Your turn Enter a key" in text
    assert "Agree to what is shared Later" in text
    assert 'href="/w/acme/ats"' in page


async def test_turn_is_that_of_the_step_which_is_next(
    admin: httpx2.AsyncClient, database: Database, vault: Vault
) -> None:
    """Not that of a connection which nobody has to enter any more."""
    async with database.transaction() as connection:
        number = await create_workspace(connection, slug="acme", name="Acme", foreign_id="lb-acme", now=NOW)
        await save_credentials(connection, number, "smartrecruiters", vault=vault, settings={}, secrets={"key": "x"})
        await mark_ok(connection, number, "smartrecruiters", NOW)
    assert "Your turn Agree to what is shared." in " ".join(outline(await page_of(admin)).words)


async def test_what_people_have_stopped_is_told_before_what_machines_do(
    admin: httpx2.AsyncClient, database: Database, vault: Vault
) -> None:
    number = await busy_workspace(database, vault, NOW)
    async with database.transaction() as connection:
        await give_consent(
            connection, number, by="ada", text_version="1", text="", fields=[], choices={}, counts={}, now=NOW
        )
        one = await save_requested(connection, number, urn=CONTRACT, organization_urn=ORGANIZATION, by="ada", now=NOW)
        await move_contract(connection, number, one.id, "enabled", now=NOW)
        await pause_contract(connection, number, one.id, paused=True, now=NOW)
    assert "Your turn Every contract is paused" in " ".join(outline(await page_of(admin)).words)
    async with database.transaction() as connection:
        await move_contract(connection, number, one.id, "disconnected", now=NOW)
    assert "Your turn Every contract is disconnected" in " ".join(outline(await page_of(admin)).words)
    async with database.transaction() as connection:
        await withdraw_consent(connection, number, by="ada", now=NOW)
    text = " ".join(outline(await page_of(admin)).words)
    assert "Your turn The consent was withdrawn." in text
    assert "until somebody agrees again. Look and decide" in text


async def test_what_waits_for_a_person_is_listed_with_the_place_to_do_it(
    admin: httpx2.AsyncClient, database: Database, vault: Vault
) -> None:
    await busy_workspace(database, vault, NOW)
    await broken_workspace(database, vault, NOW)
    assert "LinkedIn refused 3 records. See what to do" in " ".join(outline(await page_of(admin, "/w/acme/")).words)
    page = " ".join(outline(await page_of(admin, "/w/globex/")).words)
    assert "LinkedIn no longer lets Landbridge in. Enter the client id" in page


async def test_age_of_the_oldest_change_that_waits_is_told(
    admin: httpx2.AsyncClient, database: Database, vault: Vault
) -> None:
    await busy_workspace(database, vault, NOW - timedelta(minutes=7))
    text = " ".join(outline(await page_of(admin)).words)
    assert "Candidates Open Oldest change that waits: 7 minutes ago" in text
    assert "Jobs Open Nothing waits" in text


async def test_names_from_outside_are_text_and_secrets_stay_inside(
    admin: httpx2.AsyncClient, database: Database, vault: Vault
) -> None:
    await busy_workspace(database, vault, NOW)
    page = await page_of(admin)
    assert "Acme &amp; Søns &lt;GmbH&gt;" in page
    assert "hunter2" not in page


@pytest.mark.parametrize("path", ["/w/acme/", "/workspaces", "/sign-in", "/password", "/nowhere"])
async def test_pages_are_sound_and_need_no_inline_code(
    admin: httpx2.AsyncClient, database: Database, vault: Vault, path: str
) -> None:
    await busy_workspace(database, vault, NOW)
    await broken_workspace(database, vault, NOW)
    if path == "/sign-in":
        admin.cookies.clear()
    page = (await admin.get(path)).text
    parsed = outline(page)
    assert not FORBIDDEN_INLINE.search(page)
    assert len(parsed.ids) == len(set(parsed.ids))
    assert set(parsed.pointed_at) <= set(parsed.ids)
    assert parsed.without_name == []
    assert page.count("<h1") == 1
    assert '<html lang="en">' in page


async def test_page_renews_itself_and_can_be_reloaded_without_scripts(
    admin: httpx2.AsyncClient, database: Database, vault: Vault
) -> None:
    await busy_workspace(database, vault, NOW)
    page = await page_of(admin)
    assert 'hx-select="#live"' in page
    assert "<noscript><a " in page
    for name in ("console.js", "htmx-2.min.js"):
        assert f'src="/static/{name}"' in page
        assert (await admin.get(f"/static/{name}")).status_code == 200


async def test_looking_with_head_works_and_posting_does_not(admin: httpx2.AsyncClient) -> None:
    assert (await admin.head("/workspaces")).status_code == 200
    assert (await admin.delete("/")).status_code in {403, 405}


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize(
    ("asking", "lacking", "whose"),
    [(0, {}, "Nobody's turn"), (1, {}, "Your turn"), (0, {"Messages (messages_write)": 2}, "Your turn")],
)
def test_it_is_nobodys_turn_only_where_the_desk_is_empty(asking: int, lacking: dict[str, int], whose: str) -> None:
    seats = SeatCounts(seats=1, linked=1, left=0, shared=0, deactivated=0, users=1)
    around = Around(
        overview=FINISHED, contracts=[], agreed=True, withdrawn=False, seats=seats, pace=pace_of(1, 100_000),
        asking=asking, lacking=lacking, address=lambda _: "/",
    )  # fmt: skip
    assert str(turn_of(around, [], NOW).whose) == whose
