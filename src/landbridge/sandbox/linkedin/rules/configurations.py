"""Which settings an integration may have. Source: integration-types, receive-push-events."""

from __future__ import annotations

from urllib.parse import urlsplit

from landbridge.sandbox.linkedin.refusals import InvalidError

CALLBACK_URL = "CALLBACK_URL"
#: Setting -> the integration type it belongs to.
BELONGS_TO = {
    CALLBACK_URL: "ONE_CLICK_EXPORT",
    "JOB_POSTING_VIEWERS": "ONE_CLICK_EXPORT",
    "APPLICATION_VIEWERS": "IN_ATS_INDICATOR",
}
PORTS = (None, 80, 443)
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def check_setting(key: str, integration_type: str, value: str) -> None:
    if BELONGS_TO.get(key) != integration_type:
        raise InvalidError(422, f"{key} is no setting of {integration_type}")
    if key == CALLBACK_URL:
        _check_callback(value)
    elif value != "ALL_PRODUCT_USERS":
        raise InvalidError(422, f"{key} takes ALL_PRODUCT_USERS only")


def _check_callback(value: str) -> None:
    """HTTPS on a standard port is demanded; on this machine, where the sandbox lives, anything is let through."""
    try:
        parts = urlsplit(value)
        here = parts.scheme in ("http", "https") and parts.hostname in LOOPBACK
        fits = here or (parts.scheme == "https" and parts.port in PORTS)
    except ValueError:
        fits = False
    if not fits or not parts.hostname:
        raise InvalidError(422, "CALLBACK_URL must be an HTTPS URL on port 80 or 443")
