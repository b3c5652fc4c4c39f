"""Access tokens, the codes they are exchanged for, and what is derived from the world's seed to make them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import deque
from typing import Final

from msgspec import Struct

from landbridge.sandbox.linkedin.choices import REVOKED_TOKEN, TOKEN_FETCHES_TOLERATED
from landbridge.sandbox.linkedin.refusals import EXPIRED_TOKEN, INVALID_TOKEN, RefusalError

TOKEN_BYTES: Final = 360
CODE_BYTES: Final = 48
CODE_MS: Final = 30 * 60_000


class Token(Struct):
    """One access token; ``member`` is whom a 3-legged one speaks for. Times are epoch ms."""

    client_id: str
    created_at: int
    expires_at: int
    member: int | None = None
    scope: str = ""
    revoked: bool = False


class Renewal(Struct, frozen=True, kw_only=True):
    """What a refresh token stands for; using it does not prolong its life."""

    client_id: str
    member: int
    scope: str
    expires_at: int


class Grant(Struct, kw_only=True):
    """What a member allowed, to be exchanged once for a token."""

    client_id: str
    member: int
    redirect_uri: str
    scope: str
    challenge: str | None
    challenge_method: str
    expires_at: int


class Secrets(Struct, frozen=True):
    """Client ids and secrets from the world's seed: the same world has the same credentials."""

    seed: str

    def __call__(self, foreign_id: str) -> tuple[str, str]:
        digest = hashlib.sha512(f"{self.seed}/{foreign_id}".encode()).digest()
        client_id = "77" + base64.b32encode(digest[:8]).decode().lower().rstrip("=")
        # A secret may hold characters that need form encoding: a client that forgets it fails here, not in production.
        return client_id, base64.b64encode(digest[8:32]).decode() + "/+=&"


class Tokens:
    """The tokens and codes given out, and how often each application asked."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._tokens: dict[str, Token] = {}
        self._grants: dict[str, Grant] = {}
        self._renewals: dict[str, Renewal] = {}
        self._fetches: dict[str, deque[int]] = {}
        self._issued = 0

    def issue(self, client_id: str, at: int, seconds: int, *, member: int | None = None, scope: str = "") -> str:
        if self._issued % 1000 == 999:
            self._tokens = {text: token for text, token in self._tokens.items() if token.expires_at > at}
        token = "AQX" + self._draw(client_id, TOKEN_BYTES)
        self._tokens[token] = Token(client_id, at, at + seconds * 1000, member, scope)
        return token

    def grant(self, grant: Grant) -> str:
        """The code for what a member allowed."""
        code = "AQT" + self._draw(f"{grant.client_id}/code", CODE_BYTES)
        self._grants[code] = grant
        return code

    def redeem(self, code: str) -> Grant | None:
        """What the code stands for; a code works once."""
        return self._grants.pop(code, None)

    def renewable(self, renewal: Renewal) -> str:
        """The refresh token for it."""
        text = "AQR" + self._draw(f"{renewal.client_id}/refresh", CODE_BYTES)
        self._renewals[text] = renewal
        return text

    def renewal(self, text: str) -> Renewal | None:
        return self._renewals.get(text)

    def supersede(self, client_id: str, member: int, scope: str) -> None:
        """Another scope invalidates what this member allowed the application before."""
        for token in self._tokens.values():
            if token.client_id == client_id and token.member == member and token.scope != scope:
                token.revoked = True
        self._renewals = {
            text: one
            for text, one in self._renewals.items()
            if (one.client_id, one.member) != (client_id, member) or one.scope == scope
        }

    def _draw(self, purpose: str, length: int) -> str:
        self._issued += 1
        text = b""
        while len(text) < length:
            text += hmac.digest(self._seed, f"{purpose}/{self._issued}/{len(text)}".encode(), "sha512")
        return base64.urlsafe_b64encode(text[:length]).decode()

    def fetched_too_often(self, client_id: str, at: int, seconds: int) -> bool:
        """Note one fetch; True when there were too many within one token's life."""
        fetches = self._fetches.setdefault(client_id, deque())
        fetches.append(at)
        while fetches[0] <= at - seconds * 1000:
            fetches.popleft()
        return len(fetches) > TOKEN_FETCHES_TOLERATED

    def find(self, text: str) -> Token | None:
        return self._tokens.get(text)

    def bearer(self, authorization: str, at: int) -> Token:
        """The living token in an Authorization header; raises a 401 :class:`RefusalError`."""
        scheme, _, text = authorization.partition(" ")
        token = self._tokens.get(text.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise RefusalError(401, "Invalid access token", service_code=INVALID_TOKEN, code="INVALID_ACCESS_TOKEN")
        if token.revoked:
            raise RefusalError(401, "Revoked access token", service_code=REVOKED_TOKEN, code="REVOKED_ACCESS_TOKEN")
        if at >= token.expires_at:
            raise RefusalError(401, "Expired access token", service_code=EXPIRED_TOKEN, code="EXPIRED_ACCESS_TOKEN")
        return token

    def has_consent(self, client_id: str, member: int, scope: str, at: int) -> bool:
        """Whether the member allowed this before and the token of then still lives."""
        return any(
            token.client_id == client_id and token.member == member and token.scope == scope
            for token in self._tokens.values()
            if not token.revoked and at < token.expires_at
        )

    def forget(self, client_id: str) -> None:
        """Revoke every token of an application."""
        for token in self._tokens.values():
            if token.client_id == client_id:
                token.revoked = True
