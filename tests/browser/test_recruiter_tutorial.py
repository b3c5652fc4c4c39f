"""The tutorial of Recruiter, played from its first command to its last."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import Page

from landbridge.sandbox import Sandbox
from tools.screenshots import CANDIDATES, IMAGES, TUTORIAL, Shell, Step, play

LARGEST = 150_000  # bytes; a page of documentation is loaded over slow lines too


def pictures() -> list[str]:
    return re.findall(r"\]\(\.\./images/(\S+)\.png\)", TUTORIAL.read_text(encoding="utf-8"))


@pytest.mark.skipif(shutil.which("curl") is None, reason="the tutorial calls with curl")
def test_tutorial_can_be_followed_and_shows_what_one_sees(page: Page) -> None:
    taken: list[str] = []
    with Sandbox(candidates=CANDIDATES) as sandbox:
        play(page, sandbox, taken.append)
    assert taken == pictures()


def test_pictures_are_there_and_small() -> None:
    kept = {picture.stem: picture.stat().st_size for picture in IMAGES.glob("*.png")}
    assert set(pictures()) <= set(kept)
    assert {name: size for name, size in kept.items() if size > LARGEST} == {}


def test_command_that_prints_something_else_is_noticed() -> None:
    with Shell("http://127.0.0.1:9") as shell:
        shell.run(Step("WORD=tide; echo The $WORD comes in", "The ... comes"))
        with pytest.raises(ValueError, match="The tide comes in"):
            shell.run(Step("echo The $WORD comes in", "The tide goes"))
