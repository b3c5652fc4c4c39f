"""Who is signed in, kept in a signed cookie: the sandbox remembers no sessions, so a reset leaves people signed in."""

from __future__ import annotations

import base64
import hashlib
import hmac
from http.cookies import CookieError, SimpleCookie
from typing import Final

import msgspec

# Both far sides are on one host, and browsers do not tell ports apart in cookies.
COOKIE: Final = "sandbox_ats_session"
_SIGNATURE: Final = 32


class Session(msgspec.Struct, omit_defaults=True):
    """``user`` is the id of a user of the world; ``notice`` is for the next page. "" for none."""

    user: str = ""
    notice: str = ""


def key_of(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"smartrecruiters/{name}/{seed}/session".encode()).digest()


def read_session(cookies: str, key: bytes) -> Session:
    """The session in a Cookie header; an empty one where there is none that we signed."""
    try:
        jar = SimpleCookie(cookies)
    except CookieError:
        return Session()
    if COOKIE not in jar:
        return Session()
    text = jar[COOKIE].value
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        signature, payload = raw[:_SIGNATURE], raw[_SIGNATURE:]
        if hmac.compare_digest(signature, hmac.digest(key, payload, "sha256")):
            return msgspec.json.decode(payload, type=Session)
    except (ValueError, msgspec.DecodeError):
        pass
    return Session()


def write_session(session: Session, key: bytes) -> str:
    """The Set-Cookie header."""
    if session == Session():
        return f"{COOKIE}=; Path=/app; HttpOnly; SameSite=Lax; Max-Age=0"
    payload = msgspec.json.encode(session)
    text = base64.urlsafe_b64encode(hmac.digest(key, payload, "sha256") + payload).decode().rstrip("=")
    return f"{COOKIE}={text}; Path=/app; HttpOnly; SameSite=Lax"
