"""What goes over the wire to a subscriber: body, headers, signature. Source: receiving webhook notifications."""

from __future__ import annotations

import base64
import hmac
from typing import Final

import orjson

from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.happenings import Happening
from landbridge.sandbox.smartrecruiters.webhooks.book import Basic, Header, Subscription

HOOK_HEADER: Final = "X-Hook-Secret"
SIGNATURE: Final = "smartrecruiters-signature"
TIMESTAMP: Final = "smartrecruiters-timestamp"


def body_of(happening: Happening) -> bytes:
    """Ids only."""
    return orjson.dumps(happening.body())


def headers_of(subscription: Subscription, happening: Happening, event_id: str, at: int) -> dict[str, str]:
    """All but the authentication. Signature and time stamp are there as soon as there is a key."""
    headers = {
        "content-type": "application/json",
        "event-name": happening.name,
        "event-version": choices.EVENT_VERSION,
        "event-id": event_id,
    }
    if happening.path is not None:
        headers["link"] = f'<{subscription.base_url}{happening.path}>; rel="self"'
    keys = subscription.living_keys(at)
    if keys:
        headers[TIMESTAMP] = str(at // 1000)
        signed = signed_text(headers, body_of(happening))
        headers[SIGNATURE] = ";".join(f"v1={sign(key.value, signed)}" for key in keys)
    return headers


def signed_text(headers: dict[str, str], body: bytes) -> bytes:
    """Time stamp, body, id, name, version and link (empty where there is none), with dots between them."""
    before, after = [headers[TIMESTAMP]], [headers["event-id"], headers["event-name"], headers["event-version"]]
    return b".".join([*(part.encode() for part in before), body, *map(str.encode, [*after, headers.get("link", "")])])


def sign(key: str, signed: bytes) -> str:
    """Lower-case hexadecimal HMAC-SHA256."""
    return hmac.digest(key.encode(), signed, "sha256").hex()


def authentication_of(subscription: Subscription) -> dict[str, str]:
    """The headers a subscriber wants to know us by; a bearer token only when it was fetched."""
    wanted = subscription.authentication
    if isinstance(wanted, Basic):
        pair = base64.b64encode(f"{wanted.username}:{wanted.password}".encode()).decode()
        return {"authorization": f"Basic {pair}"}
    if isinstance(wanted, Header):
        return {wanted.header_name: wanted.header_value}
    return {"authorization": f"Bearer {subscription.token[0]}"} if subscription.token else {}
