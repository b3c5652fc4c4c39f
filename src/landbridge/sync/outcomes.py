"""What the ledger is to hold after an outcome. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from landbridge.ports.destination import Outcome
from landbridge.store.ledger import Due, Verdict
from landbridge.sync import reasons
from landbridge.sync.rendering import CLEAR, gone

# Tries of one record before it is set aside; with the waits below that takes about two hours.
MOST_ATTEMPTS = 14
# Tries of a record that, sent alone, makes the far side fail.
MOST_FAILURES = 5
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
# A writer that leaves open when to ask for the verdict.
LATER = timedelta(minutes=5)


def wait_after(attempts: int) -> timedelta:
    """How long to leave a record alone after so many failed tries."""
    return min(FIRST_WAIT * (1 << min(attempts, 20)), LONGEST_WAIT)


def note(far: Mapping[str, Any] | None) -> str | None:
    return None if far is None else msgspec.json.encode(far).decode()


def verdict(
    row: Due,
    outcome: Outcome,
    *,
    fingerprint: bytes,
    now: datetime,
    removed: bool,
    then_held: str = "",
    asked: bool = False,
) -> Verdict:
    """The row after an outcome. ``removed``: a removal was sent; ``asked``: the outcome came from ``check``."""
    far = note(outcome.far)
    match outcome.status:
        case "delivered" if removed:
            return msgspec.structs.replace(gone(row, then_held), far=far)
        case "delivered":
            # An answer to check confirms what was noted down as sent.
            kept = None if asked else fingerprint
            return _of(row, "delivered", far=far, fingerprint=kept, acknowledged=True)
        case "pending":
            kept = None if asked else fingerprint
            return _of(row, "pending", far=far, fingerprint=kept, next_at=outcome.check_at or now + LATER)
        case "again":
            return _of(row, "due", far=far, fingerprint=CLEAR, acknowledged=True)
        case "refused":
            kept = CLEAR if asked else None  # what was noted down as sent was not taken after all
            return _of(row, "quarantined", reason=outcome.reason, detail=outcome.detail, far=far, fingerprint=kept)
        case "held":
            return _of(row, "held", reason=outcome.reason, detail=outcome.detail, far=far)
        case "retry":
            return retry(row, now=now, most=MOST_ATTEMPTS, far=far, fingerprint=CLEAR if asked else None)


def retry(
    row: Due,
    *,
    now: datetime,
    most: int,
    far: str | None = None,
    fingerprint: bytes | None = None,
) -> Verdict:
    """Try again after a while; a record that has used up its tries is set aside, a removal never is."""
    attempts = row.attempts + 1
    if attempts >= most and not row.gone:
        return _of(row, "quarantined", reason=reasons.FAR_SIDE_FAILS, far=far, fingerprint=fingerprint)
    return _of(
        row,
        "due",
        far=far,
        fingerprint=fingerprint,
        attempts=min(attempts, 1000),
        next_at=now + wait_after(row.attempts),
    )


def _of(
    row: Due,
    state: str,
    *,
    reason: str = "",
    detail: str = "",
    far: str | None = None,
    fingerprint: bytes | None = None,
    acknowledged: bool | None = None,
    next_at: datetime | None = None,
    attempts: int = 0,
) -> Verdict:
    return Verdict(
        record=row.record_id,
        revision=row.revision,
        state=state,
        reason=reason,
        detail=detail,
        far=far,
        fingerprint=fingerprint,
        acknowledged=acknowledged,
        next_at=next_at,
        attempts=attempts,
    )
