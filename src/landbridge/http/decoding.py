"""Reading JSON that a careful server would not have sent.

The fast path is msgspec on the bytes as they came. Bytes that are not UTF-8, lone surrogates, control characters, NaN
and a byte order mark go through a slower path that mends them; an optional field of another type than agreed reads as
absent. So one odd value costs neither the page nor, mostly, its record.
"""

from __future__ import annotations

import json
import re
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from landbridge.errors import SurpriseError
from landbridge.http.evidence import shape_of
from landbridge.http.text import clean_text

T = TypeVar("T")

# Escaped or raw control characters that clean_text would drop; msgspec lets them pass.
_CONTROL = re.compile(rb"\\u00(?:0[0-8bBcCeEfF]|1[0-9a-fA-F]|7[fF]|[89][0-9a-fA-F])|\\[bf]|\x7f|\xc2[\x80-\x9f]")
_INFINITE = frozenset({float("inf"), float("-inf")})


def decode_json(content: bytes | msgspec.Raw, kind: type[T]) -> T:
    """Read ``content`` as ``kind``. Unknown fields are ignored; a wrong shape is a SurpriseError without values."""
    raw = bytes(content)
    try:
        if not _CONTROL.search(raw):
            return msgspec.json.decode(raw, type=kind)
    except (ValueError, RecursionError):
        pass  # broken or of another shape: the mended form decides which
    return _decode_mended(raw, kind)


def _decode_mended(raw: bytes, kind: type[T]) -> T:
    try:
        document = mend_json(raw)
        try:
            return msgspec.json.decode(json.dumps(document, ensure_ascii=False), type=kind)
        except msgspec.ValidationError:
            found: T = _forgive(document, kind)
            return found
    except (ValueError, RecursionError):
        evidence = shape_of(raw)
    # Raised outside the handler: a chained exception would carry the offending value into the log.
    raise SurpriseError(
        f"the answer is not the JSON we know: {evidence}", code="unexpected_answer", facts={"shape": evidence}
    )


def mend_json(raw: bytes) -> Any:
    """The document with clean text and no NaN. Raises ValueError, RecursionError where it is no JSON at all."""
    text = raw.decode("utf-8-sig", errors="replace")
    return _clean(json.loads(text, strict=False, parse_constant=lambda _: None))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(key): _clean(item) for key, item in value.items()}
    if isinstance(value, float) and value in _INFINITE:
        return None  # 1e999 reads as infinity, which JSON cannot say
    return value


def _forgive(value: Any, kind: Any) -> Any:
    """Convert ``value``; what does not fit an optional field is left out. ValueError where nothing can be left out."""
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        return _forgive_union(value, get_args(kind))
    if origin is list and isinstance(value, list):
        return [fitting for item in value for fitting in _if_fits(item, get_args(kind)[0])]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        return _forgive_struct(value, kind)
    return msgspec.convert(value, kind)


def _forgive_union(value: Any, kinds: tuple[Any, ...]) -> Any:
    if value is None and NoneType in kinds:
        return None
    for kind in kinds:
        for fitting in _if_fits(value, kind):
            return fitting
    raise ValueError("no kind fits")


def _forgive_struct(value: dict[str, Any], kind: type[msgspec.Struct]) -> msgspec.Struct:
    fitting: dict[str, Any] = {}
    for name, hint, field in _fields(kind):
        if field.encode_name not in value:
            continue
        for found in _if_fits(value[field.encode_name], hint):
            fitting[name] = found
    try:
        return kind(**fitting)
    except TypeError:
        raise ValueError("a required field is missing") from None


def _if_fits(value: Any, kind: Any) -> list[Any]:
    try:
        return [_forgive(value, kind)]
    except ValueError:
        return []


@cache
def _fields(kind: type[msgspec.Struct]) -> list[tuple[str, Any, msgspec.structs.FieldInfo]]:
    hints = get_type_hints(kind)
    return [(field.name, hints[field.name], field) for field in msgspec.structs.fields(kind)]
