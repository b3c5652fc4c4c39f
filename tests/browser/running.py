"""Landbridge as a user runs it, ``landbridge up`` with its processes, against a sandbox on the same host name.

Chromium blocks third-party cookies: LinkedIn's frame keeps its sign-in only where the console has the sandbox's host.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Self

from landbridge.sandbox import Sandbox
from tests.conftest import KEY
from tests.ports import free_port

HOST = "127.0.0.1"
LINK = re.compile(r"Sign in once, within 15 minutes: (\S+)")


class Running:
    """``url`` is where the console answers, ``link`` signs the first admin in, once."""

    def __init__(self, database_url: str, sandbox: Sandbox, folder: Path) -> None:
        parent = sandbox.linkedin.credentials()["parent"]
        self.port = free_port()
        self.url = by_name(f"http://{HOST}:{self.port}")
        self.link = ""
        self.logs = folder / "logs"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LANDBRIDGE_")},
            "LANDBRIDGE_DATABASE_URL": database_url,
            "LANDBRIDGE_ENCRYPTION_KEY": KEY,
            "LANDBRIDGE_DATA_DIR": str(folder),
            "LANDBRIDGE_WEB_HOST": HOST,
            "LANDBRIDGE_WEB_PORT": str(self.port),
            "LANDBRIDGE_LINKEDIN_API_URL": sandbox.linkedin_url,
            "LANDBRIDGE_LINKEDIN_AUTH_URL": by_name(sandbox.linkedin_url),
            "LANDBRIDGE_LINKEDIN_CLIENT_ID": parent["client_id"],
            "LANDBRIDGE_LINKEDIN_CLIENT_SECRET": parent["client_secret"],
            "LANDBRIDGE_SMARTRECRUITERS_API_URL": sandbox.smartrecruiters_url,
            # What LinkedIn wants to be waited for: five and fifteen minutes.
            "LANDBRIDGE_JOB_TASK_FIRST_LOOK_SECONDS": "1",
            "LANDBRIDGE_MATCH_LOOKUP_DELAY_SECONDS": "1",
        }
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        with tempfile.TemporaryFile("w+") as trouble:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "landbridge", "up"],
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=trouble,
                text=True,
            )
            self.link = self._read_link(self._process.stdout)
            if not self.link:
                trouble.seek(0)
                raise RuntimeError(f"landbridge up did not start: {trouble.read()[-2000:]}{self.told()}")
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def told(self) -> str:
        """What the processes have logged."""
        return "\n".join(f"{file.name}\n{file.read_text()[-6000:]}" for file in sorted(self.logs.glob("*")))

    def _read_link(self, output: IO[str] | None) -> str:
        for line in output or ():
            if found := LINK.search(line):
                return found[1]
        return ""


def by_name(url: str) -> str:
    """As browsers know this machine, and as the printed link has it."""
    return url.replace(HOST, "localhost")
