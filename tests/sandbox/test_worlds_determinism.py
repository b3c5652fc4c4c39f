"""The same name, seed and size give the same world: in another process, on another day of the year."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from landbridge.sandbox.worlds import World, make_world

NOW = datetime(2026, 11, 22, tzinfo=UTC)
IN_ANOTHER_PROCESS = """
import hashlib, sys
from datetime import UTC, datetime
from landbridge.sandbox.worlds import make_world
world = make_world(sys.argv[1], 7, 150, datetime(2026, 11, 22, tzinfo=UTC))
print(hashlib.sha256(repr(world).encode("utf-8", "surrogatepass")).hexdigest())
"""


def digest(world: World) -> str:
    return hashlib.sha256(repr(world).encode("utf-8", "surrogatepass")).hexdigest()


@pytest.mark.parametrize("name", ["plain", "hostile"])
def test_world_is_the_same_in_another_process(name: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    command = [sys.executable, "-c", IN_ANOTHER_PROCESS, name]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == digest(make_world(name, 7, 150, NOW))


def test_world_keeps_ids_and_times_from_one_day_to_the_next() -> None:
    today, tomorrow = make_world("plain", 1, 50, NOW), make_world("plain", 1, 50, datetime(2027, 8, 31, tzinfo=UTC))
    assert list(today.candidates) == list(tomorrow.candidates)
    assert [each.updated for each in today.candidates.values()] == [
        each.updated for each in tomorrow.candidates.values()
    ]


@pytest.mark.parametrize("other", [("plain", 2, 50), ("hostile", 1, 50), ("plain", 1, 51)])
def test_another_name_seed_or_size_gives_other_people(other: tuple[str, int, int]) -> None:
    assert not set(make_world("plain", 1, 50, NOW).candidates) & set(make_world(*other, NOW).candidates)


def test_nothing_in_a_world_happens_after_now() -> None:
    for now in (NOW, datetime(2024, 2, 29, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)):
        world = make_world("plain", 3, 100, now)
        latest = max(each.updated for each in world.candidates.values() if isinstance(each.updated, int))
        assert latest <= now.timestamp() * 1000


def test_unknown_world_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(ValueError, match="plain, hostile"):
        make_world("rosy", 1, 10, NOW)
