"""Who is signed in, kept in a signed cookie: the sandbox remembers no sessions, so a reset leaves people signed in."""

from __future__ import annotations

import base64
import hashlib
import hmac
from http.cookies import CookieError, SimpleCookie
from typing import Final

import msgspec
from msgspec import Struct

COOKIE: Final = "sandbox_session"
#: A frame on a page of another site gets this one only: third-party cookies must be Secure.
EMBEDDED_COOKIE: Final = "sandbox_session_embedded"
_SIGNATURE: Final = 32


class Session(Struct, omit_defaults=True):
    """``login`` of a person of the world, the contract they chose, and a notice for the next page; "" for none."""

    login: str = ""
    contract: str = ""
    notice: str = ""


class Sessions:
    """Writes and reads sessions with a key that follows from the world's seed."""

    def __init__(self, seed: str) -> None:
        self._key = hashlib.sha256(f"{seed}/session".encode()).digest()

    def read(self, cookies: str) -> Session:
        """The session in a Cookie header; an empty one where there is none that we signed."""
        try:
            jar = SimpleCookie(cookies)
        except CookieError:
            return Session()
        for name in (COOKIE, EMBEDDED_COOKIE):
            if name in jar and (found := self._open(jar[name].value)):
                return found
        return Session()

    def write(self, session: Session) -> list[str]:
        """The Set-Cookie headers: a usual cookie, and one that browsers also send from a frame on another site."""
        text = self._seal(session) if session != Session() else ""
        ends = "" if text else "; Max-Age=0"
        return [
            f"{COOKIE}={text}; Path=/; HttpOnly; SameSite=Lax{ends}",
            f"{EMBEDDED_COOKIE}={text}; Path=/; HttpOnly; SameSite=None; Secure{ends}",
        ]

    def _seal(self, session: Session) -> str:
        payload = msgspec.json.encode(session)
        return base64.urlsafe_b64encode(hmac.digest(self._key, payload, "sha256") + payload).decode().rstrip("=")

    def _open(self, text: str) -> Session | None:
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            signature, payload = raw[:_SIGNATURE], raw[_SIGNATURE:]
            if not hmac.compare_digest(signature, hmac.digest(self._key, payload, "sha256")):
                return None
            return msgspec.json.decode(payload, type=Session)
        except (ValueError, msgspec.DecodeError):
            return None
