"""What is wrong on LinkedIn, judged from the far sides' own records alone.

Landbridge's ledger is never asked here: a bug that loses a record would lose its ledger row as well. Only the rules
by which a record of a plain world stays away are allowed, each checked against the record of the ATS.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

from landbridge.cli.demo import ats, linkedin
from landbridge.cli.demo.ats import Company
from landbridge.cli.demo.check import Excuses, Seen, differences
from landbridge.cli.demo.excuses import excuses
from tests.faults.control import FarSide

ATS_ENTITIES = ("jobs", "candidates", "applications", "histories", "sources")
KINDS = ("jobs", "candidates", "applications", "stages")
# Why a record of a plain world may be missing on LinkedIn.
MAY_STAY_AWAY = {
    "jobs": ("job_not_published", "excluded_template"),
    "candidates": (),
    "applications": ("waits_for_job", "excluded_job"),
    "stages": ("waits_for_application",),
}
# A process that was killed has taken its token along, so a storm of kills needs more tokens than a quiet day.
PRICE_OF_A_KILL = frozenset({"token_fetches"})
# A call that was in the hands of a process when it was stopped leaves when it goes on, whatever others do by then.
PRICE_OF_A_STANDSTILL = frozenset({"out_of_order", "parallel_batches", "rate"})


def seen(source: FarSide) -> Company:
    """The ATS's own records as they have to look on LinkedIn."""
    return ats.see({entity: source.dump(entity) for entity in ATS_ENTITIES})


def findings(source: FarSide, network: FarSide) -> list[str]:
    """Everything missing, extra or different on LinkedIn; empty where both sides agree."""
    company = seen(source)
    client_id = network.credentials()["child"]["client_id"]
    there = linkedin.see({kind: network.dump(kind) for kind in KINDS}, client_id)
    allowed = excuses(company, there, time.time_ns() // 1_000_000, ())
    found: list[str] = []
    for kind in KINDS:
        reasons = {code: allowed[code] for code in MAY_STAY_AWAY[kind]}
        found += _compare(kind, getattr(company, kind), getattr(there, kind), reasons)
    return found


def _compare(kind: str, wanted: dict[str, Seen], there: dict[str, Seen], reasons: Excuses) -> Iterator[str]:
    for key, record in wanted.items():
        if key not in there:
            if not any(excuse(record) for excuse in reasons.values()):
                yield f"{kind} {key} is missing"
        elif wrong := _wrong(record, there[key]):
            yield f"{kind} {key} differs in {', '.join(wrong)}"
    yield from (f"{kind} {key} is extra" for key in there.keys() - wanted.keys())


def _wrong(record: Seen, there: Seen) -> list[str]:
    """A closed posting stays as it was when it was closed: LinkedIn takes no update of it."""
    wrong = differences(record, there)
    return [name for name in wrong if name == "state"] if record.fields.get("state") == "CLOSED" else wrong


def regressions(network: FarSide) -> list[str]:
    """Records that were sent with an older revision after a newer one."""
    newest: dict[tuple[str, str], int] = {}
    found = []
    for row in network.written():
        if row.modified is None or row.entity.endswith(".delete"):
            continue
        before = newest.get((row.entity, row.key), row.modified)
        if row.modified < before:
            found.append(f"{row.entity} {row.key} went back from {before} to {row.modified} with call {row.call}")
        newest[row.entity, row.key] = max(before, row.modified)
    return found


def revivals(network: FarSide) -> list[str]:
    """Records that were sent again after they had been deleted for good: erased people who came back."""
    deleted: set[tuple[str, str]] = set()
    found = []
    for row in network.written():
        entity, _, what = row.entity.partition(".")
        if what == "delete" and row.status < 300:
            deleted.add((entity, row.key))
        elif not what and entity == "candidates" and (entity, row.key) in deleted:
            found.append(f"{entity} {row.key} came back with call {row.call}")
    return found


def jobs_created_again(network: FarSide) -> list[str]:
    """Jobs for which LinkedIn carried out more than one CREATE: each made another posting with another number."""
    done = [task for task in network.tasks() if task["status"] == "SUCCEEDED" and task["operation"] == "CREATE"]
    times = Counter(task["externalJobPostingId"] for task in done)
    return [f"job {job} was created {count} times" for job, count in times.items() if count > 1]


def broken_rules(*sides: FarSide, allowed: frozenset[str] = frozenset()) -> list[str]:
    """Documented rules that the sandbox saw broken."""
    return [
        f"{rule} was broken {count} times"
        for side in sides
        for rule, count in side.broken_rules().items()
        if rule not in allowed
    ]
