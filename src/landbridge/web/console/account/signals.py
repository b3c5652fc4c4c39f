"""What signing in and second factors leave behind: a fresh confirmation, and a line in the activity."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import authentication_step_completed
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from allauth.socialaccount.signals import social_account_added, social_account_removed
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.core.handlers.asgi import ASGIRequest

from landbridge.store.models import AuditEvent, Profile
from landbridge.web import languages, zones
from landbridge.web.console.access import confirm
from landbridge.web.rooms import room_of


def connect() -> None:
    """Once per process."""
    user_logged_in.connect(on_signed_in, dispatch_uid="landbridge")
    authentication_step_completed.connect(on_proved, dispatch_uid="landbridge")
    for signal, act in (
        (authenticator_added, "factor.added"),
        (authenticator_removed, "factor.removed"),
        (authenticator_reset, "factor.codes_renewed"),
        (authentication_failed, "factor.refused"),
    ):
        signal.connect(_noting(act), weak=False, dispatch_uid=f"landbridge {act}")
    for signal, act in ((social_account_added, "sso.linked"), (social_account_removed, "sso.unlinked")):
        signal.connect(_noting_login(act), weak=False, dispatch_uid=f"landbridge {act}")


def on_signed_in(request: ASGIRequest, user: User, **_: Any) -> None:
    confirm(request, room_of(request).clock())
    UserSession.objects.create_from_request(request)  # allauth sees only those who come by its own views
    profile = Profile.objects.filter(user_id=user.pk).first()
    request.session[zones.CHOSEN] = profile.zone if profile else ""
    request.session[languages.CHOSEN] = profile.language if profile else ""
    methods = [str(record.get("method")) for record in get_authentication_records(request, user)]
    note(request, user, "signed_in", by=methods or ["link"])


def on_proved(request: ASGIRequest, user: User, method: str, **extra: Any) -> None:
    """Only somebody who is signed in already has shown anew who they are; others have further steps to go."""
    if extra.get("reauthenticated"):
        confirm(request, room_of(request).clock())
        note(request, user, "confirmed", by=method)


def _noting(act: str) -> Any:
    def receive(request: ASGIRequest, user: User, authenticator: Any = None, **_: Any) -> None:
        note(request, user, act, factor=str(getattr(authenticator, "type", "")))

    return receive


def _noting_login(act: str) -> Any:
    def receive(request: ASGIRequest, sociallogin: Any = None, socialaccount: Any = None, **_: Any) -> None:
        owner = (sociallogin or socialaccount).user
        note(request, owner, act)

    return receive


def note(request: ASGIRequest, user: User, act: str, **facts: Any) -> None:
    """A line about a person rather than a workspace."""
    AuditEvent.objects.create(
        at=room_of(request).clock(), user_id=user.pk, who=user.get_username(), act=act, facts=facts
    )
