"""The hash by which an entity that was sent is known again."""

from __future__ import annotations

from hashlib import blake2b

SIZE = 16
GONE = b"gone".ljust(SIZE, b"\0")


class Fingerprint:
    """Hashes bodies that go to one resource of one organization; the same body elsewhere has another hash."""

    def __init__(self, resource: str, organization: str) -> None:
        self._start = blake2b(f"{resource} {organization} ".encode(), digest_size=SIZE)

    def of(self, body: bytes) -> bytes:
        digest = self._start.copy()
        digest.update(body)
        return digest.digest()
