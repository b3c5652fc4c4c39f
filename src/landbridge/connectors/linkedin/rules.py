"""What LinkedIn asks of values, checked before anything is sent. A value that cannot pass raises CannotTranslateError.

The codes are listed, with what to do, in ``reasons``. Details name fields and lengths, never values.
Source: the validations of November 2021 and March 2024 in LinkedIn's release notes, and the field tables of its
sync pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from landbridge.errors import CannotTranslateError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
# Clocks differ; a time further ahead than this is a mistake in the ATS and not a clock.
AHEAD = timedelta(days=1)

# The unversioned page allows 200 characters, the versioned one 75. How keys of protocol 1.0 escape is nowhere said,
# so ids keep to characters that need none.
_ID = re.compile(r"[A-Za-z0-9._-]{1,75}")
_EMAIL = re.compile(
    r"[^@\s<>(),;:\"\[\]\\\x00-\x1f\x7f]+@[^@\s<>(),;:\"\[\]\\\x00-\x1f\x7f.]+(?:\.[^@\s<>(),;:\"\[\]\\\x00-\x1f\x7f.]+)+"
)

# Nearly all addresses look like this; the others are taken apart.
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?:/[A-Za-z0-9._~/-]*)?")
_URL_MARKS = "%/?:@!$&'()*+,;=~"

# Addresses people type where a form demands one. LinkedIn audits made-up addresses, so these are never sent. A name is
# compared without case, "-", "_", "/" and "+tag"; one of five letters or more may have digits behind it as well.
PLACEHOLDER_NAMES = (
    "noemail", "nomail", "noemailaddress", "noreply", "donotreply", "dontreply", "unknown", "notknown", "notavailable",
    "notprovided", "none", "na", "null", "nil", "missing", "placeholder", "invalid", "dummy", "fake", "test",
)  # fmt: skip
PLACEHOLDER_WORD = "placeholder"  # anywhere in the address
PLACEHOLDER_LABELS = frozenset({"noemail", "no-email", "nomail", "no-mail"})  # as any label of the domain
UNREACHABLE_ENDINGS = (".invalid", ".localhost", ".local")


def _spelling(word: str) -> str:
    return "[-_/]*".join(word) + (r"[-_/]*\d*" if len(word) >= 5 else "")


_PLACEHOLDER_NAME = re.compile(
    rf"[-_/]*(?:{'|'.join(map(_spelling, PLACEHOLDER_NAMES))}|x+|aa+|\.+)[-_/]*(?:\+.*)?", re.IGNORECASE
)


def id_of(value: str, field: str) -> str:
    if not _ID.fullmatch(value) or value in {".", ".."}:
        raise CannotTranslateError(f"{field}: {len(value)} characters", code="id_unusable")
    return value


def text_of(value: str, field: str, code: str) -> str:
    """Trimmed text that is not empty."""
    text = value.strip()
    if not text:
        raise CannotTranslateError(f"{field} is empty", code=code)
    return text


def url_of(value: str | None, field: str, code: str) -> str:
    """An absolute web address, in ASCII."""
    url = web_address(value)
    if url is None:
        raise CannotTranslateError(f"{field} is no absolute http(s) address", code=code)
    return url


def web_address(value: str | None) -> str | None:
    """The address as it goes over the wire, or None where it is none."""
    url = (value or "").strip()
    if _PLAIN_URL.fullmatch(url):
        return url
    if not url.startswith(("https://", "http://")) or any(map(str.isspace, url)):
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        if not host:
            return None
        return url if url.isascii() else _in_ascii(parts)
    except ValueError:
        return None


def _in_ascii(parts: SplitResult) -> str:
    """The same address with its foreign letters escaped. Raises ValueError for a host that cannot be."""
    netloc = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
    escaped = (quote(part, safe=_URL_MARKS) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, netloc, *escaped))


def millis_of(instant: datetime) -> int:
    """Epoch milliseconds; exact, which a float of seconds is not."""
    return (instant - EPOCH) // MILLISECOND


def created_millis(instant: datetime | None, field: str, now: datetime) -> int:
    """Epoch milliseconds of a required time: known, after 1970, and not in a future no clock explains."""
    if instant is None:
        raise CannotTranslateError(f"{field} is not known", code="created_time_missing")
    if instant > now + AHEAD:
        raise CannotTranslateError(f"{field} is in the future", code="time_in_future")
    millis = (instant - EPOCH) // MILLISECOND
    if millis <= 0:
        raise CannotTranslateError(f"{field} is before 1970", code="time_before_1970")
    return millis


def modified_millis(instant: datetime | None, field: str, created: int, now: datetime) -> int:
    """Epoch milliseconds of a last change. LinkedIn refuses one before the creation: then the creation is taken."""
    if instant is None:
        return created
    if instant > now + AHEAD:
        raise CannotTranslateError(f"{field} is in the future", code="time_in_future")
    return max((instant - EPOCH) // MILLISECOND, created)


def is_address(email: str) -> bool:
    """``X@X.X`` with nothing an address cannot hold."""
    return _EMAIL.fullmatch(email) is not None


def is_placeholder(email: str) -> bool:
    """An address nobody reads, typed because a form asked for one."""
    name, _, domain = email.rpartition("@")
    return (
        _PLACEHOLDER_NAME.fullmatch(name) is not None
        or PLACEHOLDER_WORD in name.lower()
        or _is_placeholder_domain(domain)
    )


@lru_cache(maxsize=4096)  # most people share a few domains
def _is_placeholder_domain(domain: str) -> bool:
    domain = domain.lower()
    return (
        domain.endswith(UNREACHABLE_ENDINGS)
        or PLACEHOLDER_WORD in domain
        or not PLACEHOLDER_LABELS.isdisjoint(domain.split("."))
    )


def usable_emails(emails: Sequence[str]) -> list[str]:
    """The real addresses among ``emails``, each once, in their order."""
    if len(emails) == 1 and is_address(emails[0]) and not is_placeholder(emails[0]):
        return [emails[0]]
    kept: dict[str, str] = {}
    for email in map(str.strip, emails):
        if is_address(email) and not is_placeholder(email):
            kept.setdefault(email.lower(), email)
    return list(kept.values())


def emails_of(emails: Sequence[str]) -> list[str]:
    """At least one real address, because without one LinkedIn takes no candidate."""
    usable = usable_emails(emails)
    if not usable:
        raise CannotTranslateError(f"{len(emails)} addresses, none usable", code=_why_no_email(emails))
    return usable


def _why_no_email(emails: Sequence[str]) -> str:
    given = [email.strip() for email in emails if email.strip()]
    if not given:
        return "email_missing"
    return "email_placeholder" if any(is_address(email) for email in given) else "email_invalid"


def utf16_length(text: str) -> int:
    """Characters as Java counts them, which is how LinkedIn's limits are most strictly read."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut_text(text: str, longest: int) -> str:
    """The beginning of ``text``, at most ``longest`` UTF-16 units, no character cut in two."""
    if utf16_length(text) <= longest:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * longest].decode("utf-16-le", "ignore").rstrip()
