"""The part of the page about events for an ATS of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from landbridge.errors import LandbridgeError
from landbridge.jobs.events import EventsState, load_events
from landbridge.web.acts import events
from landbridge.web.console.access import Who, acts
from landbridge.web.console.visit import Visit
from landbridge.web.console.working import problem_of


class EventsForm(forms.Form):
    url = forms.CharField(
        label=_("Address that takes events"),
        required=False,
        max_length=500,
        help_text=_("https, reachable from here. Leave it empty to stop events; what comes meanwhile waits."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


async def load(visit: Visit) -> EventsState | None:
    async with visit.works() as works:
        return await load_events(works, visit.workspace_id)


@acts(Who.ADMIN, fresh=True)
async def save(visit: Visit) -> HttpResponse:
    """Say where events go; the first signing secret is shown, once."""
    form = EventsForm(visit.form)
    if not form.is_valid():
        return await _show(visit, {"form": form}, 422)
    try:
        secret = await events.send_to(visit, form.cleaned_data["url"])
    except LandbridgeError as error:
        return await _show(visit, {"form": form}, 422, error)
    return await _show(visit, {"secret": secret})


@acts(Who.ADMIN, fresh=True)
async def rotate(visit: Visit) -> HttpResponse:
    try:
        secret = await events.rotate(visit)
    except LandbridgeError as error:
        return await _show(visit, {}, 422, error)
    return await _show(visit, {"secret": secret})


@acts(Who.ADMIN)
async def test(visit: Visit) -> HttpResponse:
    try:
        await events.send_test(visit)
    except LandbridgeError as error:
        return await _show(visit, {}, 422, error)
    return await visit.goes_to("ats", tell=_("Your ATS took the test event."))


async def _show(
    visit: Visit, told: Mapping[str, Any], status: int = 200, error: LandbridgeError | None = None
) -> HttpResponse:
    from landbridge.web.console.ats.page import show_page

    return await show_page(visit, events=told, problem=problem_of(error) if error else None, status=status)


ROUTES = [
    path("ats/events", save, name="events-save"),
    path("ats/events/secret", rotate, name="events-rotate"),
    path("ats/events/test", test, name="events-test"),
]
