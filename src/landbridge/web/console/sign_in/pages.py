"""Signing in, by password or once by a link; signing out; choosing a password."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.auth import aauthenticate, alogin, alogout, get_user_model, update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landbridge.store.accounts import forget_tries, try_sign_in, use_sign_in_token
from landbridge.web.rooms import room_of

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD_MOST = 1024  # hashing a megabyte costs more than any password is worth

WRONG = "User name and password do not go together."
TOO_OFTEN = "Too many tries. Wait 15 minutes, or use a one-time link."
USED_LINK = "This link was used already, or is too old."


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
async def sign_in(request: ASGIRequest) -> HttpResponse:
    if request.method == "GET":
        if (await request.auser()).is_authenticated:
            return redirect(destination(request))
        return await form(request)
    username, password = request.POST.get("username", "")[:150], request.POST.get("password", "")
    room = room_of(request)
    async with room.database.connection() as connection:
        if not await try_sign_in(connection, address_of(request), username, room.clock()):
            return await form(request, TOO_OFTEN, status=429)
    user = (
        await aauthenticate(request, username=username, password=password) if len(password) <= PASSWORD_MOST else None
    )
    if user is None:
        return await form(request, WRONG, status=403)
    await alogin(request, user)
    async with room.database.connection() as connection:
        await forget_tries(connection, address_of(request), username)
    return redirect(destination(request))


@require_GET
async def sign_in_once(request: ASGIRequest, token: str) -> HttpResponse:
    """Sign in by the link that ``landbridge`` printed. Each link works once."""
    room = room_of(request)
    async with room.database.connection() as connection:
        found = await use_sign_in_token(connection, token, room.clock())
    if found is None:
        return await form(request, USED_LINK, status=403)
    user = await get_user_model().objects.aget(pk=found)
    await alogin(request, user, backend=MODEL_BACKEND)
    return redirect(django_settings.LOGIN_REDIRECT_URL)


@require_POST
async def sign_out(request: ASGIRequest) -> HttpResponse:
    await alogout(request)
    return redirect(django_settings.LOGIN_URL)


@sensitive_post_parameters("new_password1", "new_password2")
@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not isinstance(user, User):
        return redirect(django_settings.LOGIN_URL)
    entered = SetPasswordForm(user, request.POST or None)
    if entered.is_valid():
        entered.save()
        # The other sessions of this user end; this one goes on.
        update_session_auth_hash(request, user)
        messages.success(request, "Your new password counts from now on.")
        return redirect(django_settings.LOGIN_REDIRECT_URL)
    return render(request, "sign_in/password.html", {"form": entered, "signed_in": user})


async def form(request: ASGIRequest, problem: str = "", *, status: int = 200) -> HttpResponse:
    context = {"problem": problem, "username": request.POST.get("username", "")[:150], "next": destination(request)}
    return await sync_to_async(render)(request, "sign_in/page.html", context, status=status)


def destination(request: ASGIRequest) -> str:
    """Where to go after signing in: a page of ours, whatever the address asks for."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    secure = request.is_secure()
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=secure):
        return wanted
    return "/"


def address_of(request: ASGIRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
