"""Where Chromium is and how it is started."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser")


def chromium() -> dict[str, Any]:
    """What Playwright's launch wants to know; skips the test where there is no Chromium."""
    found = os.environ.get("LANDBRIDGE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("there is no chromium: install it, or name it in LANDBRIDGE_CHROMIUM")
    # Its own sandbox asks for rights a container seldom gives; the pages are ours.
    return {"executable_path": found, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


def allow_third_party_cookies(profile: Path) -> None:
    """In a profile that Chromium has not used yet; without it they are blocked."""
    folder = profile / "Default"
    folder.mkdir()
    (folder / "Preferences").write_text(json.dumps({"profile": {"cookie_controls_mode": 0}}), encoding="utf-8")
