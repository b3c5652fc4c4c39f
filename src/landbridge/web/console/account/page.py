"""The page of one's own account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async
from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from landbridge.store.models import AuditEvent, Profile
from landbridge.web import languages, zones
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.account.wording import act_words, browser_of
from landbridge.web.console.visit import Visit

RECENT = 10


class ProfileForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), required=False, max_length=254)
    zone = forms.ChoiceField(
        label=_("Time zone"), required=False, help_text=_("Times on all pages are shown in this zone.")
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]  # Django's own signature is long
        known = sorted(
            name for name in zones.known_zones() if "/" in name and not name.startswith(("Etc/", "posix", "right"))
        )
        self.fields["zone"].choices = [  # type: ignore[attr-defined]  # a ChoiceField has them
            ("", _("As my browser says")), ("UTC", "UTC"), *((name, name.replace("_", " ")) for name in known),
        ]  # fmt: skip
        self.fields["language"].choices = [("", _("As my browser says")), *settings.LANGUAGES]  # type: ignore[attr-defined]  # as above


class SignedIn(Struct, frozen=True):
    """One browser in which this person is signed in."""

    session: UserSession
    browser: str
    current: bool


class Happened(Struct, frozen=True):
    at: datetime
    words: str


@shows(Who.SIGNED_IN, changes=Who.SIGNED_IN)
async def show(visit: Visit) -> HttpResponse:
    form = await sync_to_async(_form)(visit)
    if visit.posted and form.is_valid():
        await sync_to_async(_save)(visit, form)
        return await visit.goes_to("account", tell=_("Saved."))
    context = await sync_to_async(_context)(visit)
    return await visit.render("console/account/page.html", {**context, "form": form})


@acts(Who.SIGNED_IN)
async def end_session(visit: Visit, number: int) -> HttpResponse:
    """End one of one's own sign-ins; somebody else's number is as unknown as none."""
    if not await sync_to_async(_end)(visit, number):
        raise Http404
    await visit.note("session.ended")
    return await visit.goes_to("account", tell=_("That browser is signed out."))


@acts(Who.SIGNED_IN)
async def end_others(visit: Visit) -> HttpResponse:
    count = await sync_to_async(_end_others)(visit)
    await visit.note("session.others_ended", count=count)
    return await visit.goes_to("account", tell=_("All other browsers are signed out."))


def _form(visit: Visit) -> ProfileForm:
    if visit.posted:
        return ProfileForm(visit.form)
    profile = Profile.objects.filter(user_id=visit.person.pk).first()
    kept = {"zone": profile.zone, "language": profile.language} if profile else {}
    return ProfileForm(initial={"email": visit.person.email, **kept})


def _save(visit: Visit, form: ProfileForm) -> None:
    zone, language = form.cleaned_data["zone"], form.cleaned_data["language"]
    Profile.objects.update_or_create(user_id=visit.person.pk, defaults={"zone": zone, "language": language})
    visit.request.session[zones.CHOSEN] = zone
    visit.request.session[languages.CHOSEN] = language
    visit.person.email = form.cleaned_data["email"]
    visit.person.save(update_fields=["email"])


def _context(visit: Visit) -> dict[str, object]:
    person, key = visit.person, visit.request.session.session_key
    sessions = UserSession.objects.purge_and_list(person)
    sessions.sort(key=lambda one: (one.session_key != key, -one.last_seen_at.timestamp()))
    factors = Authenticator.objects.filter(user_id=person.pk)
    return {
        "sessions": [SignedIn(one, browser_of(one.user_agent), one.session_key == key) for one in sessions],
        "has_app": factors.filter(type=Authenticator.Type.TOTP).exists(),
        "keys": factors.filter(type=Authenticator.Type.WEBAUTHN).count(),
        "has_codes": factors.filter(type=Authenticator.Type.RECOVERY_CODES).exists(),
        "sso": list(SocialAccount.objects.filter(user_id=person.pk)),
        "sso_name": visit.room.settings.oidc_name if visit.room.settings.oidc_issuer else "",
        "acts": [Happened(one.at, act_words(one.act)) for one in _recent(person.pk)],
    }


def _recent(person: int) -> Iterable[AuditEvent]:
    return AuditEvent.objects.filter(user_id=person, workspace_id=None).order_by("-id")[:RECENT]


def _end(visit: Visit, number: int) -> bool:
    session = UserSession.objects.filter(user_id=visit.person.pk, pk=number).first()
    if session is None:
        return False
    session.end()
    return True


def _end_others(visit: Visit) -> int:
    key = visit.request.session.session_key
    others = [one for one in UserSession.objects.filter(user_id=visit.person.pk) if one.session_key != key]
    for one in others:
        one.end()
    return len(others)


ROUTES = [
    path("account", show, name="account"),
    path("account/sign-ins/<int:number>/end", end_session, name="end-session"),
    path("account/sign-ins/end-others", end_others, name="end-other-sessions"),
]
