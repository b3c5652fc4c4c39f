"""Where events may go: nowhere inside, by no spelling and by no name, unless a network is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import httpcore2
import httpx2
import pytest

from landbridge.connectors.rest_ats.endpoint import check_url
from landbridge.connectors.rest_ats.guard import GuardedBackend, check_address, guarded_transport, networks_of
from landbridge.errors import NeedsPersonError
from tests.unit.rest_ats.listener import Listener

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::", "2001:db8::1",
]  # fmt: skip
OUTSIDE = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]


@pytest.mark.parametrize("address", INSIDE)
def test_address_inside_is_refused(address: str) -> None:
    with pytest.raises(NeedsPersonError) as refused:
        check_address(ip_address(address), ())
    assert refused.value.code == "address_private"
    assert address not in str(refused.value)


@pytest.mark.parametrize("address", OUTSIDE)
def test_address_outside_is_let_through(address: str) -> None:
    check_address(ip_address(address), ())


def test_allowed_network_is_let_through_and_its_neighbour_is_not() -> None:
    allowed = networks_of(["10.20.0.0/16"])
    check_address(ip_address("10.20.3.4"), allowed)
    check_address(ip_address("::ffff:10.20.3.4"), allowed)
    with pytest.raises(NeedsPersonError):
        check_address(ip_address("10.21.3.4"), allowed)


@pytest.mark.parametrize(
    "url",
    [
        "http://ats.example.org/in", "ftp://ats.example.org", "ats.example.org", "https://user:x@ats.example.org/",
        "https://ats.example.org/?a=b", "https://10.0.0.1/in", "https://localhost/in", "https://[::1]/in", "",
        "https://ats.example.org/a b", "https://ats.example.org/ä",
    ],
)  # fmt: skip
def test_address_that_is_none_or_leads_inside_is_not_saved(url: str) -> None:
    with pytest.raises(NeedsPersonError):
        check_url(url, ())


def test_plain_http_is_for_this_machine_where_it_is_allowed() -> None:
    assert check_url("http://127.0.0.1:8080/in", networks_of(["127.0.0.0/8"])) == "http://127.0.0.1:8080/in"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


async def test_name_that_means_an_address_inside_is_not_called(listener: Listener) -> None:
    async with httpx2.AsyncClient(transport=guarded_transport(listener.url, ()), trust_env=False) as client:
        with pytest.raises(NeedsPersonError):
            await client.get(listener.url)
    assert listener.came == []
    allowed = guarded_transport(listener.url, networks_of(["127.0.0.0/8", "::1/128"]))
    async with httpx2.AsyncClient(transport=allowed, trust_env=False) as client:
        assert (await client.get(listener.url)).status_code == 200
    assert len(listener.came) == 1


async def test_name_that_means_one_address_outside_and_one_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(host: str, port: int) -> list[Any]:
        return [ip_address("93.184.216.34"), ip_address("10.0.0.1")]

    monkeypatch.setattr("landbridge.connectors.rest_ats.guard._look_up", found)
    with pytest.raises(NeedsPersonError):
        await GuardedBackend(()).connect_tcp("ats.example.org", 443)


async def test_name_that_means_nothing_is_trouble_that_may_pass() -> None:
    with pytest.raises(httpcore2.ConnectError):
        await GuardedBackend(()).connect_tcp("no-such-host.invalid", 443)
