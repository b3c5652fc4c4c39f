"""The token endpoints: ``/oauth/v2/accessToken`` (2-legged, 3-legged, refresh) and ``/oauth/v2/introspectToken``.

Sources: client-credentials-flow, authorization-code-flow, programmatic-refresh-tokens, token-introspection.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs

from msgspec import Struct

from landbridge.sandbox.kernel import Answer, Rule, json_answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.calls import Request
from landbridge.sandbox.linkedin.choices import (
    BAD_REFRESH_STATUS,
    NO_REFRESH_STATUS,
    PKCE_MISMATCH_STATUS,
    TOKEN_FETCHES_TOLERATED,
)
from landbridge.sandbox.linkedin.state import DeveloperApplication, State
from landbridge.sandbox.linkedin.tokens import Grant, Renewal, Token, Tokens

PATH: Final = "/oauth/v2/accessToken"
INTROSPECTION: Final = "/oauth/v2/introspectToken"
CLIENT: Final = ("client_id", "client_secret")
#: Grant type -> the form fields it needs.
REQUIRED: Final = {
    "client_credentials": ("grant_type", *CLIENT),
    "authorization_code": ("grant_type", "code", *CLIENT, "redirect_uri"),
    "refresh_token": ("grant_type", "refresh_token", *CLIENT),
}
MEMBER_TOKEN_SECONDS: Final = 60 * 86_400
REFRESH_TOKEN_SECONDS: Final = 365 * 86_400


class Desk(Struct, kw_only=True):
    """What serving one token request takes. ``seconds`` is the life of a 2-legged token."""

    request: Request
    state: State
    tokens: Tokens
    at: int
    seconds: int
    violate: Callable[[Rule, str], None]


def sign_in(desk: Desk) -> tuple[Answer, str]:
    """The answer to a token request, and the client id it named (for the journal)."""
    form, refusal = _read(desk, "access token")
    client_id = form.get("client_id", "")
    if refusal is not None:
        return refusal, client_id
    wanted = form.get("grant_type", "client_credentials")
    if wanted not in REQUIRED:
        return refused(400, "invalid_request", "the grant_type is not supported here"), client_id
    refusal = _missing(form, REQUIRED[wanted]) or _check_client(form, desk.state.applications.get(client_id))
    if refusal is not None:
        return refusal, client_id
    return GRANTS[wanted](desk, form), client_id


def _fetch(desk: Desk, form: dict[str, str]) -> Answer:
    client_id = form["client_id"]
    if not desk.state.applications[client_id].approvals.two_legged:
        return refused(401, "access_denied", "This application is not allowed to create application tokens")
    if desk.tokens.fetched_too_often(client_id, desk.at, desk.seconds):
        desk.violate(audit.TOKEN_FETCHES, f"more than {TOKEN_FETCHES_TOLERATED} within the life of one token")
    token = desk.tokens.issue(client_id, desk.at, desk.seconds)
    return json_answer(200, {"access_token": token, "expires_in": desk.seconds})


def _exchange(desk: Desk, form: dict[str, str]) -> Answer:
    """A member's code for a token that speaks for the member."""
    grant = desk.tokens.redeem(form["code"])
    if grant is None:
        return refused(401, "invalid_request", "Unable to retrieve access token: authorization code not found")
    if (
        grant.client_id != form["client_id"]
        or grant.redirect_uri != form["redirect_uri"]
        or desk.at >= grant.expires_at
    ):
        description = "Redirect URI or authorization code does not match, or the authorization code expired"
        return refused(400, "invalid_redirect_uri", description)
    if not _is_verified(grant, form.get("code_verifier", "")):
        return refused(PKCE_MISMATCH_STATUS, "invalid_request", "code_verifier does not fit the code_challenge")
    desk.tokens.supersede(grant.client_id, grant.member, grant.scope)
    renewal = Renewal(
        client_id=grant.client_id,
        member=grant.member,
        scope=grant.scope,
        expires_at=desk.at + REFRESH_TOKEN_SECONDS * 1000,
    )
    return _member_token(desk, renewal, "")


def _renew(desk: Desk, form: dict[str, str]) -> Answer:
    """A new token for a member without the member: for approved applications only."""
    if not desk.state.applications[form["client_id"]].approvals.refresh_tokens:
        return refused(NO_REFRESH_STATUS, "access_denied", "This application is not allowed to refresh tokens")
    renewal = desk.tokens.renewal(form["refresh_token"])
    if renewal is None or renewal.client_id != form["client_id"] or desk.at >= renewal.expires_at:
        description = "The provided authorization grant or refresh token is invalid, expired or revoked"
        return refused(BAD_REFRESH_STATUS, "invalid_request", description)
    return _member_token(desk, renewal, form["refresh_token"])


def _member_token(desk: Desk, renewal: Renewal, known_as: str) -> Answer:
    """A token that speaks for a member; with one to refresh it by, where the application may."""
    token = desk.tokens.issue(
        renewal.client_id, desk.at, MEMBER_TOKEN_SECONDS, member=renewal.member, scope=renewal.scope
    )
    told: dict[str, object] = {"access_token": token, "expires_in": MEMBER_TOKEN_SECONDS, "scope": renewal.scope}
    if desk.state.applications[renewal.client_id].approvals.refresh_tokens:
        told["refresh_token"] = known_as or desk.tokens.renewable(renewal)
        told["refresh_token_expires_in"] = (renewal.expires_at - desk.at) // 1000
    return json_answer(200, told)


GRANTS: Final[dict[str, Callable[[Desk, dict[str, str]], Answer]]] = {
    "client_credentials": _fetch,
    "authorization_code": _exchange,
    "refresh_token": _renew,
}


def _is_verified(grant: Grant, verifier: str) -> bool:
    """PKCE (RFC 7636), where the authorization request carried a challenge."""
    if grant.challenge is None:
        return True
    if grant.challenge_method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return hmac.compare_digest(verifier.encode(), grant.challenge.encode())


def introspect(desk: Desk) -> tuple[Answer, str]:
    """What a token is worth, told to the application it belongs to; and the client id (for the journal)."""
    form, refusal = _read(desk, "introspection")
    client_id = form.get("client_id", "")
    application = desk.state.applications.get(client_id)
    refusal = refusal or _missing(form, (*CLIENT, "token")) or _check_client(form, application)
    if refusal is not None:
        return refusal, client_id
    token = desk.tokens.find(form["token"])
    if token is None:
        return refused(400, "invalid_request", "the token is not valid"), client_id
    if token.client_id != client_id:
        return json_answer(200, {"active": False}), client_id
    return json_answer(200, _shown(token, desk.at)), client_id


def _shown(token: Token, at: int) -> dict[str, object]:
    """Times in epoch seconds."""
    status = "revoked" if token.revoked else "expired" if at >= token.expires_at else "active"
    shown: dict[str, object] = {
        "active": status == "active",
        "status": status,
        "client_id": token.client_id,
        "created_at": token.created_at // 1000,
        "authorized_at": token.created_at // 1000,
        "expires_at": token.expires_at // 1000,
        "auth_type": "2L" if token.member is None else "3L",
    }
    return shown if token.member is None else {**shown, "scope": token.scope}


def _read(desk: Desk, endpoint: str) -> tuple[dict[str, str], Answer | None]:
    """The form, and what is wrong with the request as such."""
    if "client_secret=" in desk.request.query:
        desk.violate(audit.SECRET_IN_URL, "client_secret in the query string")
    if desk.request.method != "POST":
        return {}, refused(405, "invalid_request", f"the {endpoint} endpoint takes POST only")
    return form_of(desk.request), None


def form_of(request: Request) -> dict[str, str]:
    if not request.header(b"content-type").lower().startswith("application/x-www-form-urlencoded"):
        return {}
    return {name: values[0] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}


def _missing(form: dict[str, str], names: tuple[str, ...]) -> Answer | None:
    for name in names:
        if not form.get(name):
            return refused(400, "invalid_request", f'A required parameter "{name}" is missing')
    return None


def _check_client(form: dict[str, str], application: DeveloperApplication | None) -> Answer | None:
    if application is None:
        return refused(400, "invalid_client_id", "The passed in client_id is invalid")
    if not any(hmac.compare_digest(form["client_secret"].encode(), live.encode()) for live in application.secrets()):
        return refused(401, "invalid_client_id", "Client authentication failed")
    return None


def refused(status: int, error: str, description: str) -> Answer:
    return json_answer(status, {"error": error, "error_description": description})
