"""Files on their way in: an upload URL asked for with ``hireMediaUrl``, the bytes sent to it, then an attachment.

The bytes are counted and hashed, not kept. Sources: release notes of 202510, LinkedIn's Java client.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final
from urllib.parse import parse_qsl

from msgspec import Struct

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin.calls import Request
from landbridge.sandbox.linkedin.choices import UPLOAD_METHOD, UPLOAD_MINUTES, UPLOADED_STATUS
from landbridge.sandbox.linkedin.refusals import RefusalError

PATH: Final = "/dms-uploads/"
MEDIA_URN: Final = "urn:li:hireMedia:"
FILE_BYTES: Final = 10 * 1024 * 1024


class Media(Struct, kw_only=True):
    """One file; ``size`` is 0 until its bytes came. Times are epoch ms: ``upload_until`` bounds the upload,
    ``keep_until`` how long the file waits to become an attachment."""

    urn: str
    client_id: str
    contract: str
    file_name: str
    content_type: str
    signature: str
    upload_until: int
    keep_until: int
    size: int = 0
    digest: str = ""

    def upload_url(self, host: str) -> str:
        number = self.urn.removeprefix(MEDIA_URN)
        return f"http://{host}{PATH}{number}?e={self.upload_until}&t={self.signature}"


class MediaShelf(Struct):
    """All files of one world, by URN."""

    by_urn: dict[str, Media] = {}

    def expect(
        self, client_id: str, secret: str, contract: str, name: str, content_type: str, at: int, keep_ms: int
    ) -> Media:
        """A place for a file that is to come; ``secret`` of the application signs its URL."""
        number = len(self.by_urn) + 1
        digest = hashlib.blake2b(f"{client_id}/{number}".encode(), digest_size=12).hexdigest()
        signature = hmac.new(secret.encode(), digest.encode(), hashlib.sha256).hexdigest()
        media = Media(
            urn=MEDIA_URN + digest,
            client_id=client_id,
            contract=contract,
            file_name=name,
            content_type=content_type,
            signature=signature,
            upload_until=at + UPLOAD_MINUTES * 60_000,
            keep_until=at + keep_ms,
        )
        self.by_urn[media.urn] = media
        return media

    def find(self, urn: str) -> Media | None:
        return self.by_urn.get(urn)

    def upload(self, request: Request, at: int) -> tuple[Answer, str]:
        """Take the bytes, and give the client id of whom the URL was given to. Raises :class:`RefusalError`."""
        media = self.by_urn.get(MEDIA_URN + request.path.removeprefix(PATH))
        given = dict(parse_qsl(request.query)).get("t", "")
        if media is None or not hmac.compare_digest(given.encode(), media.signature.encode()):
            raise RefusalError(403, "the upload URL is not one that was given out")
        if at >= media.upload_until:
            raise RefusalError(403, "the upload URL has expired")
        _check_upload(request, media)
        media.size, media.digest = len(request.body), hashlib.sha256(request.body).hexdigest()
        return Answer(UPLOADED_STATUS), media.client_id


def _check_upload(request: Request, media: Media) -> None:
    if request.method != UPLOAD_METHOD:
        raise RefusalError(405, f"a file is uploaded with {UPLOAD_METHOD}")
    if len(request.body) > FILE_BYTES:
        raise RefusalError(413, "a file holds at most 10 MB")
    if not request.body:
        raise RefusalError(400, "the file is empty")
    if request.header(b"content-type").partition(";")[0].strip().lower() != media.content_type:
        raise RefusalError(415, f"the file was announced as {media.content_type}")
