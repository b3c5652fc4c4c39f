"""Links to the panel: what they are about is sealed in them, so nobody can read, change or make one."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from landbridge.errors import SettingError
from landbridge.store.secrets import Vault

# An ATS asks for a link when it shows the page: this is for slow pages, not for bookmarks.
OPENS_WITHIN = timedelta(minutes=10)
# A page that is open may tell that somebody was linked for as long as people leave pages open.
TELLS_WITHIN = timedelta(hours=12)
LONGEST = 4_000
# Bound to its purpose: no other sealed value opens as a link. The workspace stands inside.
SYSTEM, FIELD = "panel", "link"


class Link(Struct, frozen=True, array_like=True):
    """``user`` is the ATS's user who looks, "" where it does not say. ``made_at`` in seconds since 1970."""

    workspace: int
    candidate: str
    user: str
    made_at: int


def make_link(vault: Vault, workspace: int, candidate: str, user: str, now: datetime) -> str:
    plain = msgspec.json.encode(Link(workspace, candidate, user, int(now.timestamp())))
    sealed = vault.seal(plain, workspace=0, system=SYSTEM, field=FIELD)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_link(vault: Vault, token: str) -> Link | None:
    """What a link is about, however old it is; None for one we have not made."""
    if len(token) > LONGEST:
        return None
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(vault.open(sealed, workspace=0, system=SYSTEM, field=FIELD), type=Link)
    except (binascii.Error, ValueError, SettingError):
        return None


def is_open(link: Link, now: datetime, within: timedelta = OPENS_WITHIN) -> bool:
    age = now.timestamp() - link.made_at
    return -60 <= age <= within.total_seconds()
