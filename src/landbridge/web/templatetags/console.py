"""What every page's markup is made of: times, numbers, badges, bars, steps, fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from landbridge.web import words
from landbridge.web.console.turns import Step
from landbridge.web.console.visit import Visit

register = template.Library()

# How instants are written: https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#date
SHAPES = {
    "": pgettext_lazy("how an instant is written", "j M Y, H:i"),
    "time": pgettext_lazy("how an instant is written", "H:i"),
    "seconds": pgettext_lazy("how an instant is written", "j M, H:i:s"),
    "date": pgettext_lazy("how an instant is written", "j M Y"),
    "whole": pgettext_lazy("how an instant is written", "j F Y, H:i:s e"),
}


@register.filter
def thousands(number: int) -> str:
    """12345 as 12,345, or as the reader's language has it."""
    return words.thousands(number)


@register.filter
def said(text: object, code: str = "") -> str:
    """A sentence of the engine's in the reader's language; ``code`` explains it where it is in no catalogue."""
    return words.said(text, code)


@register.filter
def role(name: str) -> str:
    """ "admin" as the reader calls it."""
    return str(words.ROLES.get(name, name))


@register.filter
def scopes(names: Iterable[str]) -> str:
    """What a token may use, as the reader calls it."""
    return ", ".join(str(words.SCOPES.get(name, name)) for name in names)


@register.filter
def unlocalised(number: int) -> str:
    """A number as attributes of HTML and SVG want it, whatever the language of the page."""
    return str(number)


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, **named: Any) -> str:
    """The address of a route, in this page's workspace where it is one of a workspace's."""
    visit = context.get("visit")
    if not isinstance(visit, Visit):
        raise TypeError("this page has no visit; use {% url %}")
    return visit.address(name, **named)


@register.simple_tag
def when(at: datetime | None, form: str = "") -> SafeString:
    """An instant in the reader's zone. ``form``: "time" without the day, "seconds" with seconds."""
    if at is None:
        return format_html('<span class="quiet">{}</span>', _("never"))
    local = timezone.localtime(at)
    shown = date_format(local, str(SHAPES.get(form, SHAPES[""])))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        date_format(local, str(SHAPES["whole"])),
        f"{shown} {local.tzname()}" if form in {"time", "seconds"} else shown,
    )


@register.simple_tag(takes_context=True)
def ago(context: Context, at: datetime | None) -> SafeString:
    """How long ago, with the instant itself behind it."""
    if at is None:
        return when(None)
    visit = context.get("visit")
    now = visit.now if isinstance(visit, Visit) else timezone.now()
    words = (
        _("just now")
        if (now - at).total_seconds() < 60
        else _("%(length)s ago") % {"length": timesince(at, now, depth=1)}
    )
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        date_format(local, str(SHAPES["whole"])),
        words,
    )


@register.simple_tag
def badge(tone: str, text: object) -> SafeString:
    """A state in a word: good, busy, wait, bad or held. Its mark differs by tone, so colour never speaks alone."""
    return format_html('<span class="badge {}">{}</span>', tone, text)


@register.inclusion_tag("console/parts/bar.html")
def bar(done: int, total: int | None, label: object) -> Mapping[str, object]:
    """How far something is; without ``total`` only that it moves."""
    percent = min(100, 100 * done // total) if total else None
    return {"done": done, "total": total, "label": label, "percent": percent}


@register.inclusion_tag("console/parts/stepper.html")
def stepper(steps: Sequence[Step], label: object = "") -> Mapping[str, object]:
    """The steps of a way, whose turn each is, and what happens next."""
    return {"steps": steps, "label": label or _("Steps")}


@register.inclusion_tag("console/parts/field.html")
def field(bound: BoundField) -> Mapping[str, object]:
    """One field of a Django form with its label, its help and what is wrong with it."""
    kind = getattr(bound.field.widget, "input_type", "")
    return {"field": bound, "checkbox": kind == "checkbox" and not hasattr(bound.field, "choices")}


@register.inclusion_tag("console/parts/empty.html")
def empty(title: object, text: object, address: str = "", label: object = "") -> Mapping[str, object]:
    """What stands where there is nothing yet, and how it comes to be."""
    return {"title": title, "text": text, "address": address, "label": label}
