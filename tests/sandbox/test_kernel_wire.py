"""The journal's memory of the wire: search, detail without secrets, exports, replays and comparison."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.kernel.recording import Exchange, Exchanges
from tests.sandbox.linkedin_caller import Caller, candidate


async def look(linkedin: Caller, path: str) -> Any:
    return (await linkedin.http.get(f"/_sandbox/{path}")).json()


async def test_calls_are_found_by_what_stands_in_them(linkedin: Caller) -> None:
    await linkedin.put_candidates({"C1": candidate(1), "C77": candidate(2, lastName="Zatopek")})
    await linkedin.put_candidates({"C2": candidate(3)})
    await linkedin.send("GET", "/v2/nothing")

    async def numbers(query: str) -> list[int]:
        return [entry["number"] for entry in (await look(linkedin, f"journal?{query}"))["entries"]]

    assert await numbers("q=zatopek") == [2]
    assert await numbers("q=c77") == [2]
    assert await numbers("operation=candidates.*") == [2, 3]
    assert await numbers("status=4xx") == [4]
    assert await numbers("status=404") == [4]
    assert await numbers("newest=1&limit=2") == [4, 3]
    assert await numbers("after=2&before=4") == [3]
    assert await numbers("client=nobody") == []
    assert await numbers("since=2200-01-01T00:00:00Z") == []
    assert len(await numbers("until=2200-01-01T00:00:00Z")) == 4
    assert (await linkedin.http.get("/_sandbox/journal?since=2200-01-01")).status_code == 400


async def test_detail_shows_everything_but_secrets(linkedin: Caller) -> None:
    secret = linkedin.sandbox.linkedin.credentials()["child"]["client_secret"]
    sign_in = await linkedin.http.get("/_sandbox/journal/1")
    shown = sign_in.json()
    assert shown["operation"] == "oauth.access_token"
    assert "grant_type=client_credentials" in shown["request"]["body"]
    assert "expires_in" in shown["answer"]["body"]
    for text in (sign_in.text, (await linkedin.http.get("/_sandbox/journal.har")).text):
        assert linkedin.token not in text
        assert secret[:12] not in text
    await linkedin.put_candidates({"C1": candidate(emailAddresses=["noreply@example.org"])})
    detail = await linkedin.http.get("/_sandbox/journal/2")
    assert linkedin.token not in detail.text
    assert [each["rule"] for each in detail.json()["broken"]] == ["placeholder_address"]
    assert (await linkedin.http.get("/_sandbox/journal/99")).status_code == 404


async def test_exports_hold_every_call_that_fits(linkedin: Caller) -> None:
    await linkedin.put_candidates({"C1": candidate()})
    lines = (await linkedin.http.get("/_sandbox/journal.ndjson")).text.splitlines()
    assert [json.loads(line)["number"] for line in lines] == [1, 2]
    archive = (await look(linkedin, "journal.har?operation=candidates.*"))["log"]
    assert archive["version"] == "1.2"
    [entry] = archive["entries"]
    assert entry["request"]["method"] == "POST"
    assert "Mirela" in entry["request"]["postData"]["text"]
    assert entry["response"]["status"] == 200
    assert json.loads(entry["response"]["content"]["text"])["results"]


async def test_replay_against_a_restored_sandbox_gives_the_same_answers(linkedin: Caller) -> None:
    await linkedin.http.post("/_sandbox/snapshots", json={"name": "empty"})
    await linkedin.put_candidates({"C1": candidate()})
    await linkedin.put_candidates({"C1": candidate(firstName="Other")})
    again = await linkedin.http.post("/_sandbox/replay", json={"first": 2, "last": 3, "snapshot": "empty"})
    assert again.json()["same"] is True
    assert len(linkedin.dump("candidates")) == 1


async def test_replay_names_what_is_different_now(linkedin: Caller) -> None:
    await linkedin.put_candidates({"C1": candidate()})
    again = (await linkedin.http.post("/_sandbox/replay", json={"first": 2})).json()
    assert again["same"] is False
    [replayed] = again["replayed"]
    [difference] = replayed["differences"]
    assert difference["at"].endswith(".status")
    # Created the first time, replaced the second.
    assert (difference["was"], difference["now"]) == (201, 204)


@pytest.mark.parametrize("wanted", [{"first": 50}, {"first": 1, "snapshot": "never taken"}, {}, {"first": "x"}])
async def test_replay_of_what_is_not_there_is_refused(linkedin: Caller, wanted: object) -> None:
    assert (await linkedin.http.post("/_sandbox/replay", json=wanted)).status_code == 400


def test_wire_is_kept_in_bounded_memory() -> None:
    kept = Exchanges(kept_bytes=10_000)
    for number in range(1, 101):
        kept.keep(Exchange(number, "PUT", b"/", b"", (), b"x" * 500))
    assert kept.find(100) is not None
    assert kept.find(1) is None
    assert len(kept._by_number) == 10
    kept.keep(Exchange(101, "PUT", b"/", b"", (), b"x" * 5_000_000))
    large = kept.find(101)
    assert large is not None
    assert not large.whole
    assert len(large.body) == 1000


async def test_keeping_the_wire_can_be_switched_off(linkedin: Caller) -> None:
    await linkedin.http.put("/_sandbox/journal", json={"kept_bytes": 0})
    await linkedin.put_candidates({"C1": candidate()})
    assert "request" not in await look(linkedin, "journal/2")
    assert (await linkedin.http.put("/_sandbox/journal", json={"bytes": 0})).status_code == 400


async def test_audit_says_rule_source_count_and_remedy(linkedin: Caller) -> None:
    for number in range(2):
        await linkedin.put_candidates({"C1": candidate(number, emailAddresses=["noreply@example.org"])})
        linkedin.advance(60)
    [finding] = [each for each in (await look(linkedin, "audit"))["findings"] if each["rule"] == "placeholder_address"]
    assert finding["count"] == 2
    assert finding["last_at"] - finding["first_at"] == 60_000
    assert (finding["first_call"], finding["last_call"]) == (2, 3)
    assert finding["source"].startswith("https://")
    assert "never make one up" in finding["fix"]
    assert finding["operations"] == {"candidates.batch_update": 2}
    assert list(finding["clients"].values()) == [2]


def test_every_watched_rule_says_how_to_keep_it(sandbox: Sandbox) -> None:
    for system in sandbox.site.systems:
        assert system.rules
        assert [rule.code for rule in system.rules if not (rule.fix or system.advice.get(rule.code))] == []
        assert all(rule.source.startswith("https://") for rule in system.rules)


def test_snapshots_are_named_listed_restored_and_forgotten(running: Sandbox) -> None:
    with httpx2.Client(base_url=running.smartrecruiters_url, timeout=60) as http:
        assert http.post("/_sandbox/snapshots", json={"name": ""}).status_code == 400
        assert http.post("/_sandbox/snapshots", json={"name": "a/b"}).status_code == 400
        running.clock.freeze()
        at = running.clock.ms()
        [shown] = http.post("/_sandbox/snapshots", json={"name": "here"}).json()["snapshots"]
        assert shown["name"] == "here"
        http.post("/_sandbox/clock", json={"advance": "2d"})
        running.linkedin.recruiter.request()
        assert http.post("/_sandbox/snapshots/here/restore").status_code == 200
        assert running.clock.ms() == at
        assert running.linkedin.state_counts()["integrations"] == 0
        assert http.delete("/_sandbox/snapshots/here").json() == {"forgotten": True}
        assert http.post("/_sandbox/snapshots/here/restore").status_code == 404


def test_export_of_one_sandbox_is_import_of_another(running: Sandbox) -> None:
    running.linkedin.recruiter.request()
    content = httpx2.get(f"{running.linkedin_url}/_sandbox/export", timeout=60).content
    with Sandbox(seed=5, candidates=3) as other:
        url = f"{other.smartrecruiters_url}/_sandbox/import"
        assert httpx2.post(url, content=content[:-20], timeout=60).status_code == 400
        assert other.linkedin.state_counts()["integrations"] == 0
        assert httpx2.post(url, content=content, timeout=60).status_code == 200
        assert other.linkedin.credentials() == running.linkedin.credentials()
        assert other.linkedin.state_counts()["integrations"] == 4
