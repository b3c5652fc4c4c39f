"""Whatever comes over the wire gets an answer of the documented shape; nothing makes the sandbox stumble."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.routing import RESOURCES, ROUTES
from landbridge.sandbox.linkedin.rules.jobs import strip_tags
from tests.sandbox.linkedin_caller import application, candidate, ids_query, job, rest_candidate, stage, text_key

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PATHS = st.sampled_from(
    [f"/{name}" for name in ROUTES] + ["/v2/atsApplications/x/stages", "/oauth/v2/accessToken", "/v3/nothing"]
)
METHODS = st.sampled_from(["batch_create", "batch_update", "batch_partial_update", "batch_get", "batch_delete", ""])
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Line:
    """Calls the app below any HTTP client, so that nothing tidies up what is sent."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(candidates=5)
        linkedin = self.sandbox.linkedin
        self.organization = linkedin.state.network.organization
        linkedin.recruiter.set_status(self.organization, "IN_ATS_INDICATOR", "ENABLED")
        clock = self.sandbox.clock
        self.tokens = {
            who: linkedin.tokens.issue(application.client_id, clock.ms(), 1800)
            for who, application in (("child", linkedin.state.child), ("parent", linkedin.state.parent))
        }

    def send(
        self, method: str, path: str, query: bytes, body: bytes, who: str = "child", **headers: str
    ) -> tuple[int, Any]:
        """Status and decoded body of the answer."""
        sent = {"authorization": f"Bearer {self.tokens[who]}", "content-length": str(len(body)), **headers}
        raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in sent.items() if value]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode("latin-1"),
            "query_string": query,
            "headers": raw,
        }
        parts: list[MutableMapping[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: MutableMapping[str, Any]) -> None:
            parts.append(message)

        asyncio.run(self.sandbox.linkedin(scope, receive, send))
        return parts[0]["status"], orjson.loads(parts[1]["body"] or b"null")


@pytest.fixture(scope="module")
def line() -> Line:
    return Line()


@quick
@given(
    http=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"]),
    path=PATHS,
    query=st.binary(max_size=200),
    body=st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()),
    method=METHODS,
    override=st.sampled_from(["", "GET", "PUT", "DELETE", "x"]),
    content_type=st.sampled_from(["", "application/x-www-form-urlencoded", "multipart/mixed; boundary=b"]),
    protocol=st.sampled_from(["", "2.0.0"]),
    who=st.sampled_from(["child", "parent"]),
)
def test_any_bytes_get_an_answer(
    line: Line, http: str, path: str, query: bytes, body: bytes, method: str, override: str, content_type: str,
    protocol: str, who: str,
) -> None:  # fmt: skip
    headers = {
        "x_restli_method": method,
        "x_http_method_override": override,
        "content_type": content_type,
        "x_restli_protocol_version": protocol,
        "linkedin_version": "202603",
    }
    status, shown = line.send(http, path, query, body, who, **headers)
    assert 200 <= status < 500
    if status >= 400 and "oauth" not in path:
        assert shown["status"] == status


@quick
@given(field=st.sampled_from([*candidate(), "doNotContact", "linkedInProfileUrl", "manualMatchedMember"]), value=JSON)
@pytest.mark.parametrize("generation", ["v2", "rest"])
def test_any_value_in_a_candidate_is_taken_or_refused(line: Line, generation: str, field: str, value: object) -> None:
    name, path, base = (
        ("atsCandidateId", "/v2/atsCandidates", candidate())
        if generation == "v2"
        else ("externalCandidateId", "/rest/candidates", rest_candidate())
    )
    key = {name: "C1", "integrationContext": line.organization}
    if generation == "v2":
        key["dataProvider"] = "ATS"
    check_element(line, path, key, {**base, field: value})
    query = ids_query([key]).encode()
    assert line.send("GET", path, query, b"", linkedin_version="202603")[0] == 200
    assert all(orjson.dumps(row) for row in line.sandbox.linkedin.dump("candidates") or ())


@quick
@given(field=st.sampled_from([*application(), "source", "dispositionReason"]), value=JSON)
def test_any_value_in_an_application_is_taken_or_refused(line: Line, field: str, value: object) -> None:
    key = {"atsJobApplicationId": "A1", "dataProvider": "ATS", "integrationContext": line.organization}
    check_element(line, "/v2/atsApplications", key, {**application(), field: value})
    check_element(line, f"/v2/atsApplications/{text_key(key)}/stages", {}, {**stage(), field: value})


def check_element(line: Line, path: str, key: dict[str, str], value: object) -> None:
    """One batch update of one element: 200 overall, one entry in one of the maps."""
    query = ids_query([key]) if key else "ids=S1"
    body = json.dumps({"entities": {text_key(key) if key else "S1": value}}).encode()
    status, maps = line.send("PUT", path, query.encode(), body, linkedin_version="202603")
    if status == 400:  # NaN and its like are no JSON
        return
    assert status == 200
    outcomes = list({**maps["results"], **maps["errors"]}.values())
    assert len(outcomes) == 1
    assert outcomes[0]["status"] in (201, 204, 404, 422)


@quick
@given(
    field=st.sampled_from(
        [*job("x"), "workplaceTypes", "industries", "categories", "compensation", "expireAt", "state"]
    ),
    value=JSON,
)
def test_any_value_in_a_job_is_taken_or_refused(line: Line, field: str, value: object) -> None:
    body = json.dumps({"elements": [{**job(line.organization), field: value}]}).encode()
    status, shown = line.send("POST", "/v2/simpleJobPostings", b"", body, x_restli_method="batch_create")
    assert status in (200, 400, 403)
    if status == 200:
        assert shown["elements"][0]["status"] in (202, 400, 402, 409, 422, 500)
    assert line.sandbox.linkedin.state_counts()["jobs"] >= 0


@pytest.mark.parametrize("depth", [1_000, 200_000])
def test_deep_nesting_is_refused(line: Line, depth: int) -> None:
    key = {"atsCandidateId": "C1", "dataProvider": "ATS", "integrationContext": line.organization}
    nested = b"[" * depth + b"]" * depth
    body = b'{"entities": {"' + text_key(key).encode() + b'": ' + nested + b"}}"
    status, _ = line.send("PUT", "/v2/atsCandidates", ids_query([key]).encode(), body)
    assert status in (200, 400)
    body = b'{"elements": ' + nested + b"}"
    assert line.send("POST", "/v2/simpleJobPostings", b"", body, x_restli_method="batch_create")[0] in (200, 400)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", ["<" + " " * 2_000_000, "<a" * 500_000, "<b " + "x" * 2_000_000, "</" * 500_000])
def test_stripping_tags_takes_linear_time(text: str) -> None:
    assert len(strip_tags(text)) <= len(text)


@pytest.mark.timeout(60)
def test_matching_an_address_takes_linear_time(line: Line) -> None:
    for address in ("a@" + "b." * 200_000 + " ", "a" * 400_000, "a@" + "." * 400_000):
        check_candidate(line, {"emailAddresses": [address]})


def check_candidate(line: Line, changes: dict[str, Any]) -> None:
    key = {"atsCandidateId": "C1", "dataProvider": "ATS", "integrationContext": line.organization}
    check_element(line, "/v2/atsCandidates", key, {**candidate(), **changes})


def test_every_resource_has_a_route_of_its_own() -> None:
    assert len(ROUTES) == len(RESOURCES)
