"""Raw requests below any HTTP client: any bytes in paths, queries, headers and bodies; good calls with bytes changed.

Nothing raises, nothing is a server error, and every refusal has the documented shape.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.sandbox_bodies import Batch, applications, assignees, candidates, entity_acls, stages
from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.media import PATH as UPLOADS
from landbridge.sandbox.linkedin.reception import SIGN_IN
from landbridge.sandbox.linkedin.routing import ROUTES

Headers = list[tuple[bytes, bytes]]
quick = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Line:
    """One sandbox with everything enabled, and its tokens."""

    def __init__(self) -> None:
        sandbox = Sandbox(candidates=5)
        self.linkedin = sandbox.linkedin
        state = self.linkedin.state
        self.organization = state.network.organization
        for kind in ("IN_ATS_INDICATOR", "PROFILE_PLUGIN"):
            self.linkedin.recruiter.set_status(self.organization, kind, "ENABLED")
        self.linkedin.recruiter.set_status(state.network.contracts[0].urn, "CSA_API", "ENABLED")
        at = sandbox.clock.ms()
        issue = self.linkedin.tokens.issue
        member = state.network.people[0].member
        self.people = [state.child.persons.urn(person.member) for person in state.network.people]
        self.tokens = [
            issue(state.child.client_id, at, 1800),
            issue(state.parent.client_id, at, 1800),
            issue(state.child.client_id, at, 1800, member=member, scope="r_liteprofile openid"),
        ]

    def send(self, method: str, path: bytes, query: bytes, headers: Headers, body: bytes) -> tuple[int, bytes]:
        scope = {
            "type": "http",
            "method": method,
            "path": path.decode("latin-1"),
            "raw_path": path,
            "query_string": query,
            "headers": headers,
        }
        parts: list[MutableMapping[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: MutableMapping[str, Any]) -> None:
            parts.append(message)

        async def serve() -> None:
            await self.linkedin(scope, receive, send)

        asyncio.run(serve())
        return parts[0]["status"], parts[1]["body"]


@pytest.fixture(scope="module")
def line() -> Line:
    return Line()


def check(status: int, body: bytes) -> None:
    assert 200 <= status < 500
    if status >= 400:
        shown = orjson.loads(body)
        assert shown.get("status", status) == status
        assert {"message", "error"} & shown.keys()


ROOTS = st.sampled_from(
    [f"/{name}".encode() for name in ROUTES] + [path.encode() for path in SIGN_IN if "auth" not in path[9:]]
)
PATHS = st.tuples(
    ROOTS | st.sampled_from([b"/v2/", b"/rest/", b"/oauth/", UPLOADS.encode()]), st.binary(max_size=40)
).map(b"".join)
NAMES = st.sampled_from(
    [
        b"authorization", b"content-type", b"content-length", b"x-restli-method", b"x-restli-protocol-version",
        b"x-http-method-override", b"linkedin-version", b"host", b"cookie",
    ]
) | st.binary(max_size=12)  # fmt: skip
HEADERS = st.lists(st.tuples(NAMES, st.binary(max_size=30)), max_size=6)
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "\x00"])


@quick
@given(
    method=METHODS,
    path=PATHS,
    query=st.binary(max_size=120),
    headers=HEADERS,
    body=st.binary(max_size=200),
    who=st.integers(0, 3),
)
def test_any_bytes_anywhere_get_an_answer(
    line: Line, method: str, path: bytes, query: bytes, headers: Headers, body: bytes, who: int
) -> None:
    known: Headers = [(b"content-length", b"1"), (b"linkedin-version", b"202603")]
    if who < len(line.tokens):
        known.append((b"authorization", b"Bearer " + line.tokens[who].encode()))
    check(*line.send(method, path, query, [*known, *headers], body))


def batches(line: Line) -> list[Batch]:
    """One good call of each sort."""
    found = [
        candidates(line.organization, 100),
        candidates(line.organization, 100, rest=True),
        applications(line.organization, 100),
        stages(line.organization, 100),
        entity_acls(line.organization, 100),
        assignees(line.organization, line.people * 20, 100),
    ]
    good = [next(one) for one in found]
    return [*good, *(batch.as_read() for batch in good)]


@pytest.fixture(scope="module")
def good(line: Line) -> list[bytes]:
    return [batch.request(line.tokens[0]) for batch in batches(line)]


CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 30),
        st.binary(max_size=8) | st.sampled_from([b"&", b"\r\n\r\n", b'"', b"%", b"("]),
    ),
    min_size=1,
    max_size=4,
)


@quick
@given(which=st.integers(0, 11), changes=CHANGES)
def test_good_calls_with_bytes_changed_get_an_answer(
    line: Line, good: list[bytes], which: int, changes: list[tuple[float, int, bytes]]
) -> None:
    raw = good[which % len(good)]
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *rest = head.split(b"\r\n")
    headers = [(name.lower(), value) for name, value in (one.split(b": ", 1) for one in rest)]
    for place, length, bytes_ in changes:
        cut = int(place * len(body))
        body = body[:cut] + bytes_ + body[cut + length :]
    check(*line.send("POST", first.split(b" ")[1], b"", headers, body))


@quick
@given(query=st.binary(max_size=200), payload=st.binary(max_size=200), override=METHODS, name=ROOTS)
def test_any_bytes_in_a_tunnel_get_an_answer(
    line: Line, query: bytes, payload: bytes, override: str, name: bytes
) -> None:
    body = (
        b"--b\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n" + query + b"\r\n"
        b"--b\r\nContent-Type: application/json\r\n\r\n" + payload + b"\r\n--b--\r\n"
    )
    headers = [
        (b"authorization", b"Bearer " + line.tokens[0].encode()),
        (b"content-type", b"multipart/mixed; boundary=b"),
        (b"content-length", b"1"),
        (b"linkedin-version", b"202603"),
        (b"x-http-method-override", override.encode()),
    ]
    check(*line.send("POST", name, b"", headers, body))


@pytest.mark.parametrize("text", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\\q", b"\\ud800", b"\\u12"])
@pytest.mark.parametrize("which", range(4))
def test_text_that_is_none_inside_an_entity_is_malformed_json(
    line: Line, good: list[bytes], which: int, text: bytes
) -> None:
    head, _, body = good[which].partition(b"\r\n\r\n")
    headers = [(name.lower(), value) for name, value in (one.split(b": ", 1) for one in head.split(b"\r\n")[1:])]
    spoiled = body.replace(b'Screen"}', text + b'Screen"}').replace(b'"Novotna"', b'"' + text + b'"')
    assert spoiled != body
    status, shown = line.send("POST", head.split(b" ")[1], b"", headers, spoiled)
    assert (status, orjson.loads(shown)["status"]) == (400, 400)
