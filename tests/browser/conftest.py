"""Real pages in real Chromium, the one of the system: the tests download no browser.

A browser test takes ``page`` (a fresh profile, a minute for what it waits for) and is a plain function, not ``async``.
What a page complains about in the console, a blocked style or a script that fails, fails the test; a test that wants
a complaint takes it out of ``complaints``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from landbridge.sandbox import Sandbox
from tests.browser.chromium import chromium
from tests.browser.partner import Partner

WAIT_MS = 60_000
SERVERS = ("sandbox", "partner")

expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a module: as long as it runs, no ``async`` test can in the same process."""
    how = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**how)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What pages complained about in the console; must be empty at the end."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a profile of its own; pop-ups share the profile and the list of complaints."""
    # What is set up first ends last: a page that still asks now and then must not meet a closed port.
    for server in SERVERS:
        if server in request.fixturenames:
            request.getfixturevalue(server)
    with browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}) as context:
        context.set_default_timeout(WAIT_MS)

        def hear(message: ConsoleMessage) -> None:
            if message.type == "error":
                complaints.append(message.text)

        context.on("console", hear)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        yield context.new_page()
    assert complaints == []


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """On free ports, in a thread of its own."""
    with Sandbox(candidates=30) as sandbox:
        yield sandbox


@pytest.fixture
def partner(sandbox: Sandbox) -> Iterator[Partner]:
    """An ATS with the ready child application, on an origin that the application allows."""
    with Partner(sandbox) as partner:
        sandbox.linkedin.state.child.sdk_domains = [partner.origin]
        yield partner
