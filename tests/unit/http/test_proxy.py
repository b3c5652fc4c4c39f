"""Which proxy stands between us and a far side."""

from __future__ import annotations

import pytest

from landbridge.http.exchange import proxy_for

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
API = "https://api.linkedin.com"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, "http://proxy.example:3128"),
        ({"https_proxy": "proxy.example:3128"}, "http://proxy.example:3128"),
        ({"HTTP_PROXY": "http://proxy.example:3128"}, None),
        ({"ALL_PROXY": "http://proxy.example:1080"}, "http://proxy.example:1080"),
        ({"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": ".linkedin.com"}, None),
        ({"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "example.org"}, "http://proxy.example:3128"),
    ],
)
def test_proxy_is_the_one_the_environment_names_for_the_address(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str | None
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert proxy_for(API) == expected
