"""Events for an ATS of one's own, by the JSON API: what the page does, with a token."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from tests.unit.rest_ats.listener import Listener
from tests.web.api import Api
from tests.web.conftest import Clock


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, ats_networks=("127.0.0.0/8", "::1/128"))


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


@pytest.fixture
async def api(settings: Settings, database: Database, vault: Vault, clock: Clock) -> AsyncIterator[Api]:
    api = await Api(settings, database, vault, clock).open()
    yield api
    await api.client.aclose()


async def test_api_does_the_same(api: Api, listener: Listener, clock: Clock) -> None:
    headers = await api.token()

    async def ask(method: str, path: str, body: Any = None) -> Any:
        return await api.client.request(method, path, headers=headers, json=body)

    assert (await ask("GET", "/ats/events")).json()["url"] == ""
    assert (await ask("POST", "/ats/events/test")).status_code == 409
    first = (await ask("PUT", "/ats/events", {"url": listener.url})).json()["secret"]
    assert (await ask("PUT", "/ats/events", {"url": listener.url})).json() == {"secret": None}
    second = (await ask("POST", "/ats/events/secret")).json()["secret"]
    assert first.startswith("whsec_")
    assert second.startswith("whsec_")
    assert (await ask("POST", "/ats/events/test")).json() == {"done": True}
    told = (await ask("GET", "/ats/events")).json()
    assert told["rotates_until"] == (clock.now + timedelta(hours=24)).isoformat().replace("+00:00", "Z")
    assert (told["state"], told["has_secret"]) == ("ok", True)
    assert not {first, second} & set(json.dumps(told).split('"'))
    listener.status = 410
    refused = await ask("POST", "/ats/events/test")
    assert (refused.status_code, refused.json()["code"]) == (409, "endpoint_gone")
    assert (await ask("PUT", "/ats/events", {"url": ""})).json() == {"secret": None}
    assert (await ask("GET", "/ats/events")).json()["url"] == ""
