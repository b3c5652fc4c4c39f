"""Plays ``landbridge demo`` and takes the pictures of the console that the README shows.

``python -m tools.console_pictures`` writes ``docs/images/console*.png``, each in light and in dark.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from tools.screenshots import IMAGES, ROOT

WINDOW: ViewportSize = {"width": 1160, "height": 720}
CANDIDATES = 500  # enough for every kind of record and reason, and read in a minute
CONSOLE = re.compile(r"The console: +(\S+)")
LAST_LINE = "Ctrl-C stops everything."
# Pictures by the titles of the pages they show.
PAGES = {"console": "Overview", "console-sync": "Historical sync"}
PASSWORD = "seven blue herons wade"  # of an account that is gone in a minute


@contextmanager
def open_demo() -> Iterator[str]:
    """The demo at the end of its story. Yields the address that signs the first admin in, once."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LANDBRIDGE_")}
    command = [sys.executable, "-m", "landbridge", "demo", "--base-port", "0", "--candidates", str(CANDIDATES)]
    with TemporaryDirectory(prefix="pictures-") as folder:
        demo = subprocess.Popen(  # noqa: S603 - our own program
            command, env={**clean, "LANDBRIDGE_DATA_DIR": folder}, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        try:
            yield _address(demo)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.communicate(timeout=60)


def _address(demo: subprocess.Popen[str]) -> str:
    address, told = "", ""
    for line in demo.stdout or ():
        told += line
        address = found[1] if (found := CONSOLE.search(line)) else address
        if LAST_LINE in line:
            return address
    raise RuntimeError(f"the demo did not come to its end:\n{told[-2000:]}")


def sign_in(page: Page, link: str) -> None:
    """By the one-time link; then a password is chosen, so that no page asks for one any more."""
    page.goto(link)
    page.get_by_role("link", name="Choose a password").click()
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Become the first admin").click()
    expect(page.get_by_role("status")).to_contain_text("Welcome")


def take(page: Page) -> None:
    """The pages of the demo's only company, once in each scheme."""
    for name, title in PAGES.items():
        page.get_by_role("link", name=title, exact=True).first.click()
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            path = IMAGES / f"{name}-{scheme}.png"
            page.screenshot(path=path)
            sys.stdout.write(f"docs/images/{path.name}\n")


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.stderr.write("There is no chromium on this machine.\n")
        return 1
    IMAGES.mkdir(exist_ok=True)
    with open_demo() as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=WINDOW, locale="en-GB")
        sign_in(page, link)
        take(page)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
