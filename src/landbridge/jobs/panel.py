"""Which pages may show the candidate panel in a frame: the origins of the ATS, as the workspace has named them.

LinkedIn's application gets them among its domains too: its widget is inside the panel, and so inside those pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from landbridge.errors import LandbridgeError, SettingError
from landbridge.http.address import is_loopback
from landbridge.jobs.onboarding.application import CONSOLE, ensure_application, load_linkedin
from landbridge.jobs.wiring import Works
from landbridge.store.panel import CHOICE
from landbridge.store.workspaces import load_workspace, save_choices

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


async def save_origins(works: Works, workspace: int, given: Iterable[str]) -> list[str]:
    """Let exactly these show the panel. Raises SettingError, and then nothing has changed.

    LinkedIn is told by the way; where it cannot be, it is told when its application is looked after next.
    """
    origins = list(dict.fromkeys(read_origin(one) for one in given))
    if len(origins) > MOST:
        hint = f"Name those that show the panel, {MOST} at most."
        raise SettingError("These are too many origins.", code="panel_origin", hint=hint)
    async with works.database.transaction() as connection:
        facts = await load_workspace(connection, workspace)
        await save_choices(connection, workspace, {**facts.choices, CHOICE: origins})
    console = (await load_linkedin(works, workspace)).settings.get(CONSOLE)
    if console:
        with suppress(LandbridgeError):
            await ensure_application(works, workspace, console=str(console))
    return origins


def _wrong() -> SettingError:
    hint = "An origin is https:// and a host, as https://ats.example.com, without a path. One on each line."
    return SettingError("This is no origin.", code="panel_origin", hint=hint)
