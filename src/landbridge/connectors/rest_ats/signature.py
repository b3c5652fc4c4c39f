"""Signing what is sent, by the Standard Webhooks specification 1.0.0: symmetric, version ``v1``.

``webhook-id``, ``webhook-timestamp`` and the body, joined by full stops, are signed with HMAC-SHA256. The id stays the
same over all tries of one event, the timestamp is that of the try. While secrets are being replaced there are two
signatures, with a space between them.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime
from secrets import token_bytes

from landbridge.errors import SettingError

PREFIX = "whsec_"
# The specification wants 24 to 64 bytes.
LEAST, MOST, USUAL = 24, 64, 32


def new_secret(random: Callable[[int], bytes] = token_bytes) -> str:
    return PREFIX + base64.b64encode(random(USUAL)).decode()


def key_of(secret: str) -> bytes:
    """The key in a secret. Raises SettingError where there is none."""
    try:
        key = base64.b64decode(secret.strip().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not LEAST <= len(key) <= MOST:
        raise SettingError(
            "a signing secret is not one",
            code="webhook_secret",
            hint=f"It is {PREFIX} and {LEAST} to {MOST} random bytes as base64. Leave it out and one is made.",
        )
    return key


def headers_of(event_id: str, body: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """The three headers of one try; a signature for each secret."""
    seconds = str(int(now.timestamp()))
    signed = b".".join((event_id.encode(), seconds.encode(), body))
    signatures = [base64.b64encode(hmac.digest(key_of(one), signed, "sha256")).decode() for one in secrets]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }
