"""In the console: which pages may show the candidate panel, and one candidate without anybody's words."""

from __future__ import annotations

from landbridge.store.memberships import Role
from landbridge.store.pushes import open_pushes
from landbridge.store.secrets import Vault
from tests.web.people import Console, post

PAGE = "/w/acme/ats"


async def test_origins_are_saved_line_by_line_and_nonsense_is_refused(
    console: Console, workspace: int, vault: Vault
) -> None:
    async with console.database.transaction() as connection:
        await open_pushes(connection, workspace, "rest_ats", vault=vault, now=console.clock.now)
    ada = await console.member("ada", workspace, Role.ADMIN)
    told = "https://ats.example.com/\r\n HTTPS://Other.example:8443 "
    assert (await post(ada, f"{PAGE}/panel", page=PAGE, origins=told)).status_code == 302
    page = (await ada.get(PAGE)).text
    assert "https://ats.example.com\nhttps://other.example:8443</textarea>" in page
    refused = await post(ada, f"{PAGE}/panel", page=PAGE, origins="https://ats.example.com/page")
    assert (refused.status_code, 'role="alert"' in refused.text) == (422, True)
    eve = await console.member("eve", workspace, Role.VIEWER)
    page = (await eve.get(PAGE)).text
    assert "https://other.example:8443" in page
    assert "<textarea" not in page


async def test_candidate_is_shown_by_its_id_and_only_in_its_own_workspace(
    console: Console, workspace: int, vault: Vault
) -> None:
    from landbridge.connectors.rest_ats.wire import PushedCandidate
    from landbridge.http import SystemClock
    from landbridge.jobs.pushing import push
    from landbridge.store.workspaces import create_workspace

    async with console.database.transaction() as connection:
        await open_pushes(connection, workspace, "rest_ats", vault=vault, now=console.clock.now)
        other = await create_workspace(
            connection, slug="globex", name="Globex", foreign_id="globex", now=console.clock.now
        )
    record = {"id": "C/1", "first_name": "Mira", "last_name": "Okafor"}
    await push(console.database, SystemClock(), workspace, [record], PushedCandidate)
    eve = await console.member("eve", workspace, Role.VIEWER)
    assert "Enter the id" in (await eve.get("/w/acme/candidate")).text
    eve.cookies.set("landbridge-zone", "Asia/Tokyo")
    page = (await eve.get("/w/acme/candidate", params={"key": "C/1"})).text
    assert "On its way" in page
    assert "UTC" not in page.partition("Where it stands")[2].partition("</section>")[0]
    assert "has not told Landbridge" in (await eve.get("/w/acme/candidate", params={"key": "C/2"})).text
    bob = await console.member("bob", other, Role.OWNER)
    assert "has not told Landbridge" in (await bob.get("/w/globex/candidate", params={"key": "C/1"})).text
    assert (await bob.get("/w/acme/candidate", params={"key": "C/1"})).status_code == 404
