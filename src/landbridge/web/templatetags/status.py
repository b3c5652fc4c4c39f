"""How the console writes numbers."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def thousands(number: int) -> str:
    """12345 as 12,345."""
    return f"{number:,}"


@register.filter
def unlocalised(number: int) -> str:
    """A number as attributes of HTML and SVG want it, whatever the language of the page."""
    return str(number)
