"""Only to addresses where a customer's ATS may be: an address is somebody's input, and must not lead inside.

A name is looked up once and connected to by what was found, so that it cannot mean something else a moment later.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore2
import httpx2

from landbridge.errors import NeedsPersonError
from landbridge.http.exchange import proxy_for

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# IPv6 addresses that are IPv4 ones for whoever translates them (RFC 6052).
TRANSLATED = IPv6Network("64:ff9b::/96")


def networks_of(names: Iterable[str]) -> tuple[Network, ...]:
    return tuple(ip_network(name) for name in names)


def check_address(address: Address, allowed: Sequence[Network]) -> None:
    """Raises NeedsPersonError where it is inside a private network that nobody has allowed."""
    meant = _meant(address)
    if any(meant in network or address in network for network in allowed):
        return
    if not meant.is_global or meant.is_multicast:
        raise NeedsPersonError(
            "the ATS's address lies inside a private network",
            code="address_private",
            hint="Use an address that is reachable from outside, or have whoever runs Landbridge allow the network "
            "(LANDBRIDGE_ATS_NETWORKS).",
        )


def check_host(host: str, allowed: Sequence[Network]) -> None:
    """As ``check_address``, where the host is written as numbers; a name is looked up when it is called."""
    try:
        address = ip_address("127.0.0.1" if host == "localhost" or host.endswith(".localhost") else host)
    except ValueError:
        return
    check_address(address, allowed)


def _meant(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that stands for it."""
    if isinstance(address, IPv6Address):
        if address in TRANSLATED:
            return IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address
    return address


class GuardedBackend(httpcore2.AnyIOBackend):
    """Connections to what ``check_address`` lets through."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        self._allowed = allowed

    async def connect_tcp(self, host: str, port: int, *arguments: Any, **named: Any) -> httpcore2.AsyncNetworkStream:
        """Raises NeedsPersonError, and what connecting raises."""
        addresses = await _look_up(host, port)
        for address in addresses:
            check_address(address, self._allowed)
        failed: Exception | None = None
        for address in addresses:
            try:
                return await super().connect_tcp(str(address), port, *arguments, **named)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed or httpcore2.ConnectError("no address")


async def _look_up(host: str, port: int) -> list[Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore2.ConnectError(str(error)) from None
    return list(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


def guarded_transport(url: str, allowed: Sequence[Network]) -> httpx2.AsyncBaseTransport:
    """The way to ``url``. A proxy that the environment names looks names up itself, and is the operator's own guard."""
    proxy = proxy_for(url)
    transport = httpx2.AsyncHTTPTransport(trust_env=True, proxy=proxy)
    if proxy is None:
        transport._pool = httpcore2.AsyncConnectionPool(  # the only way to name a backend
            ssl_context=httpx2.create_ssl_context(),
            keepalive_expiry=5.0,
            network_backend=GuardedBackend(allowed),
        )
    return transport
