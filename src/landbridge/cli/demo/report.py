"""What the demo has found: as a table for people, as JSON for machines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from landbridge.cli.demo.check import Tally
from landbridge.cli.demo.living import Living


class Report(Struct, kw_only=True):
    """``requests`` counts calls by far side and endpoint; ``violations`` by the documented rule that was broken.

    ``unreadable`` counts what the ATS lists but refuses to show, by reason: it is no record, so it is in no tally.
    """

    world: str
    seed: int
    candidates_wanted: int
    limits: str
    dialect: str
    jobs: Tally
    candidates: Tally
    applications: Tally
    stages: Tally
    unreadable: dict[str, int]
    throttled: int
    violations: dict[str, int]
    requests: dict[str, int]
    live: Living
    shortened_waits: dict[str, str]
    duration_s: float

    @property
    def tallies(self) -> dict[str, Tally]:
        return {name: getattr(self, name) for name in ("jobs", "candidates", "applications", "stages")}

    @property
    def clean(self) -> bool:
        all_there = all(tally.clean for tally in self.tallies.values())
        # An ordinary company gives LinkedIn nothing to refuse: a refusal there is a mistake of ours.
        refused = self.world == "plain" and any(tally.quarantined for tally in self.tallies.values())
        return all_there and self.live.all_arrived and not (refused or self.throttled or self.violations)

    def write(self, file: Path) -> None:
        content: dict[str, Any] = {"clean": self.clean, **msgspec.to_builtins(self)}
        file.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")


def lines(report: Report) -> Iterator[str]:
    """The report as text, at most 80 columns wide; calls by endpoint are in the JSON alone."""
    yield f"{'':14}{'ATS':>9}{'LinkedIn':>10}{'missing':>9}{'extra':>7}{'different':>11}{'held':>7}{'quarantined':>13}"
    for name, tally in report.tallies.items():
        held, quarantined = sum(tally.held.values()), sum(tally.quarantined.values())
        yield (
            f"{name:14}{tally.ats:>9,}{tally.linkedin:>10,}{tally.missing:>9,}{tally.extra:>7,}{tally.different:>11,}"
            f"{held:>7,}{quarantined:>13,}"
        )
    yield from _reasons(report)
    yield from (f"did not arrive: {name}" for name, one in report.live.all.items() if not one.arrived)
    yield ""
    arrived = sum(one.arrived for one in report.live.all.values())
    yield f"live: {arrived} of {len(report.live.all)} arrived on the other side"
    yield f"requests: {sum(report.requests.values()):,}, throttled (429): {report.throttled}"
    if report.violations:
        yield "documented rules broken:"
        yield from (f"  {count:>7,}  {rule}" for rule, count in report.violations.items())
    yield ""
    verdict = "clean: nothing is missing" if report.clean else "NOT CLEAN"
    yield f"{verdict}, history after {report.duration_s:.1f} s"


def _reasons(report: Report) -> Iterator[str]:
    for name, tally in report.tallies.items():
        for state, reasons in (("held", tally.held), ("quarantined", tally.quarantined)):
            yield from (f"  {name} {state}: {count:,} {reason}" for reason, count in reasons.items())
        for sort, keys in tally.examples.items():
            yield from (f"  {name} {sort}: {key}" for key in keys)
    yield from (f"  not readable in the ATS: {count:,} {reason}" for reason, count in report.unreadable.items())
