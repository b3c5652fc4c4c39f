"""Packed records are what they were, to the byte, whatever they hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.sandbox.linkedin import books
from landbridge.sandbox.linkedin.packing import ALIKE, LENGTHS, Examples, pack, unpack
from tests.sandbox.linkedin_caller import Caller, application, candidate

LIKE_JSON = st.text(alphabet='"\\:{}[],-0123456789.eE%\0aé ', max_size=40).map(str.encode)


@given(st.lists(LIKE_JSON | st.binary(max_size=20), max_size=20))
def test_anything_comes_back_as_it_was(records: list[bytes]) -> None:
    examples: Examples = {}
    for raw in [*records, *records]:
        kept, example = pack(raw, examples)
        assert raw == (kept if example is None else unpack(kept, example))


def test_record_of_a_known_form_leaves_its_values_only() -> None:
    examples: Examples = {}
    for number in range(3):
        kept, example = pack(b'{"name":"Noor %d%%","at":%d,"tags":["a",true]}' % (number, number), examples)
    assert example is not None
    assert kept == b"Noor 2%\x002\x00a"


def test_client_of_many_forms_does_not_fill_the_memory_with_examples() -> None:
    examples: Examples = {}
    for number in range(2 * LENGTHS * ALIKE):
        pack(b"{%b}" % b",".join([b'"x":%b' % (b"0" if number & 1 << bit else b"null") for bit in range(12)]), examples)
        pack(b'"' * number, examples)
    assert len(examples) == LENGTHS
    assert max(map(len, examples.values())) == ALIKE


async def test_packed_book_answers_as_an_unpacked_one(linkedin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads, changes, what is shown in Recruiter and deletions go on after a book has grown large."""
    monkeypatch.setattr(books, "FEW", 0)
    people = {f"C{number}": candidate(number) for number in range(4)}
    for _ in range(2):
        await linkedin.put_candidates(people)
        await linkedin.put_applications({f"A{number}": application() for number in range(4)})
    [book] = [book for child in linkedin.sandbox.linkedin.state.children() for book in child.books.values()]
    assert all(stored.like is not None for stored in [*book.candidates.values(), *book.applications.values()])
    rows = list(linkedin.sandbox.linkedin.dump("candidates") or ())
    assert [row["firstName"] for row in rows] == [person["firstName"] for person in people.values()]
    linkedin.sandbox.site.snapshot("packed")
    linkedin.sandbox.site.restore("packed")
    assert list(linkedin.sandbox.linkedin.dump("candidates") or ()) == rows
