"""What the notes say that are posted in the ATS."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from landbridge.ports.marks import is_ours
from landbridge.sync.effects import texts
from landbridge.sync.effects.texts import head_of_export
from landbridge.sync.effects.working import marker_of


def test_time_in_a_note_reads_as_people_write_it() -> None:
    said = head_of_export("Lena Brandt", datetime(2026, 3, 4, 4, 5, tzinfo=UTC))
    assert said == "LinkedIn export · by Lena Brandt · 4 March 2026, 04:05 UTC"


@pytest.mark.parametrize("part", ["", "one", "another"])
def test_note_of_ours_is_known_again_by_its_marker(part: str) -> None:
    marker = marker_of(SimpleNamespace(foreign_id="w1"), part)  # type: ignore[arg-type]  # all it needs
    assert is_ours(texts.whole("LinkedIn note", "Knows ropes.", 0, 1, marker))
    assert not is_ours(f"Somebody speaks of {marker[:-1]} or of LB-OOOOOOOOOOOOOOOO.")
