from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw, Struct

from landbridge.errors import SurpriseError
from landbridge.http.decoding import decode_json, mend_json
from landbridge.http.evidence import shape_of
from landbridge.http.text import clean_text


class Inner(Struct):
    city: str | None = None


class Row(Struct, rename="camel"):
    id: str
    first_name: str | None = None
    inner: Inner | None = None
    rows: list[Inner] = []
    count: int | None = None


class Page(Struct):
    content: list[Raw] = []


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"id":"1","firstName":"Ana"}', "Ana"),
        (b'{"id":"1","firstName":"Ana","more":[{"x":null}]}', "Ana"),
        (b'\xef\xbb\xbf{"id":"1","firstName":"Ana"}', "Ana"),
        (b'{"id":"1","firstName":"A\\ud800na"}', "A\ufffdna"),
        (b'{"id":"1","firstName":"\\ud83c\\udf0a"}', "\U0001f30a"),
        (b'{"id":"1","firstName":"A\\u0000n\\u001fa"}', "Ana"),
        (b'{"id":"1","firstName":"A\x7fna"}', "Ana"),
        (b'{"id":"1","firstName":"A\xffna"}', "A\ufffdna"),
        (b'{"id":"1","firstName":"A\xc2\x85na"}', "Ana"),
        (b'{"id":"1","firstName":"Ana","count":NaN}', "Ana"),
        (b'{"id":"1","firstName":"Ana","count":1e999}', "Ana"),
        (b'{"id":"1","firstName":"Ana","count":"many"}', "Ana"),
        (b'{"id":"1","firstName":"A\tna"}', "A\tna"),
        (b'{"id":"1","firstName":null}', None),
        (b'{"id":"1","firstName":7}', None),
        (b'{"id":"1","firstName":["Ana"]}', None),
    ],
)
def test_odd_values_cost_at_most_themselves(body: bytes, name: str | None) -> None:
    assert decode_json(body, Row) == Row(id="1", first_name=name)


def test_part_of_another_type_is_left_out_and_its_neighbours_stay() -> None:
    body = b'{"id":"1","inner":[],"rows":[{"city":"Porto"},7,{"city":{}}]}'

    assert decode_json(body, Row) == Row(id="1", rows=[Inner("Porto"), Inner()])


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"id":null}', b'{"id":1}', b"[" * 100_000, b'"id"'])
def test_shape_nobody_agreed_on_is_a_surprise(body: bytes) -> None:
    with pytest.raises(SurpriseError) as raised:
        decode_json(body, Row)

    assert raised.value.__context__ is None


def test_rows_can_be_read_one_by_one_so_that_a_bad_one_stands_alone() -> None:
    page = decode_json(b'{"content":[{"id":"1"},{"id":{}},{"id":"A\\ud800"}]}', Page)

    assert decode_json(page.content[0], Row).id == "1"
    assert decode_json(page.content[2], Row).id == "A\ufffd"
    with pytest.raises(SurpriseError):
        decode_json(page.content[1], Row)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["id", "firstName", "inner", "rows", "count", "else"]), json_values))
def test_any_document_is_read_or_is_a_surprise(document: dict[str, Any]) -> None:
    body = json.dumps(document).encode()
    try:
        row = decode_json(body, Row)
    except SurpriseError:
        assert not isinstance(document.get("id"), str)
        return
    assert isinstance(row.id, str)
    for text in (row.id, row.first_name or ""):
        assert text == clean_text(text)
        text.encode("utf-8")


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_are_a_surprise(body: bytes) -> None:
    try:
        row = decode_json(body, Row)
    except SurpriseError:
        return
    assert b"id" in body
    assert row.id == clean_text(row.id)


@given(json_values)
def test_mended_document_is_storable(document: Any) -> None:
    mended = mend_json(json.dumps(document).encode())

    assert "\\u0000" not in json.dumps(mended)
    json.dumps(mended, ensure_ascii=False, allow_nan=False).encode("utf-8")


@given(st.text(st.characters()))
def test_clean_text_is_storable_and_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned = clean_text(text)

    assert "\x00" not in cleaned
    cleaned.encode("utf-8")
    assert clean_text(cleaned) == cleaned


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_text_that_is_fine_is_left_alone(text: str) -> None:
    assert clean_text(f"{text}\t\r\n") == f"{text}\t\r\n"


def test_evidence_shows_form_and_no_value() -> None:
    body = b'{"errors":[{"code":"X","message":"Mirela"}],"mirela@example.org":1,"total":12}'

    assert shape_of(body) == "{errors:[{code:str(1),message:str(6)}]x1,<key(18)>:int,total:int}"


@given(json_values)
def test_evidence_of_anything_is_short_and_holds_no_long_text(document: Any) -> None:
    assert len(shape_of(json.dumps({"canary": document}).encode())) <= 400
