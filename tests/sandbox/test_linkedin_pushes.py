"""Pushes to a real callback on this machine: what they say, their signature, their retries."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from functools import partial

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.kernel.loopback import is_loopback
from landbridge.sandbox.linkedin.pushes import Push
from tests.sandbox.callback import Callback, eventually, set_callback
from tests.sandbox.linkedin_caller import Caller


@pytest.fixture
def callback() -> Iterator[Callback]:
    callback = Callback()
    yield callback
    callback.stop()


@pytest.fixture
def pushing(linkedin: Caller, callback: Callback) -> Iterator[Caller]:
    """The customer's callback is set and the export integration requested."""
    set_callback(linkedin, callback.url)
    yield linkedin
    linkedin.sandbox.linkedin.pushes.clear()


def log(linkedin: Caller) -> list[Push]:
    return linkedin.sandbox.linkedin.pushes.log()


def has_tried(linkedin: Caller, times: int) -> bool:
    return len(log(linkedin)[0].attempts) >= times


async def test_status_change_is_pushed_signed_and_can_be_read(pushing: Caller, callback: Callback) -> None:
    pushing.enable("ONE_CLICK_EXPORT")
    eventually(lambda: log(pushing)[0].state == "delivered")
    [(body, headers)] = callback.got
    told = json.loads(body)
    assert told["type"] == "INTEGRATION_STATUS_CHANGE"
    assert told["expiresAt"] == pushing.sandbox.clock.ms() + 24 * 3_600_000
    secret = pushing.sandbox.linkedin.credentials()["child"]["client_secret"].encode()
    assert headers["content-type"] == "application/json"
    assert headers["x-li-signature"] == hmac.new(secret, b"hmacsha256=" + body, hashlib.sha256).hexdigest()
    read = await pushing.send("GET", "/v2/atsIntegrations", f"q=request&requestId={told['id']}")
    assert [element["status"] for element in read.json()["elements"]] == ["ENABLED"]


def test_disabling_is_pushed_and_the_same_status_again_is_not(pushing: Caller, callback: Callback) -> None:
    for status in ("ENABLED", "ENABLED", "DISABLED"):
        pushing.enable("ONE_CLICK_EXPORT", status)
    eventually(lambda: [push.state for push in log(pushing)] == ["delivered"] * 2)
    assert len(callback.got) == 2


def test_nothing_is_pushed_where_no_callback_is_set(linkedin: Caller) -> None:
    linkedin.enable("PROFILE_PLUGIN")
    assert not log(linkedin)


def test_refused_push_is_repeated_every_five_minutes_until_it_is_taken(pushing: Caller, callback: Callback) -> None:
    callback.statuses = [500, 302]
    pushing.enable("ONE_CLICK_EXPORT")
    for tries in (1, 2):
        eventually(partial(has_tried, pushing, tries))
        assert log(pushing)[0].state == "waiting"
        pushing.advance(300)
    eventually(lambda: log(pushing)[0].state == "delivered")
    assert [attempt.status for attempt in log(pushing)[0].attempts] == [500, 302, 200]
    assert len({body for body, _ in callback.got}) == 1


def test_push_nobody_takes_is_given_up_after_eight_hours(pushing: Caller, callback: Callback) -> None:
    callback.stop()
    pushing.enable("ONE_CLICK_EXPORT")
    for _ in range(200):
        if log(pushing)[0].state != "waiting":
            break
        tried = len(log(pushing)[0].attempts)
        eventually(partial(has_tried, pushing, tried + 1))
        pushing.advance(300)
    [push] = log(pushing)
    assert (push.state, len(push.attempts)) == ("given_up", 97)
    assert push.attempts[0].problem == "ConnectError"


@pytest.mark.parametrize(("kind", "state", "received"), [("lost", "lost", 0), ("duplicated", "delivered", 2)])
def test_scripted_faults_strike_pushes(
    pushing: Caller, callback: Callback, kind: str, state: str, received: int
) -> None:
    pushing.sandbox.linkedin.faults.add({"operation": "push.*", "kind": kind})
    pushing.enable("ONE_CLICK_EXPORT")
    eventually(lambda: log(pushing)[0].state == state)
    assert len(callback.got) == received
    assert len({body for body, _ in callback.got}) <= 1


async def test_faults_of_pushes_leave_calls_alone(pushing: Caller, callback: Callback) -> None:
    pushing.sandbox.linkedin.faults.add({"operation": "*", "kind": "lost"})
    pushing.sandbox.linkedin.faults.add({"operation": "*", "kind": "status"})
    pushing.enable("ONE_CLICK_EXPORT")
    assert log(pushing)[0].state == "lost"
    assert (await pushing.send("GET", "/v2/atsIntegrations", "q=request&requestId=x")).status_code == 500


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("https://rsc.example.org/push", False),
        ("http://127.0.0.1:80/push", True),
        ("http://127.9.9.9/push", True),
        ("http://[::1]:8700/push", True),
        ("http://localhost:8700/push", True),
        ("http://localhost.example.org/push", False),
        ("http://10.0.0.1/push", False),
        ("http://127.0.0.1@example.org/push", False),
        ("http://0.0.0.0/push", False),
    ],
)
def test_what_counts_as_this_machine(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback


def test_push_to_another_machine_is_withheld_unless_allowed(linkedin: Caller) -> None:
    set_callback(linkedin, "https://callback.invalid/push")
    linkedin.enable("ONE_CLICK_EXPORT")
    assert (log(linkedin)[0].state, log(linkedin)[0].attempts) == ("withheld", [])
    linkedin.sandbox.linkedin.pushes.outside = True
    linkedin.enable("ONE_CLICK_EXPORT", "DISABLED")
    eventually(lambda: len(log(linkedin)[1].attempts) == 1)
    linkedin.sandbox.linkedin.pushes.clear()
    assert Sandbox(candidates=1, push_outside=True).linkedin.pushes.outside


def test_newer_of_two_secrets_signs(pushing: Caller, callback: Callback) -> None:
    state = pushing.sandbox.linkedin.state
    new = state.roll_secret(state.child)
    pushing.enable("ONE_CLICK_EXPORT")
    eventually(lambda: log(pushing)[0].state == "delivered")
    body, headers = callback.got[0]
    assert headers["x-li-signature"] == hmac.new(new.encode(), b"hmacsha256=" + body, hashlib.sha256).hexdigest()


def test_control_room_lists_and_repeats_pushes_and_challenges(running: Sandbox, callback: Callback) -> None:
    organization = running.linkedin.credentials()["organization"]
    running.linkedin.recruiter.request()
    key = (organization, "ONE_CLICK_EXPORT", "RECRUITER")
    running.linkedin.state.child.integrations[key].configurations["CALLBACK_URL"] = callback.url
    with httpx2.Client(base_url=f"{running.linkedin_url}/_sandbox") as room:
        wanted = {"context": organization, "type": "ONE_CLICK_EXPORT", "status": "ENABLED"}
        assert room.post("/integrations", json=wanted).status_code == 200
        eventually(lambda: room.get("/pushes").json()["pushes"][0]["state"] == "delivered")
        assert room.post("/pushes", json={"number": 1}).status_code == 200
        eventually(lambda: len(callback.got) == 2)
        assert room.post("/pushes", json={"number": 9}).status_code == 400
        callback.secret = running.linkedin.credentials()["child"]["client_secret"]
        assert room.post("/challenge").json() == {"passed": True, "problem": ""}
        callback.secret = "another"
        assert room.post("/challenge").json()["passed"] is False
        assert room.post("/challenge", json={"client_id": "77nobody"}).status_code == 400
        room.post("/reset")
        assert room.get("/pushes").json() == {"pushes": []}
