"""Whom a candidate was merged into, from two lines of a trail that nothing documented joins."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from landbridge.connectors.smartrecruiters.merges import MERGED_AWAY, Merges
from landbridge.connectors.smartrecruiters.wire import AuditLine
from landbridge.errors import LandbridgeError, NotPermittedError, SurpriseError, UnavailableError

AT = "2026-03-04T12:00:0{}.000Z"


def line(candidate: str, second: int = 0, author: str = "u1") -> AuditLine:
    return AuditLine(event_date=AT.format(second), author_id=author, entity_id=candidate)


class Trail:
    """An account of which only the trail is asked."""

    def __init__(self, into: Sequence[AuditLine], trouble: LandbridgeError | None = None) -> None:
        self.into = list(into)
        self.trouble = trouble
        self.asked = 0

    async def audit(self, event: str, candidate_id: str | None = None) -> list[AuditLine]:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        if event == MERGED_AWAY:
            return [line("gone")] if candidate_id == "gone" else []
        return self.into


@pytest.mark.parametrize(
    ("into", "found"),
    [
        ([line("master", 1)], "master"),
        ([line("master", 1), line("master", 3)], "master"),
        ([line("master", 1), line("another", 2)], ""),
        ([line("master", 1), line("another", 2, author="u2")], "master"),
        ([line("master", 9)], ""),
        ([], ""),
        ([line("no id we can work with / ", 1)], ""),
    ],
)
async def test_survivor_is_the_only_one_its_author_merged_at_that_time(into: list[AuditLine], found: str) -> None:
    assert await Merges(Trail(into)).successor("gone") == found  # type: ignore[arg-type]  # only the trail is asked


async def test_deleted_candidate_has_no_survivor() -> None:
    assert await Merges(Trail([line("master")])).successor("deleted") == ""  # type: ignore[arg-type]  # as above


async def test_trail_that_may_not_be_read_is_asked_once() -> None:
    trail = Trail([], NotPermittedError())
    merges = Merges(trail)  # type: ignore[arg-type]  # as above
    assert [await merges.successor("gone") for _ in range(3)] == [""] * 3
    assert trail.asked == 1


async def test_trail_that_is_odd_says_nothing_and_one_that_is_away_is_waited_for() -> None:
    assert await Merges(Trail([], SurpriseError())).successor("gone") == ""  # type: ignore[arg-type]  # as above
    with pytest.raises(UnavailableError):
        await Merges(Trail([], UnavailableError())).successor("gone")  # type: ignore[arg-type]  # as above
