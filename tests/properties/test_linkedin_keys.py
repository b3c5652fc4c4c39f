"""Rest.li keys, batches and tunnelling: whatever goes in comes out again, in both protocols."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.connectors.linkedin import restli
from landbridge.connectors.linkedin.restli import Fault, Protocol
from landbridge.connectors.linkedin.tunnel import LONGEST_QUERY, tunnelled
from landbridge.connectors.linkedin.upsert import cut_batches
from landbridge.http import Answer, Call
from landbridge.ports.destination import Entity

NASTY = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    [
        "a&b=c",
        "(x:1,y:2)",
        "50%25",
        "urn:li:organization:1337",
        "''",
        "'",
        "List(a,b)",
        "",
        "%",
        "a b",
        "小林🚋",
        "=&=&",
    ]
)
NAMES = ("atsCandidateId", "dataProvider", "integrationContext")
KEYS = st.tuples(NASTY, NASTY, NASTY).map(lambda values: dict(zip(NAMES, values, strict=True)))
PROTOCOLS = st.sampled_from(list(Protocol))


@given(KEYS, PROTOCOLS)
def test_key_comes_back_field_by_field(key: dict[str, str], protocol: Protocol) -> None:
    assert restli.parse_key(restli.encode_key(key, protocol)) == key


@given(KEYS, PROTOCOLS, st.randoms(use_true_random=False))
def test_key_comes_back_in_any_order_of_its_fields(key: dict[str, str], protocol: Protocol, chance: object) -> None:
    names = list(key)
    chance.shuffle(names)  # type: ignore[attr-defined]  # hypothesis' own Random
    assert restli.parse_key(restli.encode_key({name: key[name] for name in names}, protocol)) == key


@given(KEYS, PROTOCOLS)
def test_path_key_is_one_segment_that_decodes_to_the_key(key: dict[str, str], protocol: Protocol) -> None:
    segment = restli.encode_path_key(key, protocol)
    assert not set(segment) & set("/?#[] ")
    assert segment.isascii()
    assert restli.parse_key(unquote(segment)) == key


@given(st.lists(KEYS, min_size=1, max_size=5))
def test_ids_of_protocol_one_are_a_plain_query(keys: list[dict[str, str]]) -> None:
    pairs = parse_qsl(restli.Keys(keys, Protocol.ONE).query, keep_blank_values=True, strict_parsing=True)
    found: list[dict[str, str]] = [{} for _ in keys]
    for name, value in pairs:
        place = re.fullmatch(r"ids\[(\d+)\]\.(\w+)", name)
        assert place is not None
        found[int(place[1])][place[2]] = value
    assert found == keys


@given(st.lists(KEYS, min_size=1, max_size=5))
def test_ids_of_protocol_two_escape_all_that_is_reserved(keys: list[dict[str, str]]) -> None:
    query = restli.Keys(keys, Protocol.TWO).query
    assert query.isascii()
    inner = query.removeprefix("ids=List((").removesuffix("))")
    assert [restli.parse_key(f"({one})") for one in inner.split("),(")] == keys


@given(st.lists(NASTY, min_size=1, max_size=5), PROTOCOLS)
def test_plain_ids_come_back(ids: list[str], protocol: Protocol) -> None:
    keys = [{restli.SIMPLE: one} for one in ids]
    answer = Answer(
        status=200,
        headers={},
        content=json.dumps({"results": {restli.encode_key(key, protocol): {"status": 204} for key in keys}}).encode(),
    )
    assert restli.read_statuses(answer, restli.Keys(keys, protocol)) == [204] * len(ids)


@given(
    st.lists(st.tuples(KEYS, st.sampled_from(["201", "result error", "error", "status", "silent"])), max_size=8),
    PROTOCOLS,
    PROTOCOLS,
)
def test_every_element_gets_its_own_outcome(
    wanted: list[tuple[dict[str, str], str]], asked_in: Protocol, answered_in: Protocol
) -> None:
    unlike = {tuple(key.values()): (key, sort) for key, sort in wanted}
    content: dict[str, dict[str, object]] = {"results": {}, "statuses": {}, "errors": {}}
    expected: list[int | Fault | None] = []
    for key, sort in unlike.values():
        text = restli.encode_key(dict(reversed(key.items())), answered_in)
        match sort:
            case "201":
                content["results"][text] = {"status": 201}
                expected.append(201)
            case "result error":
                content["results"][text] = {"status": 400, "error": {"status": 422, "message": "no"}}
                expected.append(Fault(status=422))
            case "error":
                content["errors"][text] = {"status": 404, "serviceErrorCode": 7, "code": "GONE", "message": "no"}
                expected.append(Fault(status=404, code="GONE", service_code=7))
            case "status":
                content["statuses"][text] = 204
                expected.append(204)
            case _:
                expected.append(None)
    answer = Answer(status=200, headers={}, content=json.dumps(content).encode())
    assert restli.read_statuses(answer, restli.Keys([key for key, _ in unlike.values()], asked_in)) == expected


@given(st.text("ab=&%", max_size=3 * LONGEST_QUERY), st.binary(max_size=300), st.sampled_from(["GET", "PUT", "DELETE"]))
def test_long_queries_travel_in_the_body(query: str, body: bytes, method: str) -> None:
    call = Call(method=method, path="/v2/x", route="/v2/x", query=query, content=body if method == "PUT" else b"")
    sent = tunnelled(call)
    if len(query) <= LONGEST_QUERY:
        assert sent is call
        return
    assert (sent.method, sent.query, sent.headers["X-HTTP-Method-Override"]) == ("POST", "", method)
    assert sent.verb == method
    if not call.content:
        assert sent.content == query.encode()
        return
    assert sent.content_type is not None
    boundary = sent.content_type.partition("boundary=")[2].encode()
    parts = sent.content.split(b"--" + boundary)
    assert len(parts) == 4
    assert [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts[1:3]] == [query.encode(), body]


@pytest.mark.parametrize(("length", "in_the_body"), [(LONGEST_QUERY, False), (LONGEST_QUERY + 1, True)])
def test_tunnel_begins_right_above_four_thousand_characters(length: int, in_the_body: bool) -> None:
    sent = tunnelled(Call(method="GET", path="/v2/x", route="/v2/x", query="a" * length))
    assert bool(sent.content) is in_the_body


ENTITIES = st.lists(
    st.tuples(st.sampled_from(["upsert", "delete"]), st.sampled_from([None, "A", "B", "C"])), max_size=400
).map(
    lambda drawn: [
        Entity(record_id=n, key=str(n), revision=1, operation=operation, body=b"{}", fingerprint=b"", group=group)
        for n, (operation, group) in enumerate(drawn)
    ]
)


@given(ENTITIES, st.integers(1, 100))
def test_batches_hold_each_entity_once_in_order_and_never_mix(entities: list[Entity], most: int) -> None:
    batches = list(cut_batches(entities, most))
    assert sorted(entity.record_id for batch in batches for entity in batch) == list(range(len(entities)))
    for batch in batches:
        assert 1 <= len(batch) <= most
        assert len({(entity.operation, entity.group) for entity in batch}) == 1
    for operation in ("upsert", "delete"):
        for group in (None, "A", "B", "C"):
            order = [e.record_id for batch in batches for e in batch if (e.operation, e.group) == (operation, group)]
            assert order == sorted(order)
