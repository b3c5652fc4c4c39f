"""Templates to bytes, and the headers every page carries."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from landbridge.sandbox.worlds.moment import Moment, iso

FOLDER: Final = Path(__file__).parent


@cache
def templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["instant"] = _instant
    environment.filters["words"] = lambda code: str(code).replace("_", " ").capitalize()
    return environment


def render(template: str, context: Mapping[str, Any]) -> bytes:
    # Half a surrogate pair in a name of a hostile world has no bytes of its own.
    return templates().get_template(template).render(context).encode("utf-8", "replace")


def page_headers(widget: str | None) -> dict[str, str]:
    """``widget`` is the address of another site whose script and frame the page shows."""
    other = f" {widget}" if widget else ""
    frames = widget or "'none'"
    policy = (
        f"default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; script-src 'self'{other}; "
        f"frame-src {frames}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return {
        "cache-control": "no-store",
        "content-security-policy": policy,
        # A widget is told which site it is on, never whose page.
        "referrer-policy": "strict-origin-when-cross-origin",
        "x-content-type-options": "nosniff",
    }


def _instant(moment: Moment) -> str:
    """As people read it; a hostile world holds texts that are no instants, which stand as they are."""
    try:
        text = iso(moment) or "not known"
    except (OSError, OverflowError, ValueError):
        return "after the year 9999"
    return f"{text[:10]} {text[11:16]} UTC" if isinstance(moment, int) else text
