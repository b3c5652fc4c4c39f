"""Where a client may send its credential."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from landbridge.errors import SettingError


def check_base_url(url: str, *, allow_plain: bool = False) -> str:
    """The base URL without a trailing slash; SettingError if a credential would not be safe there.

    Plain http is for the machine itself (the sandbox) unless ``allow_plain`` says that the network is trusted.
    """
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"}:
        raise SettingError("a base URL is not a web address", hint="Give it as https://host, without a query.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SettingError("a base URL carries more than host and path", hint="Give it as https://host.")
    if parts.scheme == "http" and not (allow_plain or is_loopback(host)):
        raise SettingError("a base URL is not encrypted", hint="Use https://; http:// is for this machine only.")
    return url.strip().rstrip("/")


def is_loopback(host: str) -> bool:
    """Is this the machine itself? Names other than localhost are not looked up: an answer could change later."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
