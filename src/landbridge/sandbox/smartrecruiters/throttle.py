"""Rate and concurrency of each credential, as documented: per second, in flight, and one candidate list at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from landbridge.sandbox.kernel import Rule, SlidingWindow, kept
from landbridge.sandbox.smartrecruiters import choices, rules

WINDOW_MS = 1000


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a credential may do. ``latency_ms`` is how long every call takes at least, in real time."""

    mode: Literal["relaxed", "real", "custom"] = "custom"
    requests_per_second: int = 10
    publications_per_second: int = 2
    concurrent: int = 8
    concurrent_candidate_lists: int = 1
    latency_ms: int = 0


# Relaxed lifts what makes a demo wait; that the candidate list is read one call at a time stays a rule.
RELAXED = Limits(mode="relaxed", requests_per_second=5_000, publications_per_second=5_000, concurrent=64)
REAL = Limits(mode="real")


def limits_from(wanted: Mapping[str, Any], now: Limits) -> Limits:
    """``{"mode": "relaxed"}``, ``{"mode": "real"}`` (each with a latency if wanted), or single numbers over ``now``."""
    mode = wanted.get("mode", "custom")
    base = {"relaxed": RELAXED, "real": REAL}.get(mode, now)
    merged = msgspec.convert({**msgspec.structs.asdict(base), **wanted, "mode": mode}, Limits)
    counts = (merged.requests_per_second, merged.publications_per_second, merged.concurrent)
    if min(*counts, merged.concurrent_candidate_lists) < 1:
        raise ValueError("limits are at least 1")
    if merged.latency_ms < 0:
        raise ValueError("a call cannot take less than no time")
    return merged


@kept(_in_flight=int, _lists_in_flight=int)
class Meter:
    """What one credential has used."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._window = SlidingWindow(limits.requests_per_second, WINDOW_MS)
        self._publications = SlidingWindow(limits.publications_per_second, WINDOW_MS)
        self._in_flight = 0
        self._lists_in_flight = 0

    def enter(self, at: int, *, is_list: bool, is_publication: bool = False) -> tuple[Rule, str] | None:
        """Begin a call; the rule it breaks, if it does: then it has not begun and must not be left."""
        limits = self.limits
        if self._window.opens_at(at) > at:
            self._count(at, refused=True)
            return rules.RATE, f"{limits.requests_per_second} in one second were allowed"
        if is_publication:
            if self._publications.opens_at(at) > at:
                return rules.PUBLICATION_RATE, f"{limits.publications_per_second} in one second were allowed"
            self._publications.take(at)
        self._count(at, refused=False)
        if is_list and self._lists_in_flight >= limits.concurrent_candidate_lists:
            return rules.CANDIDATE_LIST_ALONE, f"{self._lists_in_flight + 1} in flight"
        if self._in_flight >= limits.concurrent:
            return rules.CONCURRENCY, f"{self._in_flight + 1} in flight"
        self._in_flight += 1
        self._lists_in_flight += is_list
        return None

    def leave(self, *, is_list: bool) -> None:
        self._in_flight -= 1
        self._lists_in_flight -= is_list

    def _count(self, at: int, *, refused: bool) -> None:
        if not refused or choices.REFUSED_CALLS_COUNT:
            self._window.take(at)

    def headers(self, at: int, *, is_list: bool) -> list[tuple[bytes, bytes]]:
        limits = self.limits
        used, allowed = self._in_flight, limits.concurrent
        if is_list:
            used, allowed = self._lists_in_flight, limits.concurrent_candidate_lists
        left = max(0, limits.requests_per_second - self._window.used(at))
        return [
            (b"x-ratelimit-limit", b"%d" % limits.requests_per_second),
            (b"x-ratelimit-remaining", b"%d" % left),
            (b"x-ratelimit-concurrent-limit", b"%d" % allowed),
            (b"x-ratelimit-concurrent-remaining", b"%d" % max(0, allowed - used)),
        ]
