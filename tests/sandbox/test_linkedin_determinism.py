"""The same seed and the same calls give the same bytes, ids and times, in any process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from landbridge.sandbox.linkedin.routing import RESOURCES

ROOT = Path(__file__).resolve().parents[2]


def start(seed: int, hash_seed: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-m", "tests.sandbox.recorded_session", str(seed)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment, text=True)


def lines_of(process: subprocess.Popen[str]) -> list[str]:
    told, _ = process.communicate(timeout=100)
    assert process.returncode == 0
    return told.splitlines()


@pytest.fixture(scope="module")
def sessions() -> list[list[str]]:
    """Twice the same seed in processes that order their sets differently, and another seed."""
    processes = [start(7, "1"), start(7, "4242"), start(8, "1")]
    return [lines_of(process) for process in processes]


def test_two_processes_tell_the_same_to_the_byte(sessions: list[list[str]]) -> None:
    for one, other in zip(sessions[0], sessions[1], strict=True):
        assert one == other


def test_another_seed_tells_something_else(sessions: list[list[str]]) -> None:
    assert sessions[0] != sessions[2]


def test_session_touches_every_resource_and_pushes(sessions: list[list[str]]) -> None:
    written = [json.loads(line) for line in sessions[0]]
    operations = {content["operation"].partition(".")[0] for what, content in written if what == "journal"}
    assert {resource.name for resource in RESOURCES} <= operations
    pushes = [content for what, content in written if what == "push"]
    assert {push[1] for push in pushes} >= {"INTEGRATION_STATUS_CHANGE", "EXPORT_CANDIDATE_PROFILE"}
    assert [content[0] for what, content in written if what == "received"] == [push[3] for push in pushes]
