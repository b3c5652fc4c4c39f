"""2-legged sign-in: ``POST /oauth/v2/accessToken`` with form-encoded client credentials."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import deque
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs

from msgspec import Struct

from landbridge.sandbox.kernel import Answer, Rule, json_answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.calls import Request
from landbridge.sandbox.linkedin.choices import TOKEN_FETCHES_TOLERATED
from landbridge.sandbox.linkedin.refusals import EXPIRED_TOKEN, INVALID_TOKEN, RefusalError
from landbridge.sandbox.linkedin.state import DeveloperApplication, State

PATH: Final = "/oauth/v2/accessToken"
REQUIRED: Final = ("grant_type", "client_id", "client_secret")
TOKEN_BYTES: Final = 360


class Token(Struct):
    client_id: str
    expires_at: int


def make_secret(seed: str) -> Callable[[str], tuple[str, str]]:
    """Client id and secret from the world's seed: the same world has the same credentials."""

    def derive(foreign_id: str) -> tuple[str, str]:
        digest = hashlib.sha512(f"{seed}/{foreign_id}".encode()).digest()
        client_id = "77" + base64.b32encode(digest[:8]).decode().lower().rstrip("=")
        # A secret may hold characters that need form encoding: a client that forgets it fails here, not in production.
        return client_id, base64.b64encode(digest[8:32]).decode() + "/+=&"

    return derive


class Tokens:
    """The tokens given out and how often each application asked."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._tokens: dict[str, Token] = {}
        self._fetches: dict[str, deque[int]] = {}
        self._issued = 0

    def issue(self, client_id: str, at: int, seconds: int) -> str:
        self._issued += 1
        if self._issued % 1000 == 0:
            self._tokens = {text: token for text, token in self._tokens.items() if token.expires_at > at}
        text = b""
        while len(text) < TOKEN_BYTES:
            text += hmac.digest(self._seed, f"{client_id}/{self._issued}/{len(text)}".encode(), "sha512")
        token = "AQX" + base64.urlsafe_b64encode(text[:TOKEN_BYTES]).decode()
        self._tokens[token] = Token(client_id, at + seconds * 1000)
        return token

    def fetched_too_often(self, client_id: str, at: int, seconds: int) -> bool:
        """Note one fetch; True when there were too many within one token's life."""
        fetches = self._fetches.setdefault(client_id, deque())
        fetches.append(at)
        while fetches[0] <= at - seconds * 1000:
            fetches.popleft()
        return len(fetches) > TOKEN_FETCHES_TOLERATED

    def client_of(self, authorization: str, at: int) -> str:
        """The client id behind an Authorization header; raises a 401 :class:`RefusalError`."""
        scheme, _, text = authorization.partition(" ")
        token = self._tokens.get(text.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise RefusalError(401, "Invalid access token", service_code=INVALID_TOKEN, code="INVALID_ACCESS_TOKEN")
        if at >= token.expires_at:
            raise RefusalError(401, "Expired access token", service_code=EXPIRED_TOKEN, code="EXPIRED_ACCESS_TOKEN")
        return token.client_id

    def forget(self, client_id: str) -> None:
        """Revoke every token of an application."""
        for token in [text for text, token in self._tokens.items() if token.client_id == client_id]:
            del self._tokens[token]


def sign_in(
    request: Request, state: State, tokens: Tokens, at: int, seconds: int, violate: Callable[[Rule, str], None]
) -> tuple[Answer, str]:
    """The answer to a token request, and the client id it named (for the journal)."""
    if "client_secret=" in request.query:
        violate(audit.SECRET_IN_URL, "client_secret in the query string")
    if request.method != "POST":
        return _refused(405, "invalid_request", "the access token endpoint takes POST only"), ""
    form = _form(request)
    for name in REQUIRED:
        if not form.get(name):
            return _refused(400, "invalid_request", f'A required parameter "{name}" is missing'), form.get(
                "client_id", ""
            )
    client_id = form["client_id"]
    refusal = _check_client(form, state.applications.get(client_id))
    if refusal is not None:
        return refusal, client_id
    if tokens.fetched_too_often(client_id, at, seconds):
        violate(audit.TOKEN_FETCHES, f"more than {TOKEN_FETCHES_TOLERATED} within the life of one token")
    token = tokens.issue(client_id, at, seconds)
    return json_answer(200, {"access_token": token, "expires_in": seconds}), client_id


def _form(request: Request) -> dict[str, str]:
    if not request.header(b"content-type").lower().startswith("application/x-www-form-urlencoded"):
        return {}
    return {name: values[0] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}


def _check_client(form: dict[str, str], application: DeveloperApplication | None) -> Answer | None:
    if form["grant_type"] != "client_credentials":
        return _refused(400, "invalid_request", "the grant_type is not supported here")
    if application is None:
        return _refused(400, "invalid_client_id", "The passed in client_id is invalid")
    if not knows_secret(application, form["client_secret"]):
        return _refused(401, "invalid_client_id", "Client authentication failed")
    return None


def knows_secret(application: DeveloperApplication, secret: str) -> bool:
    """Whether this is one of the application's live secrets."""
    return any(hmac.compare_digest(secret.encode(), live.encode()) for live in application.secrets())


def _refused(status: int, error: str, description: str) -> Answer:
    return json_answer(status, {"error": error, "error_description": description})
