"""Files on their way to LinkedIn: an address is asked for, the bytes are sent there, and a URN comes back to name them.

Source: LinkedIn's release notes of 202510. The form of the answer is not documented. The address is signed: whoever has
it may upload, so it is neither kept nor written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from landbridge.connectors.description import Wiring
from landbridge.connectors.linkedin.client import SYSTEM, LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.linkedin.refusals import unknown_resource
from landbridge.connectors.linkedin.wire import respelled
from landbridge.errors import MissingError, RejectedError, SettingError, SurpriseError
from landbridge.http import Call, Client, OutcomeTable, Resolution, Verdict, check_base_url

# As long as the release notes show it; the file is registered within seconds.
KEPT_FOR = {"duration": 72, "unit": "HOUR"}
UPLOAD_TIMEOUT = timedelta(minutes=2)
REFUSED = "linkedin_upload_refused"
# An answer to an upload is about that file: the address carries the permission, no credential of ours does.
OUTCOMES: OutcomeTable = {
    **{status: Verdict(Resolution.FAIL, RejectedError, REFUSED) for status in range(400, 500) if status != 429},
    413: Verdict(Resolution.FAIL, RejectedError, "linkedin_too_large"),
}
# These belong to the connection, not to what is sent.
OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "authorization", "content-type"})


class MediaWire(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    """Where a file is to go, and what it is called from then on."""

    media_urn: str
    upload_url: str
    upload_method: str = "PUT"
    upload_headers: dict[str, str] | None = None

    def __repr__(self) -> str:
        return "MediaWire(…)"


class _Unsigned:
    """The address is the permission."""

    async def headers(self) -> dict[str, str]:
        return {}

    async def refused(self, used: Mapping[str, str]) -> bool:  # noqa: ARG002 - there is nothing to renew
        return False

    async def close(self) -> None:
        return


class Media:
    """The place for files of one customer."""

    def __init__(self, client: LinkedInClient, dialect: Resource, wiring: Wiring) -> None:
        self._client = client
        self._dialect = dialect
        self._wiring = wiring
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(respelled(MediaWire, dialect.renames))
        self._uploads: dict[str, Client] = {}

    async def put(self, name: str, content_type: str, contract: str, content: bytes) -> str:
        """Upload one file; its URN. Raises what ``LinkedInClient.send`` raises; RecordError is about this file."""
        place = await self._ask(name, content_type, contract)
        await self._upload(place, content_type, content)
        return str(place.media_urn)

    async def _ask(self, name: str, content_type: str, contract: str) -> Any:
        wanted = {
            "fileName": name,
            "contentType": content_type,
            "hiringContext": contract,
            "usageParameters": {"recruiterSystemConnectResumeParameters": {}},
            "blobTtl": KEPT_FOR,
        }
        call = Call(
            method="POST",
            path=self._dialect.path,
            route=self._dialect.path,
            headers=self._dialect.headers,
            content=msgspec.json.encode(wanted),
            content_type="application/json",
        )
        try:
            answer = await self._client.send(call)
        except MissingError as error:
            raise unknown_resource(error) from error
        try:
            return self._decoder.decode(answer.content)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            pass
        raise SurpriseError("LinkedIn gave no address for a file", code="unexpected_answer")

    async def _upload(self, place: MediaWire, content_type: str, content: bytes) -> None:
        try:
            parts = urlsplit(place.upload_url)
            origin = check_base_url(f"{parts.scheme}://{parts.netloc}")
        except (SettingError, ValueError):
            parts = None
        if parts is None or not place.upload_url.isascii() or place.upload_method not in {"PUT", "POST"}:
            raise SurpriseError("LinkedIn gave an address no file can be sent to", code="unexpected_answer")
        call = Call(
            method=place.upload_method,
            path=parts.path or "/",
            route="upload of a file",
            query=parts.query,
            headers={name: value for name, value in (place.upload_headers or {}).items() if name.lower() not in OURS},
            content=content,
            content_type=content_type,
            timeout=UPLOAD_TIMEOUT,
        )
        await self._client_of(origin).send(call)

    def _client_of(self, origin: str) -> Client:
        """LinkedIn has few places for files, mostly one."""
        if origin not in self._uploads:
            wiring = self._wiring
            self._uploads[origin] = Client(
                base_url=origin,
                system=SYSTEM,
                auth=_Unsigned(),
                journal=wiring.journal,
                gate=wiring.gate,
                error_table=OUTCOMES,
                clock=wiring.clock,
                transport=wiring.transport,
                dry_run=wiring.dry_run,
            )
        return self._uploads[origin]

    async def close(self) -> None:
        for client in self._uploads.values():
            await client.close()
        self._uploads.clear()
