"""The how-to about other people's clients: every sample in it is run, as a reader would."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent.parent / "docs/how-to/test-your-own-rsc-client.md"
SAMPLE = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the page, in a folder of their own."""
    for _, title, text in samples():
        if title:
            (tmp_path / title).write_text(text, encoding="utf-8")
    return tmp_path


def samples() -> list[tuple[str, str, str]]:
    return SAMPLE.findall(PAGE.read_text(encoding="utf-8"))


def test_every_sample_is_of_a_sort_that_is_run() -> None:
    assert {(language, Path(title).suffix) for language, title, _ in samples()} == {
        ("python", ".py"),
        ("yaml", ".yaml"),
        ("sh", ""),
    }
    assert len(samples()) == PAGE.read_text(encoding="utf-8").count("\n```") // 2


def test_suite_of_the_page_passes(folder: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--strict-markers", str(folder)]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100, check=False)
    wanted = sum(text.count("\ndef test_") for _, _, text in samples())
    assert f"{wanted} passed" in ended.stdout, ended.stdout + ended.stderr


def test_strict_test_fails_for_a_client_that_breaks_a_rule(folder: Path) -> None:
    rules = (folder / "test_rules.py").read_text()
    (folder / "test_rules.py").write_text(
        rules.replace('("C1", MIRELA)', '("C1", MIRELA | {"emailAddresses": ["noreply@example.org"]})')
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder / "test_rules.py")]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100, check=False)
    assert "no made-up e-mail address" in ended.stdout
    assert "1 error" in ended.stdout


def test_commands_of_the_page_work(folder: Path) -> None:
    lines = [line for language, _, text in samples() if language == "sh" for line in text.splitlines()]
    [scenario] = [line for line in lines if line.startswith("landbridge ")]
    command = [sys.executable, "-m", "landbridge.sandbox", *shlex.split(scenario)[2:]]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert [line for line in lines if line != scenario] == ["pip install landbridge"]
