"""Templates to bytes, and the headers every page carries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER: Final = Path(__file__).parent
#: ``form-action`` and ``frame-ancestors`` are for the page to say.
POLICY: Final = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'"


@cache
def templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["instant"] = _instant
    return environment


def render(template: str, context: Mapping[str, Any]) -> bytes:
    # Half a surrogate pair in a name of a hostile world has no bytes of its own.
    return templates().get_template(template).render(context).encode("utf-8", "replace")


def policy(*, forms: str = "'self'", frames: str = "'none'") -> str:
    """The content security policy; ``forms`` may be sent there, ``frames`` may show the page."""
    return f"{POLICY}; base-uri 'none'; form-action {forms}; frame-ancestors {frames}"


def page_headers(content_policy: str) -> dict[str, str]:
    return {
        "cache-control": "no-store",
        "content-security-policy": content_policy,
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }


def _instant(ms: int) -> str:
    """Epoch milliseconds as people read them."""
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).strftime("%d %b %Y, %H:%M UTC")
    except (OSError, OverflowError, ValueError):
        # Hostile worlds hold instants no calendar has.
        return "after the year 9999"
