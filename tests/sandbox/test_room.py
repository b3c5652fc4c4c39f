"""The control room's pages: everything is shown and done without a script, and nobody else's page may do it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx2
import pytest

from landbridge.sandbox import Sandbox

PAGES = (
    "", "room/journal", "room/audit", "room/faults", "room/deliveries", "room/snapshots", "room/scenarios",
    "room/journal/linkedin/1",
)  # fmt: skip
CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture
def http(running: Sandbox) -> Iterator[httpx2.Client]:
    httpx2.get(f"{running.linkedin_url}/v2/<script>alert(1)</script>?q=\"'><b>", headers={"authorization": "Bearer x"})
    with httpx2.Client(base_url=running.linkedin_url, follow_redirects=True) as client:
        yield client


@pytest.mark.parametrize("page", PAGES)
def test_page_is_there_on_both_ports_and_escapes_what_clients_sent(
    running: Sandbox, http: httpx2.Client, page: str
) -> None:
    for url in (running.linkedin_url, running.smartrecruiters_url):
        shown = http.get(f"{url}/_sandbox/{page}")
        assert shown.status_code == 200
        assert "<script>alert" not in shown.text
        assert "<b>" not in shown.text.replace("<b>0</b>", "").replace("<b>1</b>", "")
        assert "default-src 'none'" in shown.headers["content-security-policy"]
        assert not re.search(r"<[^>]+\s(?:style|on\w+)=", shown.text)


def test_every_link_and_file_of_the_pages_answers(http: httpx2.Client) -> None:
    links = {
        unescape(link)
        for page in PAGES
        for link in re.findall(r'(?:href|src)="(/_sandbox[^"#]*)"', http.get(f"/_sandbox/{page}").text)
    }
    assert len(links) > 10
    assert {link: http.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def act(http: httpx2.Client, action: str, **fields: str) -> httpx2.Response:
    return http.post(f"/_sandbox/room/do/{action}", data=fields)


def test_forms_do_what_they_say(running: Sandbox, http: httpx2.Client) -> None:
    assert "stands still" in act(http, "freeze").text
    at = running.clock.ms()
    assert act(http, "advance", length="90m").status_code == 200
    assert running.clock.ms() == at + 5_400_000
    act(http, "set-clock", instant="2030-01-01T10:00:00")
    assert running.clock.now().isoformat() == "2030-01-01T10:00:00+00:00"
    act(http, "limits", system="linkedin", mode="custom", limits='{"token_seconds": 60}')
    assert running.linkedin.limits()["token_seconds"] == 60
    act(http, "add-fault", system="smartrecruiters", operation="jobs.*", kind="status", status="503", probability="0.5")
    [fault] = running.smartrecruiters.faults.all()
    assert (fault.operation, fault.status, fault.probability) == ("jobs.*", 503, 0.5)
    assert "jobs.*" in http.get("/_sandbox/room/faults").text
    act(http, "remove-fault", system="smartrecruiters", number="1")
    assert running.smartrecruiters.faults.all() == []
    act(http, "take-snapshot", name="now")
    act(http, "seed", world="plain", seed="9", candidates="3")
    assert running.site.choice.seed == 9
    assert "as it was then" in act(http, "restore-snapshot", name="now").text
    assert running.site.choice.seed == 1
    act(http, "forget-snapshot", name="now")
    assert running.site.snapshots == {}
    act(http, "thaw")
    act(http, "reset")
    assert not running.clock.frozen
    assert act(http, "clear-journal").status_code == 200


def test_file_goes_out_and_comes_in_by_a_form(running: Sandbox, http: httpx2.Client) -> None:
    running.linkedin.recruiter.request()
    content = http.get("/_sandbox/export").content
    http.post("/_sandbox/room/do/reset")
    taken = http.post("/_sandbox/room/do/import", files={"file": ("x.sandbox", content)})
    assert "taken over" in taken.text
    assert running.linkedin.state_counts()["integrations"] == 4


@pytest.mark.parametrize(
    ("action", "fields", "said"),
    [
        ("advance", {"length": "soon"}, "no length of time"),
        ("advance", {}, "length is missing"),
        ("seed", {"world": "flat", "seed": "1", "candidates": "2"}, "there is no world"),
        ("set-clock", {"instant": "noon"}, "That did not work"),
        ("limits", {"system": "linkedin", "mode": "custom", "limits": "{"}, "no JSON"),
        ("add-fault", {"system": "linkedin", "operation": "*", "kind": "magic"}, "magic"),
        ("take-snapshot", {"name": ""}, "name"),
        ("restore-snapshot", {"name": "nowhere"}, "no snapshot"),
        ("repeat-push", {"number": "5"}, "no push"),
        ("import", {"file": "text"}, "choose a file"),
    ],
)
def test_form_that_makes_no_sense_says_why(http: httpx2.Client, action: str, fields: dict[str, str], said: str) -> None:
    shown = act(http, action, **fields)
    assert shown.status_code == 400
    assert said in unescape(shown.text)


def test_call_is_sent_again_and_compared(running: Sandbox, http: httpx2.Client) -> None:
    shown = http.post("/_sandbox/room/journal/linkedin/1", data={"snapshot": ""})
    assert "The same answer." in shown.text
    assert len(running.linkedin.journal.entries()) == 2
    assert http.get("/_sandbox/room/journal/linkedin/77").status_code == 404


def test_scenario_runs_from_its_page(http: httpx2.Client) -> None:
    assert "passed" in http.post("/_sandbox/room/scenarios", data={"example": "quota-day"}).text
    wrong = http.post("/_sandbox/room/scenarios", data={"text": "name: x\nsteps: 1\n"})
    assert wrong.status_code == 400
    assert "line 2" in wrong.text
    assert "steps: 1" in wrong.text


@pytest.mark.parametrize("path", ["reset", "room/do/reset", "import"])
def test_page_of_another_origin_may_do_nothing(running: Sandbox, http: httpx2.Client, path: str) -> None:
    refused = http.post(f"/_sandbox/{path}", headers={"origin": "https://elsewhere.example.org"})
    assert refused.status_code == 403
    own = http.post("/_sandbox/room/do/reset", headers={"origin": running.linkedin_url})
    assert own.status_code == 200


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no browser here")
def test_pages_are_live_and_accessible_in_a_browser(running: Sandbox, http: httpx2.Client) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    complaints: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        for scheme, width in (("light", 1440), ("dark", 375)):
            context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})  # type: ignore[arg-type]
            page = context.new_page()
            page.on("console", lambda message: complaints.append(message.text))
            for address in PAGES:
                page.goto(f"{running.linkedin_url}/_sandbox/{address}")
                found = Axe().run(page)
                assert found.violations_count == 0, found.generate_report()
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
            assert complaints == []
        page.goto(f"{running.linkedin_url}/_sandbox/room/journal")
        httpx2.get(f"{running.linkedin_url}/v2/just-now")
        page.get_by_text("/v2/just-now").wait_for(timeout=60_000)
        browser.close()
