"""What the notes say that are posted in the ATS."""

from __future__ import annotations

from datetime import UTC, datetime

from landbridge.sync.effects.texts import head_of_export


def test_time_in_a_note_reads_as_people_write_it() -> None:
    said = head_of_export("Lena Brandt", datetime(2026, 3, 4, 4, 5, tzinfo=UTC))
    assert said == "LinkedIn export · by Lena Brandt · 4 March 2026, 04:05 UTC"
