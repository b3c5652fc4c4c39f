"""The connection to the ATS: entered, tried, shown with what it reaches and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from landbridge.connectors.smartrecruiters.access import Permission
from landbridge.errors import LandbridgeError
from landbridge.jobs.onboarding.ats import load_ats
from landbridge.ports.source import Access
from landbridge.store.connections import SystemState, load_system_states
from landbridge.store.overview import SweepProgress, load_newest_sweep
from landbridge.web.acts import ats
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.ats import events as own
from landbridge.web.console.ats import panel as shown
from landbridge.web.console.page import Page
from landbridge.web.console.visit import Visit
from landbridge.web.console.working import Problem, problem_of
from landbridge.web.words import resource_of

SECRETS = ("api_key", "client_secret")


class AtsForm(forms.Form):
    """Both ways to sign in; what is left empty stays as it was."""

    way = forms.ChoiceField(
        label=_("How Landbridge signs in"),
        choices=(("api_key", _("API key")), ("oauth", _("OAuth client"))),
        widget=forms.RadioSelect,
        initial="api_key",
    )
    api_key = forms.CharField(
        label=_("API key"),
        required=False,
        max_length=500,
        help_text=_("SmartRecruiters: Settings, Credential Manager, New credential, API key."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    client_id = forms.CharField(
        label=_("OAuth client ID"),
        required=False,
        max_length=500,
        help_text=_("SmartRecruiters: Settings, Credential Manager, New credential, OAuth client ID."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    client_secret = forms.CharField(
        label=_("OAuth client secret"),
        required=False,
        max_length=500,
        help_text=_("Shown once by SmartRecruiters, when the credential is made."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    base_url = forms.CharField(
        label=_("API address"),
        required=False,
        max_length=500,
        help_text=_("Only for a sandbox or a gateway of your own."),
    )

    def given(self) -> dict[str, str]:
        told = self.cleaned_data
        return ats.given(told["way"], {name: str(told[name]) for name in ats.FIELDS}, told["base_url"])


class Lacking(Struct, frozen=True, kw_only=True):
    """A permission that is missing, and what does not work without it."""

    name: str
    without: object


WITHOUT = {
    Permission.JOBS: _("Jobs cannot be read, and without them no application can be shared."),
    Permission.CANDIDATES: _("Candidates cannot be read."),
    Permission.APPLICATIONS: _("Dates and sources of applications cannot be read."),
    Permission.HISTORY: _("Recruiters see the present step of an application only, not its history."),
    Permission.USERS: _("Recruiter seats cannot be joined with users."),
    Permission.SOURCES: _("Sources are shown by their ids instead of their names."),
    Permission.REVIEWS: _("Reviews cannot be shared."),
    Permission.NOTES: _("Notes cannot be shared. SmartRecruiters shows them to administrators only."),
    Permission.REPORTS: _("The report of applications cannot be used."),
}


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    return await show_page(visit)


@acts(Who.ADMIN, fresh=True)
async def save(visit: Visit) -> HttpResponse:
    """Try what was entered; it is kept only where it works."""
    form = AtsForm(visit.form)
    if not form.is_valid():
        return await show_page(visit, form=form, status=422)
    try:
        access = await ats.connect(visit, form.cleaned_data["way"], form.given())
    except LandbridgeError as error:
        return await show_page(visit, form=form, problem=problem_of(error), status=422)
    return await show_page(visit, access=access)


@acts(Who.ADMIN)
async def check(visit: Visit) -> HttpResponse:
    try:
        access = await ats.check(visit)
    except LandbridgeError as error:
        return await show_page(visit, problem=problem_of(error), status=422)
    return await show_page(visit, access=access)


async def show_page(
    visit: Visit,
    *,
    form: AtsForm | None = None,
    access: Access | None = None,
    problem: Problem | None = None,
    status: int = 200,
    events: Mapping[str, Any] | None = None,
    panel: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """``events`` and ``panel``: what an act upon these parts of the page has to show."""
    sent = await own.load(visit)
    async with visit.works() as works:
        stored = await load_ats(works, visit.workspace.id)
    async with visit.connection() as connection:
        states = {one.system: one for one in await load_system_states(connection, visit.workspace.id)}
        sweep: SweepProgress | None = await load_newest_sweep(connection, visit.workspace.id)
    state: SystemState | None = states.get("smartrecruiters")
    oauth = stored is not None and "client_id" in stored.settings
    initial = {
        "way": "oauth" if oauth else "api_key",
        "client_id": stored.settings.get("client_id", "") if stored else "",
        "base_url": stored.settings.get("base_url", "") if stored else "",
    }
    context = {
        "form": form or AtsForm(initial=initial),
        "state": state,
        "pushes": "rest_ats" in states,
        "panel": {**await shown.load(visit), **(panel or {})},
        "events": sent and {"form": own.EventsForm(initial={"url": sent.url}), "events": sent, **(events or {})},
        "way": (_("OAuth client") if oauth else _("API key")) if stored else None,
        "access": access,
        "counts": [(resource_of(name), count) for name, count in access.counts.items()] if access else [],
        "missing": [Lacking(name=name, without=WITHOUT[Permission(name)]) for name in access.missing] if access else [],
        "problem": problem,
        "sweep": sweep,
    }
    return await visit.render("console/ats/page.html", context, status=status)


PAGE = Page(
    name="ats",
    title=_("Your ATS"),
    icon="ats",
    routes=[
        path("ats", show, name="ats"),
        path("ats/save", save, name="ats-save"),
        path("ats/check", check, name="ats-check"),
        *own.ROUTES,
        *shown.ROUTES,
    ],
)
