"""The Django project: its settings are made from ours, once per process, when somebody asks for them.

It lives beside the models because migrations need it without any web page; what belongs to the console is named here
by its dotted name only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings as django_settings
from psycopg.conninfo import conninfo_to_dict

from landbridge.settings import Settings

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "landbridge.web.zones.reader_zone",
    "landbridge.web.languages.reader_language",
]


def configure(settings: Settings, database_url: str, *, secret_key: str | None = None) -> None:
    """Configure Django for this process, or point an already configured one at ``database_url``.

    The latter counts for connections opened from then on. Without ``secret_key`` nothing can be signed: enough for
    migrations and queries, not for the console.
    """
    if not django_settings.configured:
        django_settings.configure(**project(settings, database_url, secret_key=secret_key))
        django.setup()
        return
    from django.db import connections

    connections.settings["default"].update(database(database_url))
    if secret_key:
        django_settings.SECRET_KEY = secret_key


def project(settings: Settings, database_url: str, *, secret_key: str | None = None) -> dict[str, Any]:
    """Django's settings as a dictionary."""
    https = (settings.public_url or "").startswith("https://")
    return {
        **_security(https=https),
        **_accounts(settings, https=https),
        "DEBUG": False,
        "SECRET_KEY": secret_key or "",
        "ALLOWED_HOSTS": list(allowed_hosts(settings)),
        "CSRF_TRUSTED_ORIGINS": [settings.public_url] if settings.public_url else [],
        "DATABASES": {"default": database(database_url)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.mfa",
            "allauth.socialaccount",
            "allauth.socialaccount.providers.openid_connect",
            "allauth.usersessions",
            "procrastinate.contrib.django",
            "landbridge.store",
            "landbridge.web",
        ],
        # Procrastinate's Django app is here for its migrations; the jobs room has its own app and finds its own tasks.
        "PROCRASTINATE_AUTODISCOVER_MODULE_NAME": "",
        "MIDDLEWARE": MIDDLEWARE,
        "ROOT_URLCONF": "landbridge.web.urls",
        "TEMPLATES": [TEMPLATES],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
        ],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "LOGIN_URL": "sign-in",
        "LOGIN_REDIRECT_URL": "home",
        "LANGUAGE_CODE": "en",
        # Those in which the console is written: Django has its own words in more, and pages must not mix them.
        "LANGUAGES": [("en", "English"), ("de", "Deutsch")],
        "LOGGING_CONFIG": None,
        "STATIC_URL": "/static/",
        "TIME_ZONE": "UTC",
        "USE_TZ": True,
    }


TEMPLATES = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    # A page is a folder: its template lies beside its handler.
    "DIRS": [Path(__file__).parent.parent / "web", Path(__file__).parent.parent / "web/console/borrowed"],
    "APP_DIRS": True,  # for allauth's messages; its pages have our own templates in console/borrowed
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
            "landbridge.web.console.navigation.context",
        ],
    },
}


def allowed_hosts(settings: Settings) -> Iterator[str]:
    """The host names the console answers to: this machine, the public address, the configured ones."""
    yield from LOCAL_HOSTS
    yield from settings.allowed_hosts
    if settings.public_url and (name := urlsplit(settings.public_url).hostname):
        yield name


def database(database_url: str) -> dict[str, Any]:
    """Django's form of a PostgreSQL address; what Django has no name for goes to libpq as it is."""
    parts = conninfo_to_dict(database_url)
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{django_name: str(parts.pop(name, "")) for django_name, name in named.items()},
        "OPTIONS": {"application_name": "landbridge web", "connect_timeout": 10, **parts},
        # One connection per request: a restarted database is then never met through a dead connection.
        "CONN_MAX_AGE": 0,
    }


def _security(*, https: bool) -> dict[str, Any]:
    return {
        "SESSION_COOKIE_NAME": "__Host-landbridge" if https else "landbridge",
        "SESSION_COOKIE_AGE": 12 * 60 * 60,
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_NAME": "__Host-landbridge-csrf" if https else "landbridge-csrf",
        "CSRF_COOKIE_SECURE": https,
        "CSRF_COOKIE_HTTPONLY": True,
        "SECURE_SSL_REDIRECT": https,
        "SECURE_HSTS_SECONDS": 31_536_000 if https else 0,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "CSRF_FAILURE_VIEW": "landbridge.web.console.refusals.form_too_old",
        # Subdomains and the browsers' built-in list are for whoever owns the domain to decide.
        "SILENCED_SYSTEM_CHECKS": ["security.W005", "security.W021"],
    }


def _accounts(settings: Settings, *, https: bool) -> dict[str, Any]:
    """What allauth needs to know: nobody signs up, people are invited; second factors; single sign-on."""
    return {
        "ACCOUNT_ADAPTER": "landbridge.web.console.account.adapters.Accounts",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "email", "password1*", "password2*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_PREVENT_ENUMERATION": False,
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 15 * 60,
        "MFA_ADAPTER": "landbridge.web.console.account.adapters.SecondFactors",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        # The console asks by itself (Access.fresh), for these pages as for its own.
        "MFA_REAUTHENTICATION_REQUIRED": False,
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,
        "MFA_TOTP_ISSUER": "Landbridge",
        "MFA_TOTP_TOLERANCE": 1,
        # Browsers allow passkeys on https and on this machine only; the check behind must not be stricter than they.
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not https,
        "SOCIALACCOUNT_ADAPTER": "landbridge.web.console.account.adapters.SingleSignOn",
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": _oidc_apps(settings)}},
        # Shared by all web processes (the table comes with a migration), so that a code works once and brakes add up.
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "web_cache",
                "OPTIONS": {"MAX_ENTRIES": 100_000},
            }
        },
    }


def _oidc_apps(settings: Settings) -> list[dict[str, Any]]:
    if settings.oidc_issuer is None or settings.oidc_client_secret is None:
        return []
    return [
        {
            "provider_id": "sso",
            "name": settings.oidc_name,
            "client_id": settings.oidc_client_id,
            "secret": settings.oidc_client_secret.reveal(),
            "settings": {"server_url": settings.oidc_issuer},
        }
    ]
