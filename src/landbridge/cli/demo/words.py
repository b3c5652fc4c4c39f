"""Bringing text, times and addresses of both sides into comparable form. Written for the check alone."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def plain(value: object) -> str:
    """Text without control characters (which no database stores) and without blanks around it; "" for anything else."""
    if not isinstance(value, str):
        return ""
    kept = (char for char in value if char in "\t\n\r" or unicodedata.category(char) != "Cc")
    return "".join(kept).strip()


def one_line(value: object) -> str:
    return " ".join(plain(value).split())


def millis(value: object) -> int | None:
    """Epoch milliseconds of an ISO instant (UTC where it names no zone), None for what is no instant."""
    try:
        at = datetime.fromisoformat(plain(value))
    except ValueError:
        return None
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - EPOCH) // timedelta(milliseconds=1)


def cut(text: str, units: int) -> str:
    """At most ``units`` UTF-16 code units, no character cut in two."""
    while len(text.encode("utf-16-le", "surrogatepass")) > 2 * units:
        text = text[:-1]
    return text.rstrip()


def is_address(email: str) -> bool:
    """X@X.X, without anything that would make it two addresses or none."""
    name, at, domain = email.partition("@")
    parts = domain.split(".")
    odd = any(char.isspace() or char in '<>(),;:"[]\\@' for char in name + domain)
    return bool(name and at and len(parts) > 1 and all(parts)) and not odd


def is_web_address(url: str) -> bool:
    try:
        return urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).hostname) and not re.search(r"\s", url)
    except ValueError:
        return False


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's shape
        self._silent += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"} and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def letters(html: str) -> str:
    """The letters and digits people read in a piece of HTML: what must not change, however tags are set."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    return "".join(char for char in "".join(parser.parts) if char.isalnum())
