"""Query tunnelling: a query too long for an address travels in the body of a POST.

Source: LinkedIn's page on query tunnelling. Over 4 KB of query the answer is 414; LinkedIn's own client for Python
tunnels from 4,000 characters on, and so do we. A batch of 100 UUID keys always needs it.
"""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from landbridge.http import Call

LONGEST_QUERY = 4_000
FORM = "application/x-www-form-urlencoded"


def tunnelled(call: Call) -> Call:
    """The same call with its query in the body, if the query is too long for the address."""
    if len(call.query) <= LONGEST_QUERY:
        return call
    headers = {**call.headers, "X-HTTP-Method-Override": call.method}
    content, content_type = call.query.encode("ascii"), FORM
    if call.content:
        content, content_type = _multipart(content, call.content, call.content_type or "application/json")
    return msgspec.structs.replace(
        call, method="POST", query="", headers=headers, content=content, content_type=content_type
    )


def _multipart(query: bytes, body: bytes, body_type: str) -> tuple[bytes, str]:
    boundary = _boundary(query, body)
    line = b"--" + boundary.encode()
    content = b"\r\n".join(
        [
            line,
            b"Content-Type: " + FORM.encode(),
            b"",
            query,
            line,
            b"Content-Type: " + body_type.encode(),
            b"",
            body,
            line + b"--",
            b"",
        ]
    )
    return content, f"multipart/mixed; boundary={boundary}"


def _boundary(query: bytes, body: bytes) -> str:
    """A line that does not occur in what it separates; made from the keys, so that nothing here is random."""
    digest = blake2b(query, digest_size=16)
    while digest.hexdigest().encode() in body:
        digest.update(b"again")
    return digest.hexdigest()
