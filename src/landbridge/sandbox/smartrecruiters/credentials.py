"""Who calls: an API key, or a bearer token an OAuth client has fetched; and which scopes that gives."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote

import orjson
from msgspec import Struct

from landbridge.sandbox.kernel import Answer, Clock
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError
from landbridge.sandbox.smartrecruiters.rules import NO_EMPTY_SCOPE
from landbridge.sandbox.worlds.draw import Draw

TOKEN_LIFE_MS = 30 * 60 * 1000
SCOPES = frozenset(
    {
        "audit_events_read", "candidate_status_read", "candidates_create", "candidates_manage", "candidates_read",
        "company_read", "configuration_read", "job_applications_read", choices.JOBS_WRITE_SCOPE, "jobs_read",
        "messages_manage", "messages_read", "messages_write", "reporting_read", "reporting_write", "reviews_read",
        "reviews_write", "user_me_read", "users_manage", "users_read", "webhooks_delete", "webhooks_manage",
        "webhooks_read", "webhooks_write",
    }
)  # fmt: skip


class Caller(Struct, frozen=True):
    """``name`` is the credential a call is counted for: rates belong to the credential, not to its tokens."""

    name: str
    scopes: frozenset[str]


class Token(Struct, frozen=True):
    caller: Caller
    expires_at: int


NOBODY = Caller("nobody", frozenset())


class Credentials:
    """One API key of an administrator and one OAuth client; the same ones in every world."""

    def __init__(self, clock: Clock) -> None:
        draw = Draw("smartrecruiters", "credentials")
        self.api_key = f"DCRA1-{draw.hex(26)}"
        self.client_id = draw.hex(32)
        self.client_secret = draw.hex(48)
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        """No tokens are out, and every permission is there."""
        self._tokens: dict[str, Token] = {}
        self._issued = 0
        self.removed: frozenset[str] = frozenset()

    def shown(self) -> dict[str, object]:
        return {
            "api_key": self.api_key,
            "oauth": {
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "token_url": "/identity/oauth/token",
                "scopes": sorted(SCOPES - self.removed),
            },
        }

    def caller(self, headers: Mapping[bytes, bytes]) -> Caller:
        """Who sends these headers; :data:`NOBODY` for no or a wrong credential."""
        key = headers.get(b"x-smarttoken")
        if key is not None:
            right = hmac.compare_digest(key, self.api_key.encode())
            return Caller("api_key", SCOPES) if right else NOBODY
        scheme, _, value = headers.get(b"authorization", b"").partition(b" ")
        token = self._tokens.get(value.decode("latin-1")) if scheme.lower() == b"bearer" else None
        if token is None or token.expires_at <= self._clock.ms():
            return NOBODY
        return token.caller

    def permit(self, caller: Caller, scopes: tuple[str, ...]) -> None:
        """Any one of ``scopes`` is enough; none named: anybody may."""
        if not scopes:
            return
        if caller is NOBODY:
            raise RefusalError(*choices.BAD_CREDENTIAL, "the credential is missing, wrong or expired")
        if not any(scope in caller.scopes and scope not in self.removed for scope in scopes):
            raise RefusalError(*choices.MISSING_SCOPE, f"this needs the permission {' or '.join(scopes)}")

    def give_token(self, call: Call) -> Answer:
        """``POST /identity/oauth/token`` with the client's credentials in the body or as HTTP Basic."""
        form = parse_qs(call.body.decode("utf-8", "replace"), keep_blank_values=True)
        client_id, secret = self._client(form, call.headers.get(b"authorization", b""))
        if not (_same(client_id, self.client_id) and _same(secret, self.client_secret)):
            return _oauth_error(401, "invalid_client", "client authentication failed")
        if form.get("grant_type") != ["client_credentials"]:
            return _oauth_error(400, "unsupported_grant_type", "this client may use client_credentials")
        scopes = SCOPES
        if "scope" in form:
            scopes = frozenset(form["scope"][-1].split())
            if not scopes:
                call.broke(NO_EMPTY_SCOPE)
            if not scopes or not scopes <= SCOPES:
                return _oauth_error(400, "invalid_scope", "the scope is empty or names what the client was not given")
        return self._issue(scopes)

    def _issue(self, scopes: frozenset[str]) -> Answer:
        now = self._clock.ms()
        self._tokens = {text: token for text, token in self._tokens.items() if token.expires_at > now}
        self._issued += 1
        text = Draw("smartrecruiters", "token", self._issued, now).hex(64)
        self._tokens[text] = Token(Caller("oauth", scopes), now + TOKEN_LIFE_MS)
        body = {"access_token": text, "token_type": "Bearer", "expires_in": TOKEN_LIFE_MS // 1000}
        return Answer(status=200, body=orjson.dumps(body), headers=[(b"cache-control", b"no-store")])

    def _client(self, form: Mapping[str, list[str]], authorization: bytes) -> tuple[str, str]:
        scheme, _, value = authorization.partition(b" ")
        if scheme.lower() == b"basic":
            try:
                name, _, secret = base64.b64decode(value, validate=True).decode("ascii").partition(":")
            except (binascii.Error, ValueError):
                return "", ""
            return unquote(name), unquote(secret)
        return form.get("client_id", [""])[-1], form.get("client_secret", [""])[-1]


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _oauth_error(status: int, error: str, description: str) -> Answer:
    return Answer(status=status, body=orjson.dumps({"error": error, "error_description": description}))
