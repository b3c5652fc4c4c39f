"""How allauth does things here: nobody signs up by themselves, and its secrets are sealed like all others."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

from landbridge.store.secrets import Vault
from landbridge.web.rooms import room_of

INVITED_BY = "landbridge_invitation"  # in the session: the token somebody came with, until they have an account
QUIET = frozenset({"account/messages/logged_in.txt", "account/messages/logged_out.txt"})


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the adapter's signature
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - the adapter's signature
        return reverse("home")

    def add_message(self, request: HttpRequest, level: int, *given: Any, **named: Any) -> None:
        """Being signed in is plain to see; only what is not is said."""
        if not {str(given[0]) if given else "", str(named.get("message_template"))} & QUIET:
            super().add_message(request, level, *given, **named)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """Seeds of codes are sealed with the key of this database; row 0 says that they belong to no workspace."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(_vault().seal(text.encode(), workspace=0, system="console", field="factor")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text)
        return _vault().open(sealed, workspace=0, system="console", field="factor").decode()

    def get_totp_label(self, user: User) -> str:
        return user.get_username()


class SingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Whoever is known may come in; whoever is new needs an invitation, however well the issuer knows them."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002 - as above
        return bool(request.session.get(INVITED_BY))

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Make the account and let it into the workspace it was invited to, or neither."""
        from landbridge.web.console.join.accepting import accept_by_sso

        user: User = super().save_user(request, sociallogin, form)
        accept_by_sso(request, user, request.session.pop(INVITED_BY, ""))
        return user


def _vault() -> Vault:
    vault = room_of(context.request).vault
    if vault is None:
        raise TypeError("the application puts the vault into the room")
    return vault
