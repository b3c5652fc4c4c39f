"""The address to which events go: what an admin entered, and one event sent there with its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from landbridge.connectors.description import Wiring
from landbridge.connectors.rest_ats.events import TYPES, Data, Event
from landbridge.connectors.rest_ats.guard import Network, check_host, guarded_transport, networks_of
from landbridge.connectors.rest_ats.signature import headers_of, key_of
from landbridge.errors import NeedsPersonError, SettingError, SignInRejectedError
from landbridge.http import Answer, Call, Client, OutcomeTable, Resolution, Verdict, check_base_url

NAME = "rest_ats"
# Standard Webhooks recommends 15 to 30 seconds.
TIMEOUT = timedelta(seconds=20)
# An answer is an id.
MAX_BYTES = 64 * 1024
# How long the secret before the present one signs as well.
ROTATION = timedelta(hours=24)
_REFUSED = Verdict(
    Resolution.FAIL,
    SignInRejectedError,
    "signature_refused",
    "Your ATS refuses the signature. Give it the signing secret of this workspace, then send a test event.",
)
OUTCOMES: OutcomeTable = {
    401: _REFUSED,
    403: _REFUSED,
    410: Verdict(
        Resolution.FAIL,
        NeedsPersonError,
        "endpoint_gone",
        "Your ATS says that it wants no more events. When it does again, save its address anew: nothing was lost.",
    ),
}


class Endpoint(Struct, frozen=True, kw_only=True):
    """``secrets``: the present one, and the one before it while that still counts."""

    url: str
    secrets: tuple[str, ...]
    allowed: tuple[Network, ...] = ()

    def __repr__(self) -> str:
        return "Endpoint(…)"


def check_url(url: str, allowed: tuple[Network, ...]) -> str:
    """The address as it is called. Raises NeedsPersonError where nothing may be sent there."""
    found = url.strip()
    check_base_url(found)
    if not found.isascii() or not found.isprintable() or " " in found:
        raise SettingError("an address holds characters no address has", hint="Give it as https://host/path.")
    check_host(urlsplit(found).hostname or "", allowed)
    return found


def read_endpoint(settings: Mapping[str, Any], secrets: Mapping[str, str], now: datetime) -> Endpoint:
    """Raises NeedsPersonError, SettingError (``not_connected``) where there is no address."""
    url = str(settings.get("url") or "")
    if not url:
        raise SettingError(
            "no address for events is known", code="not_connected", hint="Enter where your ATS takes events."
        )
    allowed = networks_of(settings.get("networks", ()))
    until = settings.get("older_secret_until")
    older = secrets.get("older_secret") if until and now < datetime.fromisoformat(str(until)) else None
    found = tuple(secret for secret in (secrets.get("secret"), older) if secret)
    if not found:
        raise SettingError("events have no signing secret", code="webhook_secret", hint="Make one: save the address.")
    for secret in found:
        key_of(secret)
    return Endpoint(url=check_url(url, allowed), secrets=found, allowed=allowed)


class Courier:
    """Sends events and gives the answers. Redirects are not followed."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        endpoint = read_endpoint(wiring.settings, wiring.secrets, wiring.clock.now())
        parts = urlsplit(endpoint.url)
        self._path = parts.path or "/"
        self._http = Client(
            base_url=f"{parts.scheme}://{parts.netloc}",
            system=NAME,
            auth=_SignedByCall(),
            journal=wiring.journal,
            gate=wiring.gate,
            error_table=OUTCOMES,
            transport=wiring.transport or guarded_transport(endpoint.url, endpoint.allowed),
            dry_run=wiring.dry_run,
            clock=wiring.clock,
            max_bytes=MAX_BYTES,
        )

    async def send(self, data: Data, event_id: str, *, accepts: frozenset[int] = frozenset()) -> Answer:
        """Raises what the answer means: RecordError, NeedsPersonError, TryLaterError, SurpriseError."""
        now = self._wiring.clock.now()
        event = Event(type=TYPES[type(data)], timestamp=now, data=data)
        body = msgspec.json.encode(event)
        # Read anew: the older secret ends while a courier lives.
        secrets = read_endpoint(self._wiring.settings, self._wiring.secrets, now).secrets
        call = Call(
            method="POST",
            path=self._path,
            route=event.type,
            headers=headers_of(event_id, body, secrets, now),
            content=body,
            content_type="application/json",
            records=1,
            timeout=TIMEOUT,
            accepts=accepts,
            repeatable=True,
        )
        return await self._http.send(call)

    async def close(self) -> None:
        await self._http.close()


class _SignedByCall:
    """Each event has a signature of its own."""

    async def headers(self) -> dict[str, str]:
        return {}

    async def refused(self, used: Mapping[str, str]) -> bool:  # noqa: ARG002 - there is nothing to renew
        return False

    async def close(self) -> None:
        """Nothing is open."""
