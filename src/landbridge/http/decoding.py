"""Reading JSON that a careful server would not have sent.

The fast path is msgspec on the bytes as they came. Bytes that are not UTF-8, lone surrogates, control characters,
NaN and a byte order mark go through a slower path that mends them, so one odd value does not cost the whole page.
"""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

import msgspec

from landbridge.errors import SurpriseError
from landbridge.http.evidence import shape_of
from landbridge.http.text import clean_text

T = TypeVar("T")

# Escaped or raw control characters that clean_text would drop; msgspec lets them pass.
_CONTROL = re.compile(rb"\\u00(?:0[0-8bBcCeEfF]|1[0-9a-fA-F]|7[fF]|[89][0-9a-fA-F])|\\[bf]|\x7f|\xc2[\x80-\x9f]")


def decode_json(content: bytes | msgspec.Raw, kind: type[T]) -> T:
    """Read ``content`` as ``kind``. Unknown fields are ignored; a wrong shape is a SurpriseError without values."""
    raw = bytes(content)
    try:
        if not _CONTROL.search(raw):
            return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # broken or of another shape: the mended form decides which
    return _decode_mended(raw, kind)


def _decode_mended(raw: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(mend_json(raw), type=kind)
    except (ValueError, RecursionError):
        evidence = shape_of(raw)
    # Raised outside the handler: a chained exception would carry the offending value into the log.
    raise SurpriseError(
        f"the answer is not the JSON we know: {evidence}", code="unexpected_answer", facts={"shape": evidence}
    )


def mend_json(raw: bytes) -> bytes:
    """The same document with clean text and no NaN. Raises ValueError, RecursionError where it is no JSON at all."""
    text = raw.decode("utf-8-sig", errors="replace")
    document = json.loads(text, strict=False, parse_constant=lambda _: None)
    return json.dumps(_clean(document), ensure_ascii=False, allow_nan=False, default=None).encode()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(key): _clean(item) for key, item in value.items()}
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return None  # 1e999 reads as infinity, which JSON cannot say
    return value
