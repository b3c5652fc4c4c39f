"""The page behind an invitation, and the page on which the first admin chooses name and password."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django import forms
from django.contrib.auth import alogin, alogout
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from landbridge.store.accounts import ALREADY_CLAIMED, claim_account, create_account
from landbridge.store.audit import note_act
from landbridge.store.invitations import find_invitation
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.account.adapters import INVITED_BY
from landbridge.web.console.join.accepting import accept
from landbridge.web.console.sign_in.pages import MODEL_BACKEND, keep_session
from landbridge.web.console.sign_in.second import to_issuer
from landbridge.web.console.visit import Visit

TAKEN = gettext_lazy("Somebody has that user name already. Choose another.")
VOID = gettext_lazy("Somebody else has just used this invitation.")


class NewcomerForm(forms.Form):
    """User name, address, and a password that is entered twice."""

    username = forms.CharField(
        label=gettext_lazy("User name"), max_length=150, validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=gettext_lazy("E-mail address (optional)"), required=False, max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    password = forms.CharField(
        label=gettext_lazy("Password"), max_length=1024, strip=False,
        help_text=gettext_lazy("At least 12 characters, and not a common one. A few words in a row are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("Password again"), max_length=1024, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, str]:
        given: dict[str, str] = super().clean() or {}
        if not self.errors and given["password"] != given["again"]:
            self.add_error("again", gettext_lazy("The two passwords differ."))
        elif not self.errors:
            person = User(username=given["username"], email=given["email"])
            try:
                validate_password(given["password"], person)
            except ValidationError as problem:
                self.add_error("password", problem)
        return given


@shows(Who.SIGNED_IN, changes=Who.SIGNED_IN, fresh=True)
async def welcome(visit: Visit) -> HttpResponse:
    """The first admin, who came by the link that was printed, becomes somebody: once."""
    if visit.person.has_usable_password():
        return redirect("home")
    form = NewcomerForm(visit.form if visit.posted else None, initial={"username": visit.person.get_username()})
    if visit.posted and await sync_to_async(form.is_valid)():
        problem = await _claim(visit, form)
        if not problem:
            return await visit.goes_to("home", tell=_("Welcome. Your user name and password count from now on."))
        if problem == ALREADY_CLAIMED:
            await alogout(visit.request)
            return redirect("sign-in")
        form.add_error("username", TAKEN)
    return await visit.render("console/join/welcome.html", {"form": form})


async def _claim(visit: Visit, form: NewcomerForm) -> str:
    given = form.cleaned_data
    hashed = await sync_to_async(make_password)(given["password"])
    async with visit.transaction() as connection:
        problem = await claim_account(
            connection, visit.person.id, username=given["username"], email=given["email"], password=hashed
        )
        if problem:
            return problem
        await note_act(connection, at=visit.now, act="account.claimed", who=given["username"], user=visit.person.id)
    await visit.person.arefresh_from_db()
    await sync_to_async(keep_session)(visit.request, visit.person)
    return ""


@shows(Who.ANYBODY, changes=Who.ANYBODY)
async def join(visit: Visit, token: str) -> HttpResponse:
    """Somebody with an invitation makes an account, or joins with the one they are signed in to."""
    async with visit.connection() as connection:
        found = await find_invitation(connection, token, visit.now)
    if found is None:
        return await visit.render("console/join/void.html", status=404)
    form = NewcomerForm(visit.form if visit.posted and not visit.user else None)
    if visit.posted and (visit.user or await sync_to_async(form.is_valid)()):
        joined = await (_join_as(visit, token) if visit.user else _join_as_newcomer(visit, token, form))
        if joined:
            return redirect(reverse("overview", kwargs={"workspace": found.slug}))
    settings = visit.room.settings
    context = {"form": form, "found": found, "token": token, "sso": settings.oidc_name if settings.oidc_issuer else ""}
    return await visit.render("console/join/page.html", context)


@acts(Who.ANYBODY)
async def join_by_sso(visit: Visit, token: str) -> HttpResponse:
    """Keep the invitation while the person is away at the issuer; the adapter takes it from the session."""
    async with visit.connection() as connection:
        if await find_invitation(connection, token, visit.now) is None:
            return await visit.render("console/join/void.html", status=404)
    await visit.request.session.aset(INVITED_BY, token)
    return await to_issuer(visit.request)


async def _join_as(visit: Visit, token: str) -> bool:
    async with visit.transaction() as connection:
        return await accept(connection, token, visit.person.id, visit.person.get_username(), visit.now)


async def _join_as_newcomer(visit: Visit, token: str, form: NewcomerForm) -> bool:
    """Account and membership, or neither."""
    given = form.cleaned_data
    hashed = await sync_to_async(make_password)(given["password"])
    try:
        async with visit.transaction() as connection:
            number = await create_account(
                connection, username=given["username"], email=given["email"], password=hashed, now=visit.now
            )
            if number is None:
                raise _TakenError(str(TAKEN))
            if not await accept(connection, token, number, given["username"], visit.now):
                raise _TakenError(str(VOID))
    except _TakenError as problem:
        form.add_error("username", str(problem))
        return False
    user = await User.objects.aget(pk=number)
    await alogin(visit.request, user, backend=MODEL_BACKEND)
    return True


class _TakenError(Exception):
    """Rolls the half-made account back."""


ROUTES = [
    path("welcome", welcome, name="welcome"),
    path("join/<str:token>", join, name="join"),
    path("join/<str:token>/sso", join_by_sso, name="join-sso"),
]
