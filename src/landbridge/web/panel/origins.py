"""Which pages may show the panel in a frame: the origins of the ATS, as the workspace has named them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from landbridge.errors import SettingError
from landbridge.http.address import is_loopback
from landbridge.store.database import Database
from landbridge.store.workspaces import load_workspace, save_choices

# Beside the other choices of a workspace.
CHOICE = "panel_origins"
MOST = 20
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")


def read_origin(text: str) -> str:
    """An origin as browsers write it. Raises SettingError: no path, no wildcard, https except on this machine."""
    try:
        parts = urlsplit(text.strip().lower())
        host, port = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc, parts.port
    except ValueError:
        raise _wrong() from None
    plain = parts.scheme == "http" and is_loopback(host.strip("[]"))
    if parts.path not in {"", "/"} or parts.query or parts.fragment or not (parts.scheme == "https" or plain):
        raise _wrong()
    if not _HOST.fullmatch(host):
        raise _wrong()
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"


def origins_in(choices: Mapping[str, Any]) -> list[str]:
    found = choices.get(CHOICE)
    return [str(one) for one in found] if isinstance(found, list) else []


async def save_origins(database: Database, workspace: int, given: Iterable[str]) -> list[str]:
    """Let exactly these show the panel. Raises SettingError, and then nothing has changed."""
    origins = list(dict.fromkeys(read_origin(one) for one in given))
    if len(origins) > MOST:
        raise SettingError(f"More than {MOST} origins.", code="panel_origin", hint="Name those that show the panel.")
    async with database.transaction() as connection:
        facts = await load_workspace(connection, workspace)
        await save_choices(connection, workspace, {**facts.choices, CHOICE: origins})
    return origins


def _wrong() -> SettingError:
    hint = "An origin is https:// and a host, as https://ats.example.com, without a path. One on each line."
    return SettingError("This is no origin.", code="panel_origin", hint=hint)
