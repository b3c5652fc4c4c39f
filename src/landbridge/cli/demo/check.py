"""The demo's own judgement: are both sides the same? Shares nothing with the code that did the work.

Each side is brought into one comparable form (``ats.py``, ``linkedin.py``). A record that is not on LinkedIn needs an
excuse: a reason in Landbridge's ledger, which is believed only if the ATS record itself bears it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from msgspec import Struct, field

EXAMPLES = 5  # how many findings of each sort are kept by their ids; the counts are complete


class Seen(Struct, frozen=True, kw_only=True):
    """One record as one side shows it. ``facts`` are what excuses look at.

    ``fields`` are compared by name. On the ATS side one may be a function instead of a value: it is given what LinkedIn
    has and says whether that is right.
    """

    key: str
    fields: Mapping[str, object] = {}
    facts: Mapping[str, object] = {}


class Standing(Struct, frozen=True):
    """What Landbridge's ledger says of one record."""

    state: str
    reason: str


class Tally(Struct, kw_only=True):
    """The findings for one kind. ``missing`` counts records that should be on LinkedIn and are not.

    ``outdated`` are those among the held and quarantined of which LinkedIn has an earlier form: their newest one cannot
    be sent. They do not count as ``linkedin``.
    """

    ats: int = 0
    linkedin: int = 0
    missing: int = 0
    extra: int = 0
    different: int = 0
    outdated: int = 0
    held: dict[str, int] = {}
    quarantined: dict[str, int] = {}
    examples: dict[str, list[str]] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Nothing missing, extra or different, and every record of the ATS is accounted for."""
        set_aside = sum(self.held.values()) + sum(self.quarantined.values())
        return not (self.missing or self.extra or self.different) and self.linkedin + set_aside == self.ats


# From a reason code to whether a record of the ATS really is like that. A code without an entry is believed.
Excuses = Mapping[str, Callable[[Seen], bool]]


def judge(
    ats: Mapping[str, Seen], linkedin: Mapping[str, Seen], ledger: Mapping[str, Standing], excuses: Excuses
) -> Tally:
    """Compare one kind on both sides."""
    tally = Tally(ats=len(ats))
    aside = {"held": Counter[str](), "quarantined": Counter[str]()}
    for key, record in ats.items():
        wrong = differences(record, linkedin[key]) if key in linkedin else ["all"]
        standing = ledger.get(key)
        if not wrong:
            continue
        if standing is not None and believed(standing, record, excuses):
            aside[standing.state][standing.reason] += 1
            tally.outdated += key in linkedin
        elif key in linkedin:
            tally.different += 1
            _keep(tally, "different", f"{key} ({', '.join(wrong)})")
        else:
            tally.missing += 1
            _keep(tally, "missing", f"{key} ({f'{standing.state} {standing.reason}' if standing else 'unknown'})")
    for key in linkedin.keys() - ats.keys():
        tally.extra += 1
        _keep(tally, "extra", key)
    tally.linkedin = len(linkedin) - tally.outdated
    tally.held, tally.quarantined = (dict(sorted(counts.items())) for counts in aside.values())
    return tally


def differences(record: Seen, there: Seen) -> list[str]:
    """The names of the fields that do not agree."""
    return [name for name, value in record.fields.items() if not _agrees(value, there.fields.get(name))]


def _agrees(wanted: object, there: object) -> bool:
    return bool(wanted(there)) if callable(wanted) else there == wanted


def believed(standing: Standing, record: Seen, excuses: Excuses) -> bool:
    """Whether the ledger's reason is a reason, and true of this record."""
    if standing.state not in {"held", "quarantined"} or not standing.reason:
        return False
    excuse = excuses.get(standing.reason)
    return excuse is None or excuse(record)


def _keep(tally: Tally, sort: str, text: str) -> None:
    kept = tally.examples.setdefault(sort, [])
    if len(kept) < EXAMPLES:
        kept.append(text)
