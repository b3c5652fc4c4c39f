"""The candidate panel: opened by a sealed link only, framed by named pages only, showing each person what is theirs."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.errors import SettingError
from landbridge.jobs.panel import read_origin
from landbridge.records import User
from landbridge.records.incoming import InMail, ProspectNote
from landbridge.settings import Settings
from landbridge.store import arrivals, seats
from landbridge.store.database import Database
from landbridge.store.matches import save as save_match
from landbridge.store.seats import SeatFound
from landbridge.store.secrets import Vault
from landbridge.store.tokens import Scope
from landbridge.sync.streams import arrived
from landbridge.web.panel.link import make_link, read_link
from tests.web.api import Api
from tests.web.conftest import Clock

ATS = "https://ats.example.com"
PERSON = "urn:li:person:mira"
# Grace and Joan sit on one contract, Lise on another, Maria is not connected.
SEATS = {"grace": 1, "joan": 1, "lise": 2}


@pytest.fixture
async def api(settings: Settings, database: Database, vault: Vault, clock: Clock) -> AsyncIterator[Api]:
    api = await Api(settings, database, vault, clock).open()
    yield api
    await api.client.aclose()


class Panel:
    """The workspace of ``api`` with one candidate, whom LinkedIn knows, and recruiters."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.headers: dict[str, str] = {}

    async def prepare(self) -> Panel:
        self.headers = await self.api.token()
        await self.api.push("jobs", [{"id": "J1", "title": "Ferry engineer", "status": "open"}], self.headers)
        names = {"first_name": "Mira", "last_name": "Okafor"}
        await self.api.push("candidates", [{"id": "C 1/ä", **names}], self.headers)
        await self.api.push(
            "applications", [{"id": "A1", "candidate_id": "C 1/ä", "job_id": "J1", "status": "New"}], self.headers
        )
        await self._connect()
        await self.api.client.put("/panel", json={"origins": [ATS]}, headers=self.headers)
        return self

    async def _connect(self) -> None:
        now, workspace = self.api.clock.now, self.api.workspace
        people = [User(id=name, first_name=name.title(), last_name="Hopper") for name in (*SEATS, "maria")]
        async with self.api.database.transaction() as connection:
            await seats.save_users(connection, workspace, people, now)
            for contract in {*SEATS.values()}:
                found = [SeatFound(urn=f"urn:li:seat:{name}", first_name=name, last_name="H")
                         for name, one in SEATS.items() if one == contract]  # fmt: skip
                await seats.save_seats(connection, workspace, f"urn:li:contract:{contract}", found, now)
            for name in SEATS:
                cursor = await connection.execute(
                    "SELECT s.id, u.id FROM seat s, ats_user u WHERE s.urn = %s AND u.key = %s",
                    [f"urn:li:seat:{name}", name],
                )
                row = await cursor.fetchone()
                assert row is not None
                await seats.link_seat(connection, workspace, *row, reason="chosen", by="x", now=now)

    async def deliver(self, state: str = "delivered", reason: str = "", *, matched: bool = True) -> None:
        now, workspace = self.api.clock.now, self.api.workspace
        async with self.api.database.transaction() as connection:
            cursor = await connection.execute(
                """UPDATE delivery SET state = %s, reason = %s, sent_at = %s WHERE kind = 'candidate'
                   RETURNING record_id""",
                [state, reason, now],
            )
            ((record,),) = await cursor.fetchall()
            await save_match(connection, workspace, [record], {record: PERSON} if matched else {}, now=now)

    async def keep(self, *elements: InMail | ProspectNote) -> None:
        async with self.api.database.transaction() as connection:
            rows = [arrived(one, "urn:li:contract:1") for one in elements]
            await arrivals.keep(connection, self.api.workspace, rows, now=self.api.clock.now)

    async def link(self, user: str = "", candidate: str = "C 1/ä") -> str:
        answer = await self.api.client.post(
            "/panel/links", json={"candidate": candidate, "user": user}, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["url"])

    async def open(self, url: str) -> httpx2.Response:
        return await self.api.client.get(url)

    async def read(self, user: str = "", candidate: str = "C 1/ä") -> str:
        """The words on the panel."""
        answer = await self.open(await self.link(user, candidate))
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text.partition("<main>")[2]))


@pytest.fixture
async def panel(api: Api) -> Panel:
    return await Panel(api).prepare()


def mail(name: str, text: str, *, at: datetime, private: bool = False) -> InMail:
    return InMail(
        id=f"m-{text}", seat=f"urn:li:seat:{name}", at=at, person_urn=PERSON, outgoing=True, subject=f"About {text}",
        body=f"Of {text}", private=private,
    )  # fmt: skip


async def test_everybody_sees_what_is_theirs(panel: Panel, clock: Clock) -> None:
    await panel.deliver()
    note = ProspectNote(id="n1", contract="urn:li:contract:1", seat="urn:li:seat:joan", text="Knows ropes.",
                        person_urn=PERSON, created_at=clock.now, private=True)  # fmt: skip
    gone = ProspectNote(id="n2", contract="urn:li:contract:1", seat="urn:li:seat:grace", text="Taken back.",
                        person_urn=PERSON, created_at=clock.now, active=False)  # fmt: skip
    await panel.keep(mail("grace", "ships", at=clock.now), note, gone)
    seen = {name: await panel.read(name) for name in ("grace", "joan", "lise", "maria", "nobody", "")}
    assert [name for name, page in seen.items() if "Of ships" in page] == ["grace", "joan"]
    assert [name for name, page in seen.items() if "About ships" in page] == ["grace", "joan"]
    assert [name for name, page in seen.items() if "Knows ropes." in page] == ["joan"]
    assert [name for name, page in seen.items() if "Note by" in page] == ["joan"]
    assert all("Grace Hopper to the candidate" in page for page in seen.values())
    assert [name for name, page in seen.items() if "Not for you to read" in page] == ["lise", "maria", "nobody", ""]
    assert not [name for name, page in seen.items() if "Taken back" in page]


async def test_who_has_left_the_seat_or_the_ats_reads_nothing_any_more(panel: Panel, clock: Clock) -> None:
    await panel.deliver()
    await panel.keep(mail("grace", "ships", at=clock.now))
    async with panel.api.database.transaction() as connection:
        await connection.execute("UPDATE seat SET left_at = %s WHERE urn = 'urn:li:seat:grace'", [clock.now])
        await connection.execute("UPDATE ats_user SET active = false WHERE key = 'joan'")
    for name in ("grace", "joan"):
        assert "Of ships" not in await panel.read(name)


async def test_panel_says_where_the_candidate_stands_and_why(panel: Panel) -> None:
    assert "On its way" in await panel.read()
    await panel.deliver(matched=False)
    page = await panel.read()
    assert "Nobody on LinkedIn matched yet" in page
    assert "Ferry engineer" in page
    await panel.deliver("held", "excluded_history_window")
    page = await panel.read()
    assert "Not shared" in page
    assert "older than the history" in page
    assert "has not told Landbridge" in await panel.read(candidate="somebody else")
    await panel.api.push("deletions", [{"kind": "candidate", "id": "C 1/ä"}], panel.headers)
    assert "was deleted in the ATS" in await panel.read()


async def test_empty_panel_says_what_would_fill_it(panel: Panel) -> None:
    await panel.deliver()
    assert "InMails come when Maria Hopper connects" in await panel.read("maria")
    assert "within half an hour" in await panel.read("grace")
    assert "once the people who write them are connected" in await panel.read()


async def test_only_named_pages_may_frame_it_and_nothing_is_kept_in_the_browser(panel: Panel) -> None:
    answer = await panel.open(await panel.link("grace"))
    policy = answer.headers["content-security-policy"]
    assert f"frame-ancestors {ATS}" in policy.split("; ")
    assert "script-src 'self'" in policy.split("; ")
    assert "unsafe" not in policy
    assert "x-frame-options" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert answer.headers["referrer-policy"] == "strict-origin"
    await panel.api.client.put("/panel", json={"origins": []}, headers=panel.headers)
    refused = await panel.api.client.post("/panel/links", json={"candidate": "C1"}, headers=panel.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "panel_closed")


async def test_link_is_refused_once_it_is_old_and_when_it_is_forged(panel: Panel, clock: Clock, vault: Vault) -> None:
    await panel.deliver()
    link = await panel.link("grace")
    token = link.rpartition("/")[2]
    forged = [
        link[:-4] + "AAAA",
        link.replace(token, token[:40]),
        link.replace(token, "x" * 5_000),
        link.replace(token, make_link(Vault(b"k" * 32), panel.api.workspace, "C 1/ä", "grace", clock.now)),
        link.replace(token, vault.seal(b"[1]", workspace=0, system="landbridge", field="key check").hex()),
    ]
    clock.advance(minutes=11)
    for url in [link, *forged]:
        answer = await panel.open(url)
        assert answer.status_code == 403
        assert "This panel has closed" in answer.text
        assert "Okafor" not in answer.text
        assert "Ferry" not in answer.text
    clock.advance(minutes=-20)
    assert (await panel.open(link)).status_code == 403


async def test_link_of_one_workspace_shows_nothing_of_another(
    panel: Panel, settings: Settings, database: Database, vault: Vault, clock: Clock
) -> None:
    await panel.deliver()
    other = await Api(settings, database, vault, clock, slug="globex").open()
    headers = await other.token()
    await other.client.put("/panel", json={"origins": ["https://globex.example"]}, headers=headers)
    told = await other.client.post("/panel/links", json={"candidate": "C 1/ä", "user": "grace"}, headers=headers)
    answer = await panel.open(told.json()["url"])
    assert "has not told Landbridge" in answer.text
    assert "frame-ancestors https://globex.example" in answer.headers["content-security-policy"]
    await other.client.aclose()


async def test_link_of_a_workspace_that_is_gone_is_refused(panel: Panel, vault: Vault, clock: Clock) -> None:
    link = await panel.link("grace")
    token = make_link(vault, panel.api.workspace + 1000, "C 1/ä", "grace", clock.now)
    answer = await panel.open(link.replace(link.rpartition("/")[2], token))
    assert (answer.status_code, "This panel has closed" in answer.text) == (403, True)


async def test_link_holds_nothing_that_can_be_read(panel: Panel) -> None:
    link = await panel.link("grace")
    assert not any(word in link for word in ("grace", "C%201", "Okafor"))


async def test_somebody_linked_in_the_widget_has_linkedin_asked_anew(panel: Panel, clock: Clock) -> None:
    await panel.deliver()
    link = await panel.link("grace")
    clock.advance(hours=2)
    assert (await panel.open(link)).status_code == 403
    assert (await panel.api.client.post(f"{link}/linked")).status_code == 204
    async with panel.api.database.connection() as connection:
        cursor = await connection.execute("SELECT count(*) FROM match")
        assert await cursor.fetchone() == (0,)
        cursor = await connection.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'read_matches'")
        assert await cursor.fetchone() == (1,)
    clock.advance(hours=11)
    assert (await panel.api.client.post(f"{link}/linked")).status_code == 403
    assert (await panel.api.client.post(f"{link[:-4]}AAAA/linked")).status_code == 403
    assert (await panel.api.client.get(f"{link}/linked")).status_code == 405
    assert (await panel.api.client.post(link)).status_code == 405


async def test_token_of_another_scope_makes_no_link(panel: Panel) -> None:
    headers = await panel.api.token([Scope.INGEST])
    refused = await panel.api.client.post("/panel/links", json={"candidate": "C1"}, headers=headers)
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://ats.example.com", "https://ats.example.com"),
        (" HTTPS://ATS.Example.COM/ ", "https://ats.example.com"),
        ("https://ats.example.com:8443", "https://ats.example.com:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
def test_origin_is_kept_as_browsers_write_it(text: str, origin: str) -> None:
    assert read_origin(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        "", "*", "https:", "https://*", "https://*.example.com", "http://ats.example.com", "ats.example.com",
        "https://ats.example.com/page", "https://ats.example.com?a", "https://a b", "https://u@ats.example.com",
        "https://ats.example.com; script-src *", "https://ats.example.com\n'self'", "data:text/html,x",
        "https://ats.example.com:99999", "'self'",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(SettingError):
        read_origin(text)


@given(candidate=st.text(max_size=200), user=st.text(max_size=200), flip=st.integers(0, 2_000))
def test_link_opens_as_it_was_made_and_not_when_a_bit_of_it_differs(candidate: str, user: str, flip: int) -> None:
    vault = Vault(b"0" * 32)
    now = datetime.fromisoformat("2026-05-06T12:00:00+00:00")
    try:
        candidate.encode(), user.encode()
    except UnicodeEncodeError:
        return
    token = make_link(vault, 7, candidate, user, now)
    link = read_link(vault, token)
    assert link is not None
    assert (link.workspace, link.candidate, link.user, link.made_at) == (7, candidate, user, int(now.timestamp()))
    place = flip % (len(token) - 1)  # the last letter may hold bits that stand for nothing
    other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    assert read_link(vault, other) is None
