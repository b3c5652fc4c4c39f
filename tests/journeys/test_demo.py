"""The whole story as a user starts it: real processes, real sockets, real database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

KINDS = ("jobs", "candidates", "applications", "stages")
LIVE = {"users", "edit", "export", "inmail", "note", "desk", "erasure"}


def run_demo(tmp_path: Path, *options: str) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    report = tmp_path / "report.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LANDBRIDGE_")}
    command = [
        sys.executable,
        "-m",
        "landbridge",
        "demo",
        "--exit",
        "--json",
        str(report),
        "--base-port",
        "0",
        *options,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, env=environment, check=False, cwd="/")
    assert report.exists(), done.stdout + done.stderr
    return done, json.loads(report.read_text(encoding="utf-8"))


@pytest.mark.timeout(300)
def test_a_plain_company_arrives_whole(tmp_path: Path) -> None:
    done, report = run_demo(tmp_path, "--candidates", "120")
    assert done.returncode == 0, done.stdout + done.stderr
    assert report["clean"]
    assert report["throttled"] == 0
    assert report["violations"] == {}
    for kind in KINDS:
        tally = report[kind]
        assert (tally["missing"], tally["extra"], tally["different"], tally["quarantined"]) == (0, 0, 0, {}), kind
        assert tally["linkedin"] + sum(tally["held"].values()) == tally["ats"] > 0, kind
    assert report["candidates"]["ats"] == report["candidates"]["linkedin"] == 120
    assert {name for name, one in report["live"].items() if one["arrived"]} == LIVE
    sent = [operation for operation in report["requests"] if operation.startswith("linkedin ")]
    assert "linkedin stages.batch_update" in sent


@pytest.mark.timeout(300)
def test_a_hostile_company_loses_nothing_in_the_versioned_form_either(tmp_path: Path) -> None:
    done, report = run_demo(tmp_path, "--world", "hostile", "--candidates", "250", "--dialect", "rest")
    assert done.returncode == 0, done.stdout + done.stderr
    assert report["violations"] == {}
    for kind in KINDS:
        tally = report[kind]
        aside = sum(tally["held"].values()) + sum(tally["quarantined"].values())
        assert (tally["missing"], tally["extra"], tally["different"]) == (0, 0, 0), kind
        assert tally["linkedin"] + aside == tally["ats"], kind
    assert report["candidates"]["held"]
    assert {name for name, one in report["live"].items() if one["arrived"]} == LIVE
    assert report["unreadable"]


def test_a_taken_port_is_told_with_the_way_out(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "landbridge", "demo", "--exit", "--base-port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
    assert done.returncode == 3
    assert "--base-port" in done.stderr
    assert "Traceback" not in done.stderr
