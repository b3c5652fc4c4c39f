"""``landbridge demo`` as a user starts it, left open: what it prints is all a test knows of it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Self

LINES = {
    "console": re.compile(r"The console: +(\S+)"),
    "recruiter": re.compile(r"Recruiter: +(\S+)"),
    "login": re.compile(r"Recruiter: .*\(as (\S+),"),
    "password": re.compile(r"Recruiter: .*password (\S+)\)"),
    "ats": re.compile(r"SmartRecruiters: +(http\S+)"),
}
LAST_LINE = "Ctrl-C stops everything."


class OpenDemo:
    """``told``: the addresses and the sign-in that the demo has printed. The console's address signs in, once."""

    def __init__(self, candidates: int, folder: Path) -> None:
        self.told: dict[str, str] = {}
        self.output = ""
        self._logs = folder / "logs"
        self._command = [
            sys.executable,
            "-m",
            "landbridge",
            "demo",
            "--base-port",
            "0",
            "--candidates",
            str(candidates),
        ]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LANDBRIDGE_")}
        self._environment = {**clean, "LANDBRIDGE_DATA_DIR": str(folder)}
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._read(self._process.stdout)
        if self.told.keys() != LINES.keys():
            self._end()
            raise RuntimeError(f"the demo did not come to its end: {self.output[-3000:]}{self._logged()}")
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _read(self, output: IO[str] | None) -> None:
        for line in output or ():
            self.output += line
            for name, pattern in LINES.items():
                if found := pattern.search(line):
                    self.told[name] = found[1]
            if LAST_LINE in line:
                return

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def _logged(self) -> str:
        return "\n".join(f"{file.name}\n{file.read_text()[-2000:]}" for file in sorted(self._logs.glob("*")))
