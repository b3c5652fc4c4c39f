"""The index of addresses finds what was put into it, however it grows and whatever shares a slot."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from landbridge.sandbox.smartrecruiters.people import LEAST_SLOTS, Places

KEYS = st.lists(st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-3, 3).map(LEAST_SLOTS.__mul__), max_size=50)


@given(keys=KEYS, absent=st.integers(-(1 << 63), (1 << 63) - 1))
def test_every_position_is_found_by_its_hash_in_the_order_it_came(keys: list[int], absent: int) -> None:
    places = Places()
    crowd = [*keys, *range(2 * LEAST_SLOTS), *keys]
    for place, key in enumerate(crowd):
        places.add(key, place)
    for key in {*keys, absent}:
        assert list(places.find(key)) == [place for place, other in enumerate(crowd) if other == key]
