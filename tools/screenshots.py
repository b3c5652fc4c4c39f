"""Plays the tutorial against a sandbox, its commands in a shell and its clicks in Chromium, and takes its pictures.

``python -m tools.screenshots`` writes ``docs/images/*.png``. A test plays the same story without keeping the pictures,
so the tutorial cannot promise what is no longer so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import IO, Self

from msgspec import Struct
from playwright.sync_api import FloatRect, Page, ViewportSize, expect, sync_playwright

from landbridge.sandbox import Sandbox

ROOT = Path(__file__).parent.parent
TUTORIAL = ROOT / "docs/tutorial/try-recruiter-system-connect.md"
IMAGES = ROOT / "docs/images"
ADDRESS = "http://127.0.0.1:8701"
CANDIDATES = 2000  # what the command of the tutorial starts with
WINDOW: ViewportSize = {"width": 1160, "height": 720}
MOMENT = datetime(2026, 10, 5, 9, tzinfo=UTC)  # what the pictures show does not depend on the day they are taken
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
END = "--- end of this block ---"

Shoot = Callable[[str], None]


class Step(Struct):
    """One block of commands and what the tutorial says they print; in each line ``...`` stands for anything."""

    commands: str
    printed: str = ""


def steps_of(text: str) -> list[Step]:
    """The blocks of commands in their order, each with the output that follows it."""
    steps: list[Step] = []
    for language, content in BLOCK.findall(text):
        if language == "sh":
            steps.append(Step(content))
        else:
            steps[-1].printed = content
    return steps


class Shell:
    """One bash for the whole tutorial, in a folder of its own: what one block sets, the next ones use."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._folder = TemporaryDirectory(prefix="tutorial-")
        self._bash = subprocess.Popen(
            ["bash", "--norc"],  # noqa: S607 - wherever the system has it
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self._folder.name,
            env={"PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bash.communicate(timeout=10)
        self._folder.cleanup()

    def run(self, step: Step) -> None:
        """Raises ``ValueError`` when the commands do not print what the tutorial says."""
        commands, printed = _pipe(self._bash.stdin), _pipe(self._bash.stdout)
        commands.write(f"{step.commands.replace(ADDRESS, self._address)}\necho; echo '{END}'\n")
        commands.flush()
        output = "".join(iter(printed.readline, f"{END}\n"))
        for line in step.printed.splitlines():
            if not re.search(".*".join(map(re.escape, line.split("..."))), output):
                raise ValueError(f"the tutorial says that this is printed:\n{line}\nbut it is this:\n{output}")


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def play(page: Page, sandbox: Sandbox, shoot: Shoot) -> None:
    """The whole tutorial. ``shoot`` is called with the name of each picture when there is something to see."""
    _, *steps = steps_of(TUTORIAL.read_text(encoding="utf-8"))
    with Shell(sandbox.linkedin_url) as shell:
        story = Story(page, sandbox.linkedin_url, shell, iter(steps), shoot)
        for chapter in (story.look_around, story.connect, story.tell, story.export, story.write, story.misbehave):
            chapter()
        if next(story.steps, None) is not None:
            raise ValueError("the tutorial has commands that are not played")


class Story(Struct):
    """The chapters of the tutorial. Between the clicks, ``self.run(n)`` runs its next ``n`` blocks of commands."""

    page: Page
    address: str
    shell: Shell
    steps: Iterator[Step]
    shoot: Shoot

    def run(self, blocks: int) -> None:
        for _ in range(blocks):
            self.shell.run(next(self.steps))

    def look_around(self) -> None:
        page = self.page
        page.goto(self.address)
        page.get_by_role("button", name="Sign in as Pavel Dąbrowska").click()
        page.get_by_role("button", name="Choose Harbourline Instruments Europe").click()
        page.get_by_role("link", name="People", exact=True).first.click()
        page.get_by_role("searchbox").fill("zoe toronto")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("status")).to_have_text("1–1 of 1 person")
        self.shoot("people")
        page.get_by_role("link", name="Zoë Thorvaldsen", exact=True).click()
        expect(page.get_by_text("No ATS has its in-ATS indicator switched on.")).to_be_visible()

    def connect(self) -> None:
        page = self.page
        self.run(4)
        page.get_by_text("More", exact=True).click()
        page.get_by_role("link", name="Admin Settings").click()
        for level in ("Company", "Contract"):
            page.get_by_role("switch", name=f"{level}-level access").click()
            expect(page.get_by_role("switch", name=f"{level}-level access")).to_be_checked()
        self.shoot("access")

    def tell(self) -> None:
        self.run(2)
        self._open_profile()
        expect(self.page.get_by_role("list", name="Stages")).to_contain_text("Panel Interview")
        self.shoot("in-ats")

    def export(self) -> None:
        page = self.page
        page.get_by_role("link", name="Export to…").click()
        page.get_by_role("combobox", name="Job").press_sequentially("tide")
        expect(page.get_by_role("option")).to_have_count(1)
        self.shoot("export")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Chosen: Tide Data Analyst")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Exported to")
        self.run(2)
        page.reload()
        expect(page.get_by_text("read by the ATS")).to_be_visible()

    def write(self) -> None:
        page = self.page
        page.get_by_role("link", name="Send InMail").click()
        page.get_by_label("Subject").fill("Reading tides with us")
        page.get_by_label("Message").fill("Dear Zoë,\n\nyour work on drift models fits a role we have. Shall we talk?")
        page.get_by_role("button", name="Send InMail").click()
        page.get_by_role("link", name="act as this member").click()
        page.get_by_label("Answer").first.fill("Gladly. Friday morning suits me.")
        page.get_by_label("Share my e-mail address").check()
        self.shoot("member")
        page.get_by_role("button", name="Accept and answer").click()
        self.run(1)
        page.get_by_role("link", name="InMails", exact=True).click()
        page.get_by_role("link", name="Reading tides with us").click()
        expect(page.get_by_text("contact details shared", exact=True)).to_be_visible()
        self.shoot("conversation-dark")

    def misbehave(self) -> None:
        self.run(1)

    def _open_profile(self) -> None:
        self.page.goto(f"{self.address}/recruiter/people?words=zoe+toronto")
        self.page.get_by_role("link", name="Zoë Thorvaldsen", exact=True).click()


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.stderr.write("There is no chromium on this machine.\n")
        return 1
    IMAGES.mkdir(exist_ok=True)
    with Sandbox(candidates=CANDIDATES) as sandbox, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=WINDOW, locale="en-GB")
        sandbox.clock.set(MOMENT)
        play(page, sandbox, lambda name: keep(page, name))
        browser.close()
    return 0


def keep(page: Page, name: str) -> None:
    """Write one picture, without the empty ground below a short page."""
    page.emulate_media(color_scheme="dark" if name.endswith("-dark") else "light")
    end = page.locator("main").evaluate("main => Math.ceil(main.getBoundingClientRect().bottom)")
    clip: FloatRect = {"x": 0, "y": 0, "width": WINDOW["width"], "height": min(WINDOW["height"], end)}
    page.screenshot(path=IMAGES / f"{name}.png", clip=clip)
    sys.stdout.write(f"docs/images/{name}.png\n")


if __name__ == "__main__":
    sys.exit(main())
