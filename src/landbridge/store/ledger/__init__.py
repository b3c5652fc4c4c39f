"""The ledger: per record, what LinkedIn has acknowledged and what is still to be done.

``due`` picks what is to be looked at with all it is rendered from, ``verdicts`` saves what became of it behind the
lane's ``fence``; these two are the hot path. ``dependents`` follows what hangs on a record, ``looks`` tells and sets
when rows are looked at, and ``comparison`` is what a comparison with LinkedIn asks.
"""

from landbridge.store.ledger.comparison import (
    Missing,
    Standing,
    There,
    count_present,
    count_there,
    load_standings,
    seen_records,
    unseen_eligible,
)
from landbridge.store.ledger.dependents import (
    anybody_may_go_on,
    anybody_waits,
    doubt_children,
    hasten_parents,
    wake_waiting,
)
from landbridge.store.ledger.due import (
    BACKFILL,
    START,
    START_OF_BACKFILL,
    Due,
    Place,
    load_jobs,
    load_rows,
    pick_due,
    pick_pending,
    pick_siblings,
    pick_urgent,
)
from landbridge.store.ledger.fence import Fence, FencedError
from landbridge.store.ledger.looks import doubt, has_due, has_urgent, make_kind_due, next_look_at
from landbridge.store.ledger.verdicts import (
    Acknowledged,
    Verdict,
    save_acknowledged,
    save_unchanged,
    save_verdicts,
)

__all__ = [
    "BACKFILL",
    "START",
    "START_OF_BACKFILL",
    "Acknowledged",
    "Due",
    "Fence",
    "FencedError",
    "Missing",
    "Place",
    "Standing",
    "There",
    "Verdict",
    "anybody_may_go_on",
    "anybody_waits",
    "count_present",
    "count_there",
    "doubt",
    "doubt_children",
    "has_due",
    "has_urgent",
    "hasten_parents",
    "load_jobs",
    "load_rows",
    "load_standings",
    "make_kind_due",
    "next_look_at",
    "pick_due",
    "pick_pending",
    "pick_siblings",
    "pick_urgent",
    "save_acknowledged",
    "save_unchanged",
    "save_verdicts",
    "seen_records",
    "unseen_eligible",
    "wake_waiting",
]
