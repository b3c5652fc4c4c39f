from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from landbridge.errors import RateLimitedError, SettingError, SignInRejectedError, SurpriseError, UnavailableError
from landbridge.http import Call, ClientCredentials, KeyHeader, TokenShelf

GET = Call(method="GET", path="/things/1", route="/things/{id}")


class FarSide:
    """Gives out tokens and takes the newest one only."""

    def __init__(self, *, expires_in: float | None = 1800) -> None:
        self.tokens = 0
        self.expires_in = expires_in
        self.calls: list[str] = []
        self.forms: list[str] = []
        self.works = True

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(0.01)
        if request.url.path == "/token":
            self.forms.append(request.content.decode())
            self.tokens += 1
            body = {"access_token": f"canary-token-{self.tokens}", "expires_in": self.expires_in}
            return httpx2.Response(200, content=json.dumps(body))
        self.calls.append(request.headers["authorization"])
        fresh = request.headers["authorization"] == f"Bearer canary-token-{self.tokens}"
        return httpx2.Response(200 if fresh and self.works else 401, content=b"{}")

    def revoke(self) -> None:
        self.tokens += 1


def credentials(bench: Any, far_side: Any, **options: Any) -> ClientCredentials:
    defaults: dict[str, Any] = {
        "token_url": "https://far.example/token",
        "client_id": "me",
        "client_secret": "canary-secret&+",
        "system": "far",
        "journal": bench.notes,
        "clock": bench.clock,
        "transport": httpx2.MockTransport(far_side),
    }
    return ClientCredentials(**{**defaults, **options})


def client(bench: Any, far_side: FarSide, auth: ClientCredentials) -> Any:
    return bench.client(far_side, auth=auth, transport=httpx2.MockTransport(far_side))


async def test_many_calls_at_once_share_one_token(bench: Any) -> None:
    far_side = FarSide()
    sender = client(bench, far_side, credentials(bench, far_side))

    await asyncio.gather(*(sender.send(GET) for _ in range(20)))

    assert far_side.tokens == 1
    assert far_side.forms == ["grant_type=client_credentials&client_id=me&client_secret=canary-secret%26%2B"]


async def test_token_outlives_its_client_and_is_not_given_to_other_credentials(bench: Any) -> None:
    far_side, shelf = FarSide(), TokenShelf()
    for _ in range(5):
        auth = credentials(bench, far_side, tokens=shelf)
        await asyncio.gather(*(auth.headers() for _ in range(3)))
        await auth.close()
    assert far_side.tokens == 1
    await credentials(bench, far_side, tokens=shelf, client_secret="another").headers()
    await credentials(bench, far_side).headers()
    assert far_side.tokens == 3
    assert "canary" not in repr(shelf)


async def test_twenty_refusals_at_once_fetch_one_new_token(bench: Any) -> None:
    far_side = FarSide()
    auth = credentials(bench, far_side)
    sender = client(bench, far_side, auth)
    await sender.send(GET)
    far_side.revoke()
    fetched = len(far_side.forms)

    answers = await asyncio.gather(*(sender.send(GET) for _ in range(20)))

    assert {answer.status for answer in answers} == {200}
    assert len(far_side.forms) == fetched + 1
    assert len(far_side.calls) == 1 + 20 + 20


async def test_refusal_of_a_new_token_as_well_is_the_credentials_fault(bench: Any) -> None:
    far_side = FarSide()
    far_side.works = False
    sender = client(bench, far_side, credentials(bench, far_side))

    for _ in range(5):
        with pytest.raises(SignInRejectedError):
            await sender.send(GET)

    assert far_side.tokens == 2, "no new token for every record that is closed to us"


async def test_token_is_renewed_30_seconds_before_it_ends(bench: Any) -> None:
    far_side = FarSide(expires_in=100)
    auth = credentials(bench, far_side)

    await auth.headers()
    await bench.clock.sleep(69)
    assert (await auth.headers())["Authorization"].endswith("-1")
    await bench.clock.sleep(1)
    assert (await auth.headers())["Authorization"].endswith("-2")


@pytest.mark.parametrize("expires_in", [None, 0, -5, 10, 1e300])
async def test_odd_lifetime_leads_to_no_token_per_call(bench: Any, expires_in: float | None) -> None:
    far_side = FarSide(expires_in=expires_in)
    auth = credentials(bench, far_side)

    await auth.headers()
    await auth.headers()

    assert far_side.tokens == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, SignInRejectedError),
        (401, SignInRejectedError),
        (403, SignInRejectedError),
        (429, RateLimitedError),
        (500, UnavailableError),
        (302, SurpriseError),
    ],
)
async def test_refusal_of_the_sign_in_is_told_by_what_helps(
    bench: Any, script: Any, status: int, error: type[Exception]
) -> None:
    auth = credentials(bench, script(httpx2.Response(status, text="canary-secret", headers={"retry-after": "9"})))

    with pytest.raises(error) as raised:
        await auth.headers()

    assert "canary" not in f"{raised.value!r} {bench.notes} {auth!r}"
    assert bench.notes[0].status == status
    if isinstance(raised.value, RateLimitedError):
        assert raised.value.retry_after == timedelta(seconds=9)


async def test_unreachable_token_address_is_tried_again_later(bench: Any, script: Any) -> None:
    with pytest.raises(UnavailableError):
        await credentials(bench, script(httpx2.ConnectError("canary-secret"))).headers()


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "schlüssel"])
async def test_token_that_fits_no_header_is_not_used(bench: Any, script: Any, token: str) -> None:
    auth = credentials(bench, script(httpx2.Response(200, content=json.dumps({"access_token": token}))))

    with pytest.raises(SurpriseError):
        await auth.headers()


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "schlüssel"])
def test_key_that_fits_no_header_is_not_taken(key: str) -> None:
    with pytest.raises(SettingError) as raised:
        KeyHeader("X-Key", key)

    assert not key or key not in str(raised.value)


def test_secrets_are_sent_encrypted_only(bench: Any) -> None:
    with pytest.raises(SettingError):
        credentials(bench, FarSide(), token_url="http://far.example/token")
