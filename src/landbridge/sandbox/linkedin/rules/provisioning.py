"""A developer application as ``provisionedApplications`` demands it. Source: provisioning-api."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

import msgspec
from msgspec import Struct

from landbridge.sandbox.linkedin.choices import BAD_NAME_STATUS
from landbridge.sandbox.linkedin.refusals import InvalidError
from landbridge.sandbox.linkedin.rules.configurations import LOOPBACK
from landbridge.sandbox.linkedin.rules.fields import NonEmpty

NAME_LENGTH = 50


class NewApplication(Struct, kw_only=True):
    unique_foreign_id: NonEmpty = msgspec.field(name="uniqueForeignId")
    name: NonEmpty
    description: NonEmpty
    callback_urls: list[str] = msgspec.field(name="oauth2AuthorizedCallbackUrls", default_factory=list)
    sdk_domains: list[str] = msgspec.field(name="validJsSdkDomains", default_factory=list)


class ApplicationChanges(Struct, kw_only=True, forbid_unknown_fields=True):
    """What ``$set`` may hold; a list replaces the old one. Changing name or description is not documented."""

    callback_urls: list[str] | None = msgspec.field(name="oauth2AuthorizedCallbackUrls", default=None)
    sdk_domains: list[str] | None = msgspec.field(name="validJsSdkDomains", default=None)


def check_name(name: str) -> None:
    if len(name) > NAME_LENGTH:
        raise InvalidError(BAD_NAME_STATUS, f"name is longer than {NAME_LENGTH} characters")
    if "linkedin" in name.lower():
        raise InvalidError(BAD_NAME_STATUS, 'name must not contain "LinkedIn"')


def check_domains(domains: list[str]) -> None:
    for domain in domains:
        parts = _split(domain)
        if parts is None or parts.scheme not in ("http", "https") or domain != f"{parts.scheme}://{parts.netloc}":
            raise InvalidError(422, "validJsSdkDomains holds origins with their scheme and no trailing slash")


def check_callbacks(urls: list[str]) -> None:
    for url in urls:
        parts = _split(url)
        here = parts is not None and parts.scheme == "http" and parts.hostname in LOOPBACK
        if parts is None or not (here or parts.scheme == "https") or "#" in url:
            raise InvalidError(422, "oauth2AuthorizedCallbackUrls holds absolute HTTPS URLs without a fragment")


def _split(url: str) -> SplitResult | None:
    """The parts of an absolute URL; None for what is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.hostname and not any(character.isspace() for character in url) else None
