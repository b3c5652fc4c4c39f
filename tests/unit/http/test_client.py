from __future__ import annotations

import asyncio
import logging
import traceback
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from landbridge.errors import (
    ExistsError,
    LandbridgeError,
    MissingError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    SettingError,
    SignInRejectedError,
    SurpriseError,
    UnavailableError,
)
from landbridge.http import Allowance, Answer, Call, DryRunError, LocalGate, Resolution, Verdict

GET = Call(method="GET", path="/things/1", route="/things/{id}")
POST = Call(method="POST", path="/things", route="/things", content=b"{}", content_type="application/json", records=3)
CANARIES = ("canary-key", "Mirela", "mirela@example.org", "canary-query", "/things/1")


def answer(status: int, body: str = "{}", **headers: str) -> httpx2.Response:
    return httpx2.Response(
        status, headers={name.replace("_", "-"): value for name, value in headers.items()}, text=body
    )


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, SurpriseError),
        (400, RejectedError),
        (401, SignInRejectedError),
        (403, NotPermittedError),
        (404, MissingError),
        (409, ExistsError),
        (410, MissingError),
        (418, RejectedError),
        (422, RejectedError),
        (429, RateLimitedError),
        (500, UnavailableError),
        (501, UnavailableError),
        (503, UnavailableError),
        (600, SurpriseError),
    ],
)
async def test_each_status_is_the_error_that_says_what_to_do_next(
    bench: Any, script: Any, status: int, error: type[LandbridgeError]
) -> None:
    with pytest.raises(error) as raised:
        await bench.client(script(answer(status))).send(GET)

    assert raised.value.facts["status"] == status
    assert type(raised.value) is error
    assert raised.value.__context__ is None


async def test_vendors_own_code_decides_where_its_table_says_so(bench: Any, script: Any) -> None:
    closed = Verdict(Resolution.FAIL, RejectedError, "closed")
    client = bench.client(
        script(answer(403, '{"code": "CLOSED"}')),
        error_table={(403, "CLOSED"): closed},
        read_code=lambda found: found.decode(dict)["code"],
    )

    with pytest.raises(RejectedError) as raised:
        await client.send(GET)

    assert raised.value.code == "closed"
    assert bench.notes[0].error_code == "CLOSED"


async def test_status_the_call_accepts_comes_back_as_an_answer(bench: Any, script: Any) -> None:
    call = Call(method="DELETE", path="/x", route="/x", accepts=frozenset({404}))

    assert (await bench.client(script(answer(404))).send(call)).status == 404


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_short_failure_of_a_repeatable_call_is_never_seen(bench: Any, script: Any, status: int) -> None:
    found = script(answer(status), answer(status), answer(200))

    assert (await bench.client(found).send(GET)).ok
    assert len(found.requests) == 3
    assert [entry.status for entry in bench.notes] == [status, status, 200]
    assert bench.clock.slept == [0.5, 2.0]


async def test_call_that_must_not_be_repeated_is_sent_once(bench: Any, script: Any) -> None:
    found = script(answer(503))

    with pytest.raises(UnavailableError):
        await bench.client(found).send(POST)

    assert len(found.requests) == 1


async def test_call_known_to_be_repeatable_is_repeated_though_it_is_a_post(bench: Any, script: Any) -> None:
    found = script(answer(503), answer(200))
    call = Call(method="POST", path="/x", route="/x", repeatable=True)

    assert (await bench.client(found).send(call)).ok


async def test_query_tunnelled_through_post_counts_as_what_it_overrides(bench: Any, script: Any) -> None:
    found = script(answer(503), answer(200))
    call = Call(method="POST", path="/x", route="/x", headers={"X-HTTP-Method-Override": "GET"})

    assert (await bench.client(found, dry_run=True).send(call)).ok


async def test_answer_that_names_a_time_is_not_retried_but_put_off(bench: Any, script: Any) -> None:
    found = script(answer(503, Retry_After="120"))

    with pytest.raises(UnavailableError) as raised:
        await bench.client(found).send(GET)

    assert raised.value.retry_after == timedelta(minutes=2)
    assert len(found.requests) == 1


@pytest.mark.parametrize(
    ("failure", "code", "tries"),
    [
        (httpx2.ConnectError("no"), "unreachable", 3),
        (httpx2.ConnectTimeout("no"), "unreachable", 3),
        (httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"), "certificate_untrusted", 3),
        (httpx2.RemoteProtocolError("gone"), "connection_broken", 3),
        (httpx2.ReadError("gone"), "connection_broken", 3),
        (httpx2.ReadTimeout("slow"), "timed_out", 1),
    ],
)
async def test_far_side_that_does_not_answer_is_named_by_how(
    bench: Any, script: Any, failure: Exception, code: str, tries: int
) -> None:
    found = script(failure)

    with pytest.raises(UnavailableError) as raised:
        await bench.client(found).send(GET)

    assert raised.value.code == code
    assert len(found.requests) == tries
    assert {entry.error_code for entry in bench.notes} == {code}


async def test_post_is_repeated_only_where_it_never_left(bench: Any, script: Any) -> None:
    unsent, broken = script(httpx2.ConnectError("no"), answer(200)), script(httpx2.ReadError("gone"))

    assert (await bench.client(unsent).send(POST)).ok
    with pytest.raises(UnavailableError):
        await bench.client(broken).send(POST)
    assert len(broken.requests) == 1


async def test_deadline_holds_for_the_call_as_a_whole(bench: Any) -> None:
    async def drip(request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(30)
        return httpx2.Response(200)

    client = bench.client(None, transport=httpx2.MockTransport(drip))
    call = Call(method="GET", path="/x", route="/x", timeout=timedelta(seconds=0.05))

    with pytest.raises(UnavailableError, match="in time"):
        await client.send(call)


async def test_redirect_is_not_followed_and_takes_no_credential_along(bench: Any, script: Any) -> None:
    found = script(answer(302, Location="https://elsewhere.example/"))

    with pytest.raises(SurpriseError) as raised:
        await bench.client(found).send(GET)

    assert raised.value.code == "redirected"
    assert [request.url.host for request in found.requests] == ["far.example"]


async def test_cookies_are_not_kept(bench: Any, script: Any) -> None:
    found = script(answer(200, Set_Cookie="session=1; Path=/"))
    client = bench.client(found)

    await client.send(GET)
    await client.send(GET)

    assert "cookie" not in found.requests[1].headers


async def test_answer_beyond_the_cap_is_refused_before_it_fills_the_memory(bench: Any, script: Any) -> None:
    with pytest.raises(SurpriseError) as raised:
        await bench.client(script(answer(200, "x" * 1001)), max_bytes=1000).send(GET)

    assert raised.value.code == "answer_too_large"
    assert bench.notes[0].error_code == "answer_too_large"


async def test_path_and_query_go_out_byte_for_byte(bench: Any, script: Any) -> None:
    found = script(answer(200))
    call = Call(method="GET", path="/v2/a%2Fb/(k:urn%3Ali%3A1)", route="/v2/{key}", query="ids=List((a:1,b:x%2Cy))")

    await bench.client(found, base_url="https://far.example/under").send(call)

    assert found.requests[0].url.raw_path == b"/under/v2/a%2Fb/(k:urn%3Ali%3A1)?ids=List((a:1,b:x%2Cy))"


async def test_dry_run_sends_nothing_that_changes_the_far_side(bench: Any, script: Any) -> None:
    found = script(answer(200))
    client = bench.client(found, dry_run=True)

    with pytest.raises(DryRunError) as raised:
        await client.send(POST)
    await client.send(GET)

    assert raised.value.facts == {"method": "POST", "route": "/things"}
    assert [request.method for request in found.requests] == ["GET"]


async def test_throttling_is_put_off_and_kept_at_the_gate(bench: Any, script: Any) -> None:
    gate = LocalGate({"": Allowance(rate=10)}, clock=bench.clock)
    client = bench.client(script(answer(429, Retry_After="5"), answer(200)), gate=gate)

    with pytest.raises(RateLimitedError) as raised:
        await client.send(GET)
    await client.send(GET)

    assert raised.value.retry_after == timedelta(seconds=5)
    assert sum(bench.clock.slept) == 5


async def test_journal_tells_the_call_by_its_template(bench: Any, script: Any) -> None:
    client = bench.client(script(answer(200, x_far_id="a1b2")), far_id_header="x-far-id")

    await client.send(POST)

    entry = bench.notes[0]
    assert (entry.method, entry.route, entry.status, entry.records, entry.far_id) == ("POST", "/things", 200, 3, "a1b2")


async def test_pieces_of_a_stream_arrive_and_a_refusal_is_an_error(bench: Any, script: Any) -> None:
    client = bench.client(script(answer(200, "a,b\n1,2\n"), answer(404)))

    async with client.stream(GET) as pieces:
        assert b"".join([piece async for piece in pieces]) == b"a,b\n1,2\n"
    with pytest.raises(MissingError):
        async with client.stream(GET):
            pass


@pytest.mark.parametrize(
    "found",
    [
        answer(500, '{"message": "Mirela <mirela@example.org>"}', x_far_id="mirela@example.org"),
        answer(403, '{"code": "Mirela mirela@example.org"}'),
        answer(302, Location="https://x.example/?mirela@example.org"),
        answer(200, '{"name": ["Mirela"], "mirela@example.org": {"Mirela!": 1}}'),
        answer(200, "<html>Mirela mirela@example.org</html>"),
        httpx2.ReadError("canary-key Mirela"),
        httpx2.InvalidURL("canary-query mirela@example.org"),
    ],
)
async def test_no_name_address_or_token_gets_into_errors_reprs_logs_or_the_journal(
    bench: Any, script: Any, caplog: pytest.LogCaptureFixture, found: httpx2.Response | Exception
) -> None:
    caplog.set_level(logging.DEBUG)
    client = bench.client(
        script(found), far_id_header="x-far-id", read_code=lambda each: str(each.decode(dict).get("code", ""))
    )
    call = Call(method="GET", path="/things/1", route="/things/{id}", query="q=canary-query")

    with pytest.raises(LandbridgeError) as raised:
        (await client.send(call)).decode(list)

    told = "".join(traceback.format_exception(raised.value))
    written = f"{raised.value!r} {raised.value.facts} {raised.value.hint} {list(bench.notes)} {caplog.text} {told}"
    assert not [canary for canary in CANARIES if canary in written]


def test_answer_does_not_show_its_content() -> None:
    assert "Mirela" not in repr(Answer(status=200, headers={"x": "Mirela"}, content=b"Mirela"))


@pytest.mark.parametrize(
    "url",
    ["http://far.example", "ftp://far.example", "https://", "far.example", "https://me:pw@far.example",
     "https://far.example/?q", "https://far.example:port", "http://127.0.0.1.far.example"],
)  # fmt: skip
def test_address_to_which_a_credential_must_not_go_is_refused(bench: Any, script: Any, url: str) -> None:
    with pytest.raises(SettingError) as raised:
        bench.client(script(answer(200)), base_url=url)

    assert "pw" not in str(raised.value)


@pytest.mark.parametrize("url", ["http://localhost:8702", "http://127.0.0.1:8702/", "http://[::1]:1"])
def test_plain_http_is_for_this_machine(bench: Any, script: Any, url: str) -> None:
    assert bench.client(script(answer(200)), base_url=url).base_url == url.rstrip("/")


def test_plain_http_elsewhere_needs_to_be_allowed(bench: Any, script: Any) -> None:
    assert bench.client(script(answer(200)), base_url="http://sandbox.example", allow_plain=True).base_url
