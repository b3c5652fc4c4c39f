"""Signing in, by password or once by a link; signing out; choosing a password."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.contrib.auth import aauthenticate, alogin, alogout, get_user_model, update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from landbridge.store.accounts import forget_tries, try_sign_in, use_sign_in_token
from landbridge.web.console.access import Who, acts, confirm, shows
from landbridge.web.console.visit import Visit

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD_MOST = 1024  # hashing a megabyte costs more than any password is worth

WRONG = _("User name and password do not go together.")
TOO_OFTEN = _("Too many tries. Wait 15 minutes, or use a one-time link.")
USED_LINK = _("This link was used already, or is too old.")


@shows(Who.ANYBODY, changes=Who.ANYBODY)
async def sign_in(visit: Visit) -> HttpResponse:
    if not visit.posted:
        return redirect(destination(visit.request)) if visit.user else await form(visit)
    username, password = visit.form.get("username", "")[:150], visit.form.get("password", "")
    async with visit.connection() as connection:
        if not await try_sign_in(connection, address_of(visit.request), username, visit.now):
            return await form(visit, TOO_OFTEN, status=429)
    fits = len(password) <= PASSWORD_MOST
    user = await aauthenticate(visit.request, username=username, password=password) if fits else None
    if user is None:
        return await form(visit, WRONG, status=403)
    await alogin(visit.request, user)
    await sync_to_async(confirm)(visit.request, visit.now)
    async with visit.connection() as connection:
        await forget_tries(connection, address_of(visit.request), username)
    return redirect(destination(visit.request))


@shows(Who.ANYBODY)
async def sign_in_once(visit: Visit, token: str) -> HttpResponse:
    """Sign in by the link that ``landbridge`` printed. Each link works once."""
    if visit.request.method == "HEAD":  # previews of links must not use them up
        return HttpResponseNotAllowed(["GET"])
    async with visit.connection() as connection:
        found = await use_sign_in_token(connection, token, visit.now)
    if found is None:
        return await form(visit, USED_LINK, status=403)
    user = await get_user_model().objects.aget(pk=found)
    await alogin(visit.request, user, backend=MODEL_BACKEND)
    await sync_to_async(confirm)(visit.request, visit.now)
    return redirect("home")


@acts(Who.ANYBODY)
async def sign_out(visit: Visit) -> HttpResponse:
    await alogout(visit.request)
    return redirect("sign-in")


@shows(Who.SIGNED_IN, changes=Who.SIGNED_IN)
async def choose_password(visit: Visit) -> HttpResponse:
    entered = SetPasswordForm(visit.person, visit.form if visit.posted else None)
    if await sync_to_async(entered.is_valid)():
        await sync_to_async(save_password)(visit.request, entered)
        await visit.tell(_("Your new password counts from now on."))
        return redirect("home")
    return await visit.render("console/sign_in/password.html", {"form": entered})


def save_password(request: HttpRequest, entered: SetPasswordForm[User]) -> None:
    """The other sessions of this user end; this one goes on."""
    # Django looks the session's user up when it is first asked for, which must not be after the password has changed.
    if request.user.is_authenticated:
        entered.save()
        update_session_auth_hash(request, entered.user)


async def form(visit: Visit, problem: object = "", *, status: int = 200) -> HttpResponse:
    request = visit.request
    context = {"problem": problem, "username": visit.form.get("username", "")[:150], "next": destination(request)}
    return await visit.render("console/sign_in/page.html", context, status=status)


def destination(request: ASGIRequest) -> str:
    """Where to go after signing in: a page of ours, whatever the address asks for."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    secure = request.is_secure()
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=secure):
        return wanted
    return "/"


def address_of(request: ASGIRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


ROUTES = [
    path("sign-in", sign_in, name="sign-in"),
    path("sign-in/<str:token>", sign_in_once, name="sign-in-once"),
    path("sign-out", sign_out, name="sign-out"),
    path("password", choose_password, name="password"),
]
