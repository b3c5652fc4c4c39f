"""The candidate panel inside a page of an ATS on another origin, with LinkedIn's widget in it."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Self

import httpx2
import pytest
from playwright.sync_api import FrameLocator, Page, expect

from landbridge.connectors.rest_ats.source import NAME
from landbridge.connectors.rest_ats.wire import PushedApplication, PushedCandidate, PushedJob
from landbridge.http import SystemClock
from landbridge.jobs.pushing import push
from landbridge.records import User
from landbridge.records.incoming import InMail, ProspectNote
from landbridge.sandbox import Sandbox
from landbridge.settings import Settings
from landbridge.store import arrivals, seats
from landbridge.store.connections import save_credentials
from landbridge.store.database import Database
from landbridge.store.integrations import Integration, save_integrations
from landbridge.store.matches import save as save_match
from landbridge.store.pushes import open_pushes
from landbridge.store.seats import SeatFound
from landbridge.store.secrets import Vault
from landbridge.store.tokens import Scope, make_token
from landbridge.store.workspaces import create_workspace
from landbridge.sync.streams import arrived
from landbridge.web.rooms import machine_time
from tests.browser.console import SCHEMES, SHOTS, ConsoleThread, look
from tests.browser.partner import Partner
from tests.browser.running import by_name

ADMIN, CANDIDATE, PERSON = 2, "C1", "urn:li:person:noor"
# Waits for the panel's height and gives the frame that much, as the how-to says.
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An ATS</title>
<link rel="icon" href="data:,"></head><body><main><h1>Noor Haddad</h1>
<iframe id="landbridge" title="LinkedIn" src="{url}" style="width: 100%; border: 0; height: 100px"></iframe></main>
<script>
addEventListener("message", (event) => {{
  const frame = document.getElementById("landbridge");
  if (event.source === frame.contentWindow && event.data.type === "landbridge:height")
    frame.style.height = event.data.height + "px";
}});
</script></body></html>"""


class Embedding:
    """An ATS on an origin of its own: each page shows the panel whose address it was given."""

    def __init__(self) -> None:
        self.url = ""
        embedding = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = PAGE.format(url=embedding.url).encode()
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it has in the base class
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Office:
    """A workspace whose ATS is ``ats``, one candidate, Grace who is connected and Maria who is not."""

    def __init__(self, console: ConsoleThread, sandbox: Sandbox, ats: Embedding, partner: Partner) -> None:
        self.console, self.sandbox, self.ats, self.partner = console, sandbox, ats, partner
        self.workspace, self.token = console.ask(self._make)
        child, organization = sandbox.linkedin.state.child, sandbox.linkedin.state.network.organization
        child.sdk_domains = [console.url, ats.origin, partner.origin]
        sandbox.linkedin.recruiter.set_status(organization, "PROFILE_PLUGIN", "ENABLED")

    async def _make(self, database: Database, vault: Vault) -> tuple[int, str]:
        now, linkedin = machine_time(), self.sandbox.linkedin.state
        async with database.transaction() as connection:
            workspace = await create_workspace(connection, slug="acme", name="Acme", foreign_id="acme", now=now)
            await open_pushes(connection, workspace, NAME, vault=vault, now=now)
            address = by_name(self.sandbox.linkedin_url)
            settings = {"client_id": linkedin.child.client_id, "api_url": address, "auth_url": address,
                        "organization": linkedin.network.organization}  # fmt: skip
            secrets = {"client_secret": linkedin.child.client_secret}
            await save_credentials(connection, workspace, "linkedin", vault=vault, settings=settings, secrets=secrets)
            plugin = Integration(context=linkedin.network.organization, type="PROFILE_PLUGIN", name="x",
                                 status="ENABLED", checked_at=now)  # fmt: skip
            await save_integrations(connection, workspace, [plugin])
            found = SeatFound(urn="urn:li:seat:grace", first_name="Grace", last_name="Hopper")
            await seats.save_seats(connection, workspace, "urn:li:contract:1", [found], now)
            users = [User(id=name, first_name=name.title(), last_name="Hopper") for name in ("grace", "maria")]
            await seats.save_users(connection, workspace, users, now)
            cursor = await connection.execute("SELECT s.id, u.id FROM seat s, ats_user u WHERE key = 'grace'")
            row = await cursor.fetchone()
            assert row is not None
            await seats.link_seat(connection, workspace, *row, reason="chosen", by="x", now=now)
            token = await make_token(connection, workspace, label="x", scopes=list(Scope), by="x", now=now)
        for kind, record in (
            (PushedJob, {"id": "J1", "title": "Ferry engineer", "status": "open"}),
            (PushedCandidate, {"id": CANDIDATE, "first_name": "Noor", "last_name": "Haddad"}),
            (PushedApplication, {"id": "A1", "candidate_id": CANDIDATE, "job_id": "J1", "status": "Interview"}),
        ):
            await push(database, SystemClock(), workspace, [record], kind)
        return workspace, token

    def deliver(self, *, matched: bool) -> None:
        """The candidate is on LinkedIn, and LinkedIn has been asked who it is."""
        member = self.sandbox.linkedin.state.network.members[-1]
        self.partner.put_candidate(CANDIDATE, *(member.emails[:1] if matched else ["nobody@mail.example.net"]))

        async def deliver(database: Database, _: Vault) -> None:
            async with database.transaction() as connection:
                cursor = await connection.execute(
                    "UPDATE delivery SET state = 'delivered', sent_at = %s RETURNING record_id, kind",
                    [machine_time()],
                )
                (record,) = [number for number, kind in await cursor.fetchall() if kind == "candidate"]
                known = {record: PERSON} if matched else {}
                await save_match(connection, self.workspace, [record], known, now=machine_time())

        self.console.ask(deliver)

    def write(self) -> None:
        """Grace writes an InMail, and a note for her eyes only."""
        at = machine_time()
        mail = InMail(id="m1", seat="urn:li:seat:grace", at=at, person_urn=PERSON, outgoing=True,
                      subject="A ferry for you", body="Dear Noor,\nwe build ferries in Constanta.")  # fmt: skip
        note = ProspectNote(id="n1", contract="urn:li:contract:1", seat="urn:li:seat:grace", person_urn=PERSON,
                            text="Met her in Galati.", created_at=at, private=True)  # fmt: skip

        async def keep(database: Database, _: Vault) -> None:
            async with database.transaction() as connection:
                rows = [arrived(mail, "urn:li:seat:grace"), arrived(note, "urn:li:contract:1")]
                await arrivals.keep(connection, self.workspace, rows, now=at)

        self.console.ask(keep)

    def call(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self.token}"}
        with httpx2.Client(trust_env=False, timeout=30) as http:
            answer = http.request(method, f"{self.console.url}/api/v1{path}", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def link(self, user: str) -> str:
        return str(self.call("POST", "/panel/links", {"candidate": CANDIDATE, "user": user})["url"])

    def show(self, page: Page, user: str) -> FrameLocator:
        """The page of the ATS, as one of its users sees it; the panel on it."""
        self.ats.url = self.link(user)
        page.goto(self.ats.origin)
        return page.frame_locator("#landbridge")

    def asks_who(self) -> int:
        """How often LinkedIn is to be asked anew who candidates are."""

        async def count(database: Database, _: Vault) -> int:
            async with database.connection() as connection:
                cursor = await connection.execute(
                    "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'read_matches'"
                )
                ((found,),) = await cursor.fetchall()
                return int(found)

        return self.console.ask(count)


@pytest.fixture
def office(settings: Settings, sandbox: Sandbox, partner: Partner) -> Iterator[Office]:
    with ConsoleThread(settings) as console, Embedding() as ats:
        office = Office(console, sandbox, ats, partner)
        office.call("PUT", "/panel", {"origins": [ats.origin]})
        yield office


def test_connected_user_sees_profile_inmails_and_notes_inside_the_page_of_the_ats(page: Page, office: Office) -> None:
    office.deliver(matched=True)
    office.write()
    panel = office.show(page, "grace")
    expect(panel.get_by_text("LinkedIn knows which member this is.")).to_be_visible()
    expect(panel.get_by_text("we build ferries in Constanta.")).to_be_visible()
    expect(panel.get_by_text("Met her in Galati.")).to_be_visible()
    widget = panel.frame_locator(".widget iframe")
    office.partner.sign_in(page, widget, ADMIN)
    member = office.sandbox.linkedin.state.network.members[-1]
    expect(widget.get_by_role("heading", name=member.name)).to_be_visible()
    page.wait_for_function("""() => { const f = document.getElementById("landbridge"); return f.clientHeight > 300 }""")
    inner = page.frames[1]
    assert inner.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
    assert page.context.cookies(office.console.url + "/panel") == page.context.cookies(office.ats.origin)
    picture(page, "panel-connected")
    check_look(page, office, "panel-connected")


def test_candidate_nobody_matched_is_linked_in_the_widget_and_linkedin_asked_anew(page: Page, office: Office) -> None:
    office.deliver(matched=False)
    panel = office.show(page, "grace")
    expect(panel.get_by_text("Nobody on LinkedIn matched yet.")).to_be_visible()
    widget = panel.frame_locator(".widget iframe")
    office.partner.sign_in(page, widget, ADMIN)
    member = office.sandbox.linkedin.state.network.members[-1]
    widget.get_by_role("searchbox").fill(member.name)
    widget.get_by_role("button", name="Search").click()
    widget.get_by_role("button", name=f"Link {member.name}").first.click()
    expect(panel.get_by_text("LinkedIn has been told.")).to_be_visible()
    assert office.asks_who() == 1
    check_look(page, office, "panel-unmatched")


def test_who_is_not_connected_reads_nothing_and_strange_pages_and_links_show_nothing(
    page: Page, office: Office, complaints: list[str]
) -> None:
    office.deliver(matched=True)
    panel = office.show(page, "maria")
    expect(panel.get_by_text("InMails come when Maria Hopper connects")).to_be_visible()
    office.write()
    panel = office.show(page, "maria")
    expect(panel.get_by_text("Grace Hopper to the candidate")).to_be_visible()
    for hidden in ("Constanta", "A ferry for you", "Galati"):
        expect(panel.get_by_text(hidden)).to_have_count(0)
    picture(page, "panel-stranger")

    with Embedding() as stranger:
        stranger.url = office.link("grace")
        with page.expect_console_message(lambda said: "ancestors" in said.text):
            page.goto(stranger.origin)
        expect(page.get_by_role("heading", name="Noor Haddad")).to_be_visible()
        expect(page.frame_locator("#landbridge").get_by_text("LinkedIn knows")).to_have_count(0)
        complaints.clear()

        stranger.url = office.link("grace")[:-4] + "AAAA"
        page.goto(stranger.origin)
        expect(page.frame_locator("#landbridge").get_by_text("This panel has closed")).to_be_visible()
    assert all("403" in complaint for complaint in complaints)
    complaints.clear()


def check_look(page: Page, office: Office, name: str) -> None:
    """Nothing that axe finds, and nothing to scroll to the side, down to 320 px."""
    page.goto(office.link("grace"))
    expect(page.get_by_role("heading", name="InMails and notes")).to_be_visible()
    look(page, name)
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def picture(page: Page, name: str) -> None:
    if SHOTS:
        for scheme in SCHEMES:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.screenshot(path=Path(SHOTS) / f"{name}-{scheme}.png", full_page=True)
