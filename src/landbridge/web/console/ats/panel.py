"""The part of the page about the candidate panel: which pages may show it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from landbridge.errors import LandbridgeError
from landbridge.web.acts import panel
from landbridge.web.console.access import Who, acts
from landbridge.web.console.visit import Visit
from landbridge.web.console.working import problem_of


class OriginsForm(forms.Form):
    origins = forms.CharField(
        label=_("Pages that may show it"),
        required=False,
        max_length=5_000,
        help_text=_("The addresses at which people open your ATS, one on each line, such as https://ats.example.com."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )


async def load(visit: Visit) -> dict[str, Any]:
    origins = await panel.load_origins(visit)
    return {"origins": origins, "form": OriginsForm(initial={"origins": "\n".join(origins)})}


@acts(Who.ADMIN)
async def save(visit: Visit) -> HttpResponse:
    from landbridge.web.console.ats.page import show_page

    form = OriginsForm(visit.form)
    if not form.is_valid():
        return await show_page(visit, panel={"form": form}, status=422)
    try:
        await panel.name_origins(visit, form.cleaned_data["origins"].split())
    except LandbridgeError as error:
        return await show_page(visit, panel={"form": form}, problem=problem_of(error), status=422)
    return await visit.goes_to("ats", tell=_("Saved. Links to the panel open on these pages only."))


ROUTES = [path("ats/panel", save, name="panel-save")]
