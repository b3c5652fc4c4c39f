"""What may stand in a scenario. ``msgspec`` makes the JSON Schema of these, so file, schema and code cannot differ."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from landbridge.sandbox.kernel import WorldChoice
from landbridge.sandbox.kernel.faults import Fault
from landbridge.sandbox.kernel.lengths import parse_length

SystemName = Literal["linkedin", "smartrecruiters"]
ACTIONS = ("fault", "clear_faults", "clock", "limits", "people", "call", "snapshot", "restore", "expect")


class ClockTurn(Struct, kw_only=True, forbid_unknown_fields=True):
    """``set`` is an instant with zone, ``advance`` a length of time (90m, 2d, PT1H)."""

    freeze: bool | None = None
    set: str | None = None
    advance: str | None = None

    def __post_init__(self) -> None:
        if self.advance is not None:
            parse_length(self.advance)


class Amount(Struct, kw_only=True, forbid_unknown_fields=True):
    """How many: ``exactly``, or ``at_least`` and ``at_most``. None of them: at least one."""

    exactly: int | None = None
    at_least: int | None = None
    at_most: int | None = None

    def holds(self, count: int) -> bool:
        if self.exactly is not None:
            return count == self.exactly
        least = self.at_least if self.at_least is not None else int(self.at_most is None)
        return least <= count and (self.at_most is None or count <= self.at_most)

    def says(self) -> str:
        if self.exactly is not None:
            return f"exactly {self.exactly}"
        words = [f"at least {self.at_least}"] if self.at_least is not None else []
        words += [f"at most {self.at_most}"] if self.at_most is not None else []
        return " and ".join(words) or "at least 1"


class Calls(Amount, kw_only=True, forbid_unknown_fields=True):
    """Calls in the journal. ``operation`` and ``client`` are patterns, ``status`` a number or a class ("4xx")."""

    operation: str = "*"
    status: str | int = ""
    client: str = "*"
    text: str = ""


class Violations(Amount, kw_only=True, forbid_unknown_fields=True):
    """Broken rules of the client audit; ``rule`` is a pattern over their codes."""

    rule: str = "*"


class Pushes(Amount, kw_only=True, forbid_unknown_fields=True):
    """Pushes in LinkedIn's log, by patterns over their type and state."""

    type: str = "*"
    state: str = "*"


class Expectation(Struct, kw_only=True, forbid_unknown_fields=True):
    """One thing that must be so. ``state`` names entities and how many of each there are."""

    system: SystemName = "linkedin"
    calls: Calls | None = None
    violations: Violations | Literal["none"] | None = None
    pushes: Pushes | None = None
    state: dict[str, int] | None = None

    def __post_init__(self) -> None:
        if sum(part is not None for part in (self.calls, self.violations, self.pushes, self.state)) != 1:
            raise ValueError("expect one thing at a time: calls, violations, pushes or state")


class After(Struct, kw_only=True, forbid_unknown_fields=True):
    """When so many calls have been answered."""

    calls: int
    system: SystemName = "linkedin"
    operation: str = "*"
    status: str | int = ""
    client: str = "*"


class ScriptedFault(Fault, kw_only=True, forbid_unknown_fields=True):
    """A fault as the control room takes it, and whose it is."""

    system: SystemName = "linkedin"


class People(Struct, kw_only=True, forbid_unknown_fields=True):
    """Something people do: a route of the control room (``integrations``, ``edit``, ``talent/...``) and its body."""

    route: str
    system: SystemName = "linkedin"
    method: Literal["GET", "POST", "PUT", "DELETE"] = "POST"
    body: Any = None
    status: int = 200


class Request(Struct, kw_only=True, forbid_unknown_fields=True):
    """A call of the API by the scenario itself, signed in ``by`` one of the sandbox's credentials."""

    path: str
    system: SystemName = "linkedin"
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    by: Literal["child", "parent", "account", "nobody"] | None = None
    times: int = 1
    status: int | None = None


class Step(Struct, kw_only=True, forbid_unknown_fields=True):
    """One step: a moment (``at``: sandbox time after the start; ``after`` so many calls), one action, or both.

    ``within`` is how long, in real time, the moment is waited for.
    """

    at: str | None = None
    after: After | None = None
    within: str = "60s"
    note: str = ""
    fault: ScriptedFault | None = None
    clear_faults: SystemName | None = None
    clock: ClockTurn | None = None
    limits: dict[SystemName, dict[str, Any]] | None = None
    people: People | None = None
    call: Request | None = None
    snapshot: str | None = None
    restore: str | None = None
    expect: Expectation | None = None

    def __post_init__(self) -> None:
        if self.at is not None:
            parse_length(self.at)
        parse_length(self.within)
        actions = [name for name in ACTIONS if getattr(self, name) is not None]
        if len(actions) > 1:
            raise ValueError(f"one action per step, not {' and '.join(actions)}")
        if not actions and self.at is None and self.after is None:
            raise ValueError(f"a step needs a moment (at, after) or an action ({', '.join(ACTIONS)})")

    @property
    def action(self) -> str:
        return next((name for name in ACTIONS if getattr(self, name) is not None), "wait")


class Script(Struct, kw_only=True, forbid_unknown_fields=True):
    """A whole scenario. It starts from ``world`` (left out: a reset of the present one), clock and limits."""

    name: str
    about: str = ""
    world: WorldChoice | None = None
    clock: ClockTurn | None = None
    limits: dict[SystemName, dict[str, Any]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    expect: list[Expectation] = field(default_factory=list)


def schema() -> dict[str, Any]:
    """The JSON Schema of a scenario, for editors."""
    return msgspec.json.schema(Script)
