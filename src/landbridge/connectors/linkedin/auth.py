"""Signing calls with LinkedIn's two-legged tokens.

The customer's child application signs everything done for the customer; the partner's parent application only makes
child applications. A token lives 30 minutes and is shared by all calls, as LinkedIn asks.
Source: LinkedIn's page on the client credential flow.
"""

from __future__ import annotations

import httpx2

from landbridge.connectors.linkedin.settings import Settings
from landbridge.errors import SettingError
from landbridge.http import ClientCredentials, Clock, Journal, TokenShelf


def child_auth(
    settings: Settings,
    journal: Journal,
    clock: Clock,
    transport: httpx2.AsyncBaseTransport | None = None,
    tokens: TokenShelf | None = None,
) -> ClientCredentials:
    """Signs as the customer's application. Raises SettingError while there is none."""
    if not (settings.client_id and settings.client_secret):
        raise SettingError(
            "LinkedIn has no application for this workspace yet",
            code="linkedin_credential",
            hint="Save client id and secret of the customer's LinkedIn application, or the partner's to have one made.",
        )
    return _auth(settings, settings.client_id, settings.client_secret, journal, clock, transport, tokens)


def parent_auth(
    settings: Settings,
    journal: Journal,
    clock: Clock,
    transport: httpx2.AsyncBaseTransport | None = None,
    tokens: TokenShelf | None = None,
) -> ClientCredentials:
    """Signs as the partner's application. Raises SettingError where it is not known."""
    if not (settings.parent_client_id and settings.parent_client_secret):
        raise SettingError(
            "the partner's LinkedIn application is not known",
            code="linkedin_parent_credential",
            hint="Save the partner's client id and secret, or make the customer's application by hand.",
        )
    return _auth(settings, settings.parent_client_id, settings.parent_client_secret, journal, clock, transport, tokens)


def _auth(
    settings: Settings,
    client_id: str,
    client_secret: str,
    journal: Journal,
    clock: Clock,
    transport: httpx2.AsyncBaseTransport | None,
    tokens: TokenShelf | None,
) -> ClientCredentials:
    return ClientCredentials(
        token_url=settings.token_url,
        client_id=client_id,
        client_secret=client_secret,
        system="linkedin",
        journal=journal,
        clock=clock,
        transport=transport,
        tokens=tokens,
    )
