"""Rest.li keys: both protocols, any order, any escaping, and what is no key."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.sandbox.linkedin.keyring import read_keys, read_query, writer_of
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.resources.candidates import SHAPES
from landbridge.sandbox.linkedin.restli import KeyShape, KeyWriter, keys_in_query, parse_key, parse_path_key

V2, REST, SIMPLE = SHAPES["v2"], SHAPES["rest"], KeyShape()
ORG = "urn:li:organization:1337"
ENC = quote(ORG, safe="")


@pytest.mark.parametrize(
    ("query", "shape", "protocol", "keys"),
    [
        (f"ids[0].atsCandidateId=C1&ids[0].dataProvider=ATS&ids[0].integrationContext={ORG}", V2, 1, [("C1", ORG)]),
        (f"ids[0].integrationContext={ENC}&ids[0].dataProvider=ATS&ids[0].atsCandidateId=C1", V2, 1, [("C1", ORG)]),
        (
            f"ids%5B7%5D.atsCandidateId=a%26b&ids%5B7%5D.dataProvider=ATS&ids%5B7%5D.integrationContext={ENC}",
            V2,
            1,
            [("a&b", ORG)],
        ),
        ("ids=N1&ids=N%202", SIMPLE, 1, [("N1",), ("N 2",)]),
        ("fields=x&ids=N1", SIMPLE, 1, [("N1",)]),
        (f"ids=List((externalCandidateId:C1,integrationContext:{ENC}))", REST, 2, [("C1", ORG)]),
        (
            f"ids=List((integrationContext:{ENC},externalCandidateId:a%2Cb),(externalCandidateId:C2,integrationContext:{ENC}))",
            REST,
            2,
            [("a,b", ORG), ("C2", ORG)],
        ),
        (f"ids=List(($params:(),externalCandidateId:C1,integrationContext:{ENC}))", REST, 2, [("C1", ORG)]),
        ("ids=List(a,b%3Ac)", SIMPLE, 2, [("a",), ("b:c",)]),
        ("ids=List()", SIMPLE, 2, []),
        ("", V2, 1, []),
    ],
)
def test_query_is_parsed_into_fields(query: str, shape: KeyShape, protocol: int, keys: list[tuple[str, ...]]) -> None:
    assert keys_in_query(query, shape, protocol) == keys


@pytest.mark.parametrize(
    ("query", "shape", "protocol"),
    [
        (f"ids[0].atsCandidateId=C1&ids[0].integrationContext={ORG}", V2, 1),
        (f"ids[0].atsCandidateId=C1&ids[0].dataProvider=CRM&ids[0].integrationContext={ORG}", V2, 1),
        (f"ids[0].atsCandidateId=&ids[0].dataProvider=ATS&ids[0].integrationContext={ORG}", V2, 1),
        (f"ids[0].atsCandidateId=C1&ids[0].dataProvider=ATS&ids[0].integrationContext={ORG}&ids[0].x=1", V2, 1),
        (f"ids=(externalCandidateId:C1,integrationContext:{ENC})", REST, 2),
        ("ids=List(externalCandidateId:C1)", REST, 2),
        (f"ids=List((externalCandidateId:C1,integrationContext:{ENC},dataProvider:ATS))", REST, 2),
    ],
)
def test_bad_key_is_a_400(query: str, shape: KeyShape, protocol: int) -> None:
    with pytest.raises(RefusalError) as refusal:
        keys_in_query(query, shape, protocol)
    assert refusal.value.status == 400


@pytest.mark.parametrize(("shape", "protocol"), [(V2, 1), (REST, 2), (REST, 1), (SIMPLE, 1)])
@pytest.mark.parametrize("value", ["C1", "a&b=c", "(x,y:z)", "50%", "Žluťoučký", "a b", "'"])
def test_written_key_parses_back_into_its_fields(shape: KeyShape, protocol: int, value: str) -> None:
    key = (value, ORG) if shape.fields else (quote(value),)
    text = KeyWriter(shape, protocol).write(key)
    parsed = parse_key(text, shape, protocol)
    assert parsed == (key if shape.fields else (value,))


def test_answer_keys_have_an_order_and_escaping_of_their_own() -> None:
    assert KeyWriter(V2, 1).write(("C1", ORG)) == f"integrationContext={ENC}&dataProvider=ATS&atsCandidateId=C1"


@pytest.mark.parametrize("encode", [False, True])
def test_path_key_is_read_raw_and_encoded(encode: bool) -> None:
    text = f"atsCandidateId=C1&dataProvider=ATS&integrationContext={ORG}"
    assert parse_path_key(quote(text, safe="") if encode else text, V2, 1) == ("C1", ORG)


VALUE = st.text(max_size=6)
FORM = st.permutations(["atsCandidateId", "dataProvider", "integrationContext"])
MESS = st.sampled_from(
    ["", "&", "=", "&fields=x", "%", "\n", "(", "),(", "$params:()", "ids[0].atsCandidateId=C9&", ","]
)


def outcome(read: Callable[[], list[tuple[str, ...]]]) -> list[tuple[str, ...]] | str:
    try:
        return read()
    except RefusalError as refusal:
        return refusal.message


def written(names: list[str], values: list[str], protocol: int, escape: Callable[[str], str]) -> list[str]:
    between, within, frame = (",", ":", "({})") if protocol == 2 else ("&", "=", "{}")
    known = {"dataProvider": "ATS", "integrationContext": ORG}
    return [frame.format(between.join(f"{n}{within}{escape(known.get(n, value))}" for n in names)) for value in values]


@given(
    names=FORM,
    values=st.lists(VALUE, min_size=1, max_size=4),
    protocol=st.sampled_from([1, 2]),
    escaped=st.booleans(),
    mess=MESS,
    place=st.floats(0, 1),
)
def test_a_whole_batch_is_read_as_its_keys_one_by_one(
    names: list[str], values: list[str], protocol: int, escaped: bool, mess: str, place: float
) -> None:
    texts = written(names, values, protocol, (lambda text: quote(text, safe="")) if escaped else str)
    if protocol == 2:
        query = f"ids=List({','.join(texts)})"
    else:
        pieces = ((index, piece) for index, text in enumerate(texts) for piece in text.split("&"))
        query = "&".join(f"ids[{index}].{piece}" for index, piece in pieces)
    cut = int(place * len(query))
    query = query[:cut] + mess + query[cut:]
    slow = outcome(lambda: keys_in_query(query, V2, protocol))
    assert outcome(lambda: read_query(query, V2, protocol)) == slow
    cut = int(place * len(texts[0]))
    texts[0] = texts[0][:cut] + mess + texts[0][cut:]
    slow = outcome(lambda: [parse_key(text, V2, protocol) for text in texts])
    assert outcome(lambda: read_keys(texts, V2, protocol)) == slow


@given(
    keys=st.lists(st.tuples(VALUE, VALUE), max_size=4),
    shape=st.sampled_from([V2, REST]),
    protocol=st.sampled_from([1, 2]),
)
def test_a_whole_batch_is_written_as_its_keys_one_by_one(
    keys: list[tuple[str, str]], shape: KeyShape, protocol: int
) -> None:
    one = KeyWriter(shape, protocol)
    assert writer_of(shape, protocol).write(keys) == [one.write(key) for key in keys]
