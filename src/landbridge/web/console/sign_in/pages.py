"""Signing in, by password or once by a link; signing out; choosing a password."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async
from django.contrib.auth import HASH_SESSION_KEY, aauthenticate, alogin, alogout, get_user_model
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from landbridge.store.accounts import forget_tries, try_sign_in, use_sign_in_token
from landbridge.web.console.access import Who, acts, shows
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
    if not isinstance(user, User):
        return await form(visit, WRONG, status=403)
    answer: HttpResponse = await sync_to_async(begin)(visit.request, user, destination(visit.request))
    if await sync_to_async(_is_in)(visit.request):
        async with visit.connection() as connection:
            await forget_tries(connection, address_of(visit.request), username)
    return answer


def begin(request: HttpRequest, user: User, address: str) -> HttpResponse:
    """Let somebody whose password was right go on: in, or to their second factor first."""
    login = Login(user=user, redirect_url=address)
    return perform_password_login(request, {"username": user.get_username()}, login)  # type: ignore[no-any-return]


def _is_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


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
    wanted = destination(visit.request)
    return redirect("welcome" if wanted == "/" and not user.has_usable_password() else wanted)


@acts(Who.ANYBODY)
async def sign_out(visit: Visit) -> HttpResponse:
    await alogout(visit.request)
    return redirect("sign-in")


@shows(Who.SIGNED_IN, changes=Who.SIGNED_IN, fresh=True)
async def choose_password(visit: Visit) -> HttpResponse:
    entered = SetPasswordForm(visit.person, visit.form if visit.posted else None)
    if await sync_to_async(entered.is_valid)():
        await sync_to_async(save_password)(visit.request, entered)
        await visit.note("password.changed")
        return await visit.goes_to("account", tell=_("Your new password counts from now on."))
    return await visit.render("console/sign_in/password.html", {"form": entered})


def save_password(request: HttpRequest, entered: SetPasswordForm[User]) -> None:
    entered.save()
    keep_session(request, entered.user)


def keep_session(request: HttpRequest, person: User) -> None:
    """A new password ends all sessions of an account but the one in which it was chosen, which gets a new key.

    Django's own function asks for the session's user first, whom the new password has just shut out.
    """
    request.session.cycle_key()
    request.session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    UserSession.objects.create_from_request(request)


async def form(visit: Visit, problem: object = "", *, status: int = 200) -> HttpResponse:
    request = visit.request
    context = {
        "problem": problem,
        "username": visit.form.get("username", "")[:150],
        "next": destination(request),
        "rested": "rested" in visit.asked,
        "idle_minutes": visit.room.settings.session_idle_minutes,
        "sso": visit.room.settings.oidc_name if visit.room.settings.oidc_issuer else "",
    }
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
    path("sign-in", sign_in, name="account_login"),  # allauth's name for it
    path("sign-in/<str:token>", sign_in_once, name="sign-in-once"),
    path("sign-out", sign_out, name="sign-out"),
    path("password", choose_password, name="password"),
]
