"""Who a person is on LinkedIn, as the customer's application knows them: asked once, with their consent.

The id is that of a Recruiter seat's holder. It takes the customer's own application, because ids are scoped to its key.
Sources: LinkedIn's pages on binding customer users and on the authorization code flow.
"""

from __future__ import annotations

from urllib.parse import urlencode

from msgspec import Struct

from landbridge.connectors.description import Wiring
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.settings import CONSENT_PATH, MemberScope, Settings
from landbridge.errors import SettingError, SignInRejectedError
from landbridge.http import AuthorizationCode, Call

PERSON = "urn:li:person:"


class _Member(Struct):
    """``id`` of v2/me, ``sub`` of OpenID Connect. That both are the same id is what LinkedIn's pages let one expect."""

    id: str = ""
    sub: str = ""


_READS: dict[MemberScope, Call] = {
    "r_liteprofile": Call(method="GET", path="/v2/me", route="/v2/me", query="fields=id"),
    "openid": Call(method="GET", path="/v2/userinfo", route="/v2/userinfo"),
}


def consent_address(settings: Settings, redirect_uri: str, state: str) -> str:
    """Where a browser goes so that the member signs in and allows the application to learn their id."""
    asked = {
        "response_type": "code", "client_id": settings.client_id, "redirect_uri": redirect_uri, "state": state,
        "scope": settings.member_scope,
    }  # fmt: skip
    return f"{settings.auth_url}{CONSENT_PATH}?{urlencode(asked)}"


async def read_person(settings: Settings, wiring: Wiring, code: str, redirect_uri: str) -> str:
    """The person's URN, for the code with which LinkedIn sent them back. The token is not kept: it is needed once.

    Raises SettingError where LinkedIn does not take the code (any more), TryLaterError.
    """
    auth = AuthorizationCode(
        token_url=settings.token_url,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        code=code,
        redirect_uri=redirect_uri,
        system="linkedin",
        journal=wiring.journal,
        clock=wiring.clock,
        transport=wiring.transport,
    )
    client = LinkedInClient(
        base_url=settings.api_url,
        auth=auth,
        journal=wiring.journal,
        gate=wiring.gate,
        clock=wiring.clock,
        transport=wiring.transport,
    )
    try:
        member = (await client.send(_READS[settings.member_scope])).decode(_Member)
    except SignInRejectedError:
        raise SettingError("LinkedIn does not take the code", code="seat_code_refused") from None
    finally:
        await client.close()
    number = member.id or member.sub
    if not number:
        raise SettingError("LinkedIn did not tell the id", code="seat_code_refused")
    return f"{PERSON}{number}"
