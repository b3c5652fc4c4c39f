"""What callers send: bodies as typed structs, and the refusals for those that are none."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated, Any, Final, TypeVar

import msgspec

from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError

T = TypeVar("T")

MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
Said = Annotated[str, msgspec.Meta(min_length=1)]
PartialDate = Annotated[str, msgspec.Meta(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]


def body_of(call: Call, kind: type[T], status: int = choices.BODY_NOT_UNDERSTOOD[0]) -> T:
    """The body as ``kind``; fields nobody knows are passed over. Refused with ``status`` when it is not one."""
    try:
        return msgspec.json.decode(call.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise RefusalError(status, choices.BODY_NOT_UNDERSTOOD[1], str(problem)) from None


def field_set(record: msgspec.Struct) -> dict[str, Any]:
    """The fields a body really had, by their wire names."""
    names = zip(record.__struct_fields__, record.__struct_encode_fields__, strict=True)
    found = {wire: getattr(record, name) for name, wire in names}
    return {name: msgspec.to_builtins(value) for name, value in found.items() if value is not msgspec.UNSET}


def check_mail(email: str) -> None:
    if not MAIL.fullmatch(email):
        raise RefusalError(*choices.BODY_NOT_UNDERSTOOD, "email must be an e-mail address")


def known(value: str, allowed: Collection[str], name: str) -> str:
    if value not in allowed:
        raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, f"{name} knows {', '.join(sorted(allowed))}")
    return value
