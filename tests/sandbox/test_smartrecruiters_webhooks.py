"""Webhooks of the imitated SmartRecruiters, over real sockets to a receiver that answers as a test wants it to."""

from __future__ import annotations

import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.happenings import EVENTS
from landbridge.sandbox.smartrecruiters.webhooks.wire import sign

HEADER = {"type": "header", "headerName": "x-own", "headerValue": "v"}
API = "/webhooks-api/v201907/subscriptions"


class Receiver:
    """A subscriber. ``status`` is what it answers to deliveries; ``greets`` whether it knows the handshake."""

    def __init__(self) -> None:
        self.status = 202
        self.greets = True
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.handshakes: list[dict[str, str]] = []
        self.tokens = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                receiver.answer(self, body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in http.server
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hooks"

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        content, further = b"", {}
        if handler.path == "/token":
            self.tokens += 1
            status, content = 200, json.dumps({"access_token": f"t{self.tokens}", "expires_in": 60_000}).encode()
        elif "x-hook-secret" in headers:
            self.handshakes.append(headers)
            status, further = 200, {"X-Hook-Secret": headers["x-hook-secret"] if self.greets else "no"}
        else:
            status = self.status
            self.got.append((headers, body))
        handler.send_response(status)
        for name, value in {**further, "content-length": str(len(content))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    @property
    def names(self) -> list[str]:
        return [headers["event-name"] for headers, _ in self.got]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


class Account:
    """A served account, its receiver, and the calls the tests make."""

    def __init__(self, sandbox: Sandbox, client: httpx2.Client, receiver: Receiver) -> None:
        self.sandbox, self.client, self.receiver = sandbox, client, receiver

    def call(self, method: str, path: str, status: int, **further: Any) -> Any:
        answer = self.client.request(method, path, **further)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def subscribe(self, *events: str, activate: bool = True, **further: Any) -> str:
        body = {"callbackUrl": self.receiver.url, "events": list(events or EVENTS), **further}
        subscription_id: str = self.call("POST", API, 201, json=body)["id"]
        if activate:
            self.call("PUT", f"{API}/{subscription_id}/activation", 204)
        return subscription_id

    def rename(self, number: int = 0) -> str:
        candidate_id = list(self.sandbox.smartrecruiters.state.world.candidates)[number]
        name = f"Renamed{self.sandbox.smartrecruiters.state.version}"
        self.call("PATCH", f"/candidates/{candidate_id}", 200, json={"lastName": name})
        return candidate_id

    def outcomes(self) -> Mapping[str, int]:
        found: Mapping[str, int] = self.call("GET", "/_sandbox/webhooks", 200)["outcomes"]
        return found


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def account(running: Sandbox, receiver: Receiver) -> Iterator[Account]:
    running.clock.freeze()
    headers = {"X-SmartToken": running.smartrecruiters.keys.api_key}
    with httpx2.Client(base_url=running.smartrecruiters_url, headers=headers) as client:
        yield Account(running, client, receiver)


def test_subscription_is_silent_until_the_handshake_and_told_of_changes_after_it(account: Account) -> None:
    subscription = account.subscribe("candidate.updated", activate=False)
    assert account.call("GET", f"{API}/{subscription}", 200)["status"] == "inactive"
    account.rename()
    account.call("PUT", f"{API}/{subscription}/activation", 204)
    assert account.call("GET", f"{API}/{subscription}", 200)["status"] == "active"
    candidate_id = account.rename(1)
    until(lambda: account.receiver.got)
    ((headers, body),) = account.receiver.got
    assert json.loads(body) == {"id": candidate_id}
    assert headers["event-name"] == "candidate.updated"
    assert headers["link"] == f'<{account.sandbox.smartrecruiters_url}/candidates/{candidate_id}>; rel="self"'
    # Without a key there is nothing to sign with.
    assert "smartrecruiters-signature" not in headers


def test_handshake_that_is_not_returned_activates_nothing(account: Account) -> None:
    account.receiver.greets = False
    subscription = account.subscribe(activate=False)
    account.call("PUT", f"{API}/{subscription}/activation", 424)
    account.receiver.greets = True
    account.call("PUT", f"{API}/{subscription}/activation", 204)
    account.call("PUT", f"{API}/{subscription}/activation", 409)


def test_signature_covers_everything_and_old_keys_sign_for_24_hours(account: Account) -> None:
    subscription = account.subscribe("candidate.deleted")
    account.call("GET", f"{API}/{subscription}/secret-key", 404)
    keys = [account.call("POST", f"{API}/{subscription}/secret-key", 201)["secretKey"] for _ in range(2)]
    assert account.call("GET", f"{API}/{subscription}/secret-key", 200) == {"secretKey": keys[1]}
    people = list(account.sandbox.smartrecruiters.state.world.candidates)
    account.call("DELETE", f"/candidates/{people[0]}", 204)
    until(lambda: account.receiver.got)
    account.sandbox.clock.advance(timedelta(hours=24))
    account.call("DELETE", f"/candidates/{people[1]}", 204)
    until(lambda: len(account.receiver.got) == 2)
    for (headers, body), valid in zip(account.receiver.got, (keys, keys[1:]), strict=True):
        assert "link" not in headers
        parts = [headers["smartrecruiters-timestamp"], body.decode(), headers["event-id"], headers["event-name"]]
        signed = ".".join([*parts, headers["event-version"], ""]).encode()
        expected = [f"v1={hmac.new(key.encode(), signed, 'sha256').hexdigest()}" for key in valid]
        assert headers["smartrecruiters-signature"].split(";") == expected


def test_signature_agrees_with_the_documented_recipe() -> None:
    link = '<https://api.smartrecruiters.com/jobs/job-0001>; rel="self"'
    signed = f'1700000000.{{"id":"job-0001"}}.evt-0001.job.updated.v201910.{link}'.encode()
    assert sign("demo-secret-0001", signed) == "b42bc90dd4b89961caf8b5630960681808e0b4e73903c1db8e0c36a1caebb565"


def test_too_many_keys_are_refused(account: Account) -> None:
    subscription = account.subscribe(activate=False)
    for _ in range(16):
        account.call("POST", f"{API}/{subscription}/secret-key", 201)
    refused = account.call("POST", f"{API}/{subscription}/secret-key", 403)
    assert refused["errors"][0]["code"] == "SECRET_KEYS_LIMIT_EXCEEDED"


def test_advancing_the_clock_climbs_the_retry_ladder_with_the_same_event_id(account: Account) -> None:
    account.receiver.status = 500
    account.subscribe("candidate.updated")
    account.rename()
    until(lambda: len(account.receiver.got) == 1)
    for tries, minutes in enumerate(choices.WEBHOOK_RETRY_MINUTES, start=1):
        until(lambda tries=tries: account.outcomes().get("repeated") == tries)  # type: ignore[misc]
        account.sandbox.clock.advance(timedelta(minutes=minutes, seconds=-1))
        time.sleep(0.06 if tries == 1 else 0)
        assert len(account.receiver.got) == tries
        account.sandbox.clock.advance(timedelta(seconds=1))
        until(lambda tries=tries: len(account.receiver.got) == tries + 1)  # type: ignore[misc]
    assert len({headers["event-id"] for headers, _ in account.receiver.got}) == 1
    until(lambda: account.outcomes().get("given_up") == 1)


def test_subscription_is_suspended_when_everything_failed_and_can_be_activated_again(account: Account) -> None:
    account.receiver.status = 503
    subscription = account.subscribe("candidate.updated")
    account.rename()
    for tries in range(1, len(choices.WEBHOOK_RETRY_MINUTES) + 1):
        until(lambda tries=tries: account.outcomes().get("repeated") == tries)  # type: ignore[misc]
        account.sandbox.clock.advance(timedelta(days=1))
    until(lambda: account.call("GET", f"{API}/{subscription}", 200)["status"] == "inactive")
    before = len(account.receiver.got)
    account.rename()
    account.receiver.status = 202
    account.call("PUT", f"{API}/{subscription}/activation", 204)
    account.rename()
    until(lambda: account.outcomes().get("delivered") == 1)
    assert len(account.receiver.got) == before + 1


def test_only_202_counts_and_another_success_breaks_a_rule(account: Account) -> None:
    account.receiver.status = 200
    subscription = account.subscribe("candidate.updated")
    account.rename()
    until(lambda: account.outcomes().get("repeated") == 1)
    (line,) = account.call("GET", f"{API}/{subscription}/callbacks-log", 200)
    assert (line["status"], line["requestDetails"]["url"]) == ("failed", account.receiver.url)
    assert account.sandbox.smartrecruiters.journal.rules_broken == {"webhook_202": 1}


def test_callback_log_is_paged_narrowed_and_kept_for_30_days(account: Account) -> None:
    subscription = account.subscribe("candidate.updated")
    for _ in range(12):
        account.rename()
    until(lambda: account.outcomes().get("delivered") == 12)
    log = f"{API}/{subscription}/callbacks-log"
    first = account.client.get(log)
    rest = account.client.get(first.links["next"]["url"])
    assert (len(first.json()), len(rest.json()), "next" in rest.links) == (10, 2, False)
    assert re.search(r"page_id=", first.links["next"]["url"])
    assert account.call("GET", log, 200, params={"callbackStatus": "failed"}) == []
    account.sandbox.clock.advance(timedelta(days=30, seconds=1))
    assert account.call("GET", log, 200) == []


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("lost", ["candidate.deleted"]),
        ("duplicated", ["candidate.updated", "candidate.updated", "candidate.deleted"]),
        ("late", ["candidate.deleted", "candidate.updated"]),
    ],
)
def test_faults_lose_repeat_and_delay_deliveries(account: Account, kind: str, names: list[str]) -> None:
    account.subscribe("candidate.updated", "candidate.deleted")
    account.sandbox.smartrecruiters.faults.add({"operation": "webhook.candidate.updated", "kind": kind, "seconds": 9})
    candidate_id = account.rename()
    account.call("DELETE", f"/candidates/{candidate_id}", 204)
    until(lambda: "candidate.deleted" in account.receiver.names)
    account.sandbox.clock.advance(timedelta(seconds=9))
    until(lambda: account.receiver.names == names)


def test_subscriber_is_known_by_what_it_asked_for(account: Account) -> None:
    root = account.receiver.url.removesuffix("/hooks")
    wishes: list[dict[str, str]] = [
        {"type": "basic", "username": "u", "password": "p"},
        HEADER,
        {"type": "oauth2", "clientId": "c", "clientSecret": "s", "tokenServiceUrl": f"{root}/token"},
    ]
    for wish in wishes:
        account.subscribe("candidate.updated", callbackAuthentication=wish)
    account.rename()
    account.rename()
    until(lambda: len(account.receiver.got) == 6)
    seen = {(headers.get("authorization"), headers.get("x-own")) for headers, _ in account.receiver.got}
    assert seen == {("Basic dTpw", None), (None, "v"), ("Bearer t1", None)}
    assert account.receiver.tokens == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"callbackUrl": "http://example.org/hook"}, 422, "INVALID_CALLBACK_URL"),
        ({"callbackUrl": "ftp://127.0.0.1/"}, 422, "INVALID_CALLBACK_URL"),
        ({"callbackUrl": "https://[::1"}, 422, "INVALID_CALLBACK_URL"),
        ({"events": ["job.ad.posted"]}, 422, "INVALID_EVENT_NAME"),
        ({"events": []}, 400, "INVALID_REQUEST"),
        ({"events": ["job.created", "job.created"]}, 400, "INVALID_REQUEST"),
        (
            {"callbackAuthentication": {"type": "header", "headerName": "own", "headerValue": "v"}},
            400,
            "INVALID_REQUEST",
        ),
        ({"callbackAuthentication": {"type": "magic"}}, 400, "INVALID_REQUEST"),
    ],
)
def test_subscription_that_makes_no_sense_is_refused(
    account: Account, body: dict[str, Any], status: int, code: str
) -> None:
    wish = {"callbackUrl": "https://example.org/hook", "events": ["job.created"], **body}
    assert account.call("POST", API, status, json=wish)["errors"][0]["code"] == code


def test_at_most_20_subscriptions_and_none_after_deletion(account: Account) -> None:
    made = [account.subscribe(activate=False) for _ in range(20)]
    refused = account.call("POST", API, 403, json={"callbackUrl": account.receiver.url, "events": ["job.created"]})
    assert refused["errors"][0]["code"] == "SUBSCRIPTIONS_LIMIT_EXCEEDED"
    page = account.client.get(API)
    assert (len(page.json()), "page_id=" in page.links["next"]["url"]) == (10, True)
    account.call("DELETE", f"{API}/{made[0]}", 204)
    account.call("GET", f"{API}/{made[0]}", 404)


def test_nothing_is_sent_to_other_machines(account: Account) -> None:
    wish = {"callbackUrl": "https://192.0.2.1/hook", "events": ["candidate.updated"]}
    subscription = account.call("POST", API, 201, json=wish)["id"]
    account.call("PUT", f"{API}/{subscription}/activation", 424)


def test_edits_of_the_control_room_are_told_too(account: Account) -> None:
    account.subscribe()
    edited = account.call("POST", "/_sandbox/edit", 200, json={"percent": 10})["edited"]
    wanted = sorted(
        ["candidate.updated"] * len(edited["candidates"])
        + ["application.status.updated"] * len(edited["applications"])
        + ["job.updated", "job.ad.updated"] * len(edited["jobs"])
    )
    until(lambda: len(account.receiver.got) == len(wanted))
    assert sorted(account.receiver.names) == wanted


def test_waiting_retries_survive_a_snapshot(account: Account) -> None:
    account.receiver.status = 500
    account.subscribe("candidate.updated")
    account.rename()
    until(lambda: account.outcomes().get("repeated") == 1)
    account.sandbox.site.snapshot("before")
    account.receiver.status = 202
    account.sandbox.clock.advance(timedelta(minutes=1))
    until(lambda: account.outcomes().get("delivered") == 1)
    account.sandbox.site.restore("before")
    assert account.outcomes() == {"repeated": 1}
    account.sandbox.clock.advance(timedelta(minutes=1))
    until(lambda: account.outcomes().get("delivered") == 1)
    assert len({headers["event-id"] for headers, _ in account.receiver.got}) == 1


def test_moving_the_clock_by_a_week_tries_everything_on_the_way_at_its_own_time(account: Account) -> None:
    account.receiver.status = 500
    subscription = account.subscribe("candidate.updated")
    made_at = account.sandbox.clock.ms()
    account.rename()
    account.sandbox.site.advance(timedelta(days=7))
    attempts = account.sandbox.smartrecruiters.book.subscriptions[subscription].log
    waits = [0, *choices.WEBHOOK_RETRY_MINUTES]
    assert [each.at - made_at for each in attempts] == [sum(waits[: n + 1]) * 60_000 for n in range(len(waits))]
    assert account.sandbox.clock.ms() == made_at + 7 * 86_400_000
