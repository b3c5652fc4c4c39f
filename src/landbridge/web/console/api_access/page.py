"""Tokens are shown once, when they are made; the list shows how each begins and when it was last used."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from landbridge.connectors.rest_ats.source import NAME
from landbridge.errors import LandbridgeError
from landbridge.store.memberships import Role
from landbridge.store.pushes import takes_pushes
from landbridge.store.tokens import Scope, covers, load_tokens, make_token
from landbridge.web.acts import ats, tokens
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.page import Page
from landbridge.web.console.visit import Visit
from landbridge.web.console.working import Problem, problem_of

SCOPES = [
    (Scope.READ.value, _("Read: what the console shows, without the contents of records")),
    (Scope.ATS.value, _("ATS: enter and try its credentials")),
    (Scope.CONSENT.value, _("Consent: agree, choose, withdraw, see samples")),
    (Scope.CONTRACTS.value, _("Contracts: add, pause, disconnect")),
    (Scope.SYNC.value, _("Sync: start, pause and compare")),
    (Scope.SEATS.value, _("Seats: say whose Recruiter seat is whose")),
    (Scope.DESK.value, _("Desk: see and settle what could not be matched, with what people wrote")),
    (Scope.PEOPLE.value, _("People: invite, change roles, remove")),
    (Scope.INGEST.value, _("Push: records of an ATS of your own")),
    (Scope.PANEL.value, _("Panel: open the candidate panel for any user of the ATS")),
    (Scope.TOKENS.value, _("Tokens: see and revoke them; none can make another")),
]


class TokenForm(forms.Form):
    label = forms.CharField(
        label=_("What is it for?"),
        max_length=200,
        help_text=_("The name of the program, so that you know later what stops when you revoke it."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ.value],
        help_text=_("Never more than you may yourself, now or later."),
    )

    def __init__(self, role: Role | None, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["scopes"]
        field.choices = [(name, words) for name, words in SCOPES if covers(role, Scope(name))]  # type: ignore[attr-defined]  # a ChoiceField


@shows(Who.ADMIN)
async def show(visit: Visit) -> HttpResponse:
    return await _page(visit, TokenForm(visit.role))


@acts(Who.ADMIN, fresh=True)
async def make(visit: Visit) -> HttpResponse:
    """Make a token and show it, once."""
    form = TokenForm(visit.role, visit.form)
    if not form.is_valid():
        return await _page(visit, form, status=422)
    label, scopes = form.cleaned_data["label"], [Scope(name) for name in form.cleaned_data["scopes"]]
    async with visit.transaction() as connection:
        token = await make_token(
            connection,
            visit.workspace.id,
            label=label,
            scopes=scopes,
            by=visit.person.get_username(),
            maker=visit.person.id,
            now=visit.now,
        )
        await visit.note("token.made", subject=label, connection=connection, scopes=sorted(scopes))
    return await _page(visit, TokenForm(visit.role), token=token, label=label)


@acts(Who.ADMIN)
async def revoke(visit: Visit, number: int) -> HttpResponse:
    await tokens.revoke(visit, number)
    return await visit.goes_to("api-access", tell=_("The token no longer works."))


@acts(Who.ADMIN)
async def take_pushes(visit: Visit) -> HttpResponse:
    """Make an ATS that pushes this workspace's ATS."""
    try:
        await ats.take_pushes(visit)
    except LandbridgeError as error:
        return await _page(visit, TokenForm(visit.role), problem=problem_of(error), status=409)
    return await visit.goes_to("api-access", tell=_("This workspace now takes what your ATS pushes."))


async def _page(
    visit: Visit,
    form: TokenForm,
    *,
    token: str = "",
    label: str = "",
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    async with visit.connection() as connection:
        known = await load_tokens(connection, visit.workspace.id)
        pushes = await takes_pushes(connection, visit.workspace.id, NAME)
    context = {
        "form": form,
        "tokens": known,
        "token": token,
        "label": label,
        "pushes": pushes,
        "problem": problem,
        "base": visit.request.build_absolute_uri("/api/v1/"),
        "document": reverse("api-document"),
    }
    return await visit.render("console/api_access/page.html", context, status=status)


PAGE = Page(
    name="api-access",
    title=_("API access"),
    icon="key",
    routes=[
        path("api-access", show, name="api-access"),
        path("api-access/make", make, name="make-token"),
        path("api-access/<int:number>/revoke", revoke, name="revoke-token"),
        path("api-access/take-pushes", take_pushes, name="take-pushes"),
    ],
)
