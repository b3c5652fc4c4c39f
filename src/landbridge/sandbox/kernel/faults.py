"""Scripted trouble: calls that fail, hang, break off or lose their answer; pushes and tasks that go astray."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Final, Literal

import msgspec

Kind = Literal[
    "status", "half_fail", "element", "delay", "hang", "reset", "lost_answer", "truncated", "wrong", "duplicate",
    "reorder", "lost", "duplicated", "late", "slow", "stuck",
]  # fmt: skip
Wrong = Literal["html", "not_json", "shape", "empty"]
#: After these nothing was done and nothing is answered.
SILENT: Final = frozenset({"hang", "reset", "reorder"})
#: These refuse single elements of a batch.
PARTIAL: Final = frozenset({"half_fail", "element"})
PUSH_KINDS: Final = frozenset({"lost", "duplicated", "late"})
TASK_KINDS: Final = frozenset({"slow", "stuck"})


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One scripted fault.

    ``operation`` is a pattern over operation names (``candidates.batch_update``, ``candidates.*``, ``*``), ``client``
    one over client ids. ``skip`` matching calls pass first (``nth``: strike the nth only), then the fault strikes
    ``times`` times (None: until it is removed), each time with ``probability``, drawn from ``seed`` and the number of
    the matching call: the same calls meet the same faults.

    status       answer ``status`` and do nothing
    half_fail    a batch is done, but every second element is refused with ``status``
    element      a batch is done, but the element at place ``element`` (from 0) or with the id ``key`` is refused
    delay        wait ``seconds``, then answer normally
    hang         do nothing, wait ``seconds``, then drop the connection
    reset        do nothing, reset the connection
    lost_answer  do everything, then reset the connection instead of answering
    truncated    do everything, send half of the answer, then close
    wrong        do everything, answer with something else: ``wrong`` is html, not_json, shape or empty
    duplicate    the request arrives twice: do everything twice, answer once
    reorder      let the next call of the same operation pass first, at most ``seconds`` later

    For pushes (``push.INTEGRATION_STATUS_CHANGE``, ``push.*``) there are ``lost`` (never sent), ``duplicated`` (sent
    twice) and ``late`` (sent ``seconds`` later, so that others overtake it), for job posting tasks (``task.CREATE``,
    ``task.*``) ``slow`` (its outcome comes ``seconds`` later) and ``stuck`` (never). Each sort leaves the others alone.
    """

    operation: str
    kind: Kind
    client: str = "*"
    times: int | None = 1
    skip: int = 0
    nth: int | None = None
    probability: float = 1.0
    seed: int = 1
    status: int = 500
    message: str = "scripted fault"
    retry_after: int | None = None
    seconds: float = 60.0
    element: int = 0
    key: str | None = None
    wrong: Wrong = "html"
    number: int = 0
    matched: int = 0
    struck: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.probability <= 1:
            raise ValueError("a probability is between 0 and 1")
        if self.kind == "reorder" and self.times is None and self.nth is None:
            raise ValueError("reorder needs a number of times: if every call waits for the next, none comes")
        if self.nth is not None and self.nth < 1:
            raise ValueError("nth counts from 1")

    @property
    def spent(self) -> bool:
        """Whether it will never strike again."""
        if self.nth is not None:
            return self.matched >= self.nth
        return self.times is not None and self.struck >= self.times

    def hits(self, place: int, key: str = "") -> bool:
        """Whether it refuses this element of a batch."""
        if self.kind == "half_fail":
            return place % 2 == 1
        return key == self.key if self.key is not None else place == self.element

    def concerns(self, operation: str, client: str) -> bool:
        return fnmatchcase(operation, self.operation) and fnmatchcase(client, self.client)

    def meets(self) -> bool:
        """Count one matching call, and say whether the fault strikes it."""
        self.matched += 1
        if self.nth is not None:
            return self.matched == self.nth
        if self.matched <= self.skip:
            return False
        return self.probability >= 1 or self._chance() < self.probability

    def _chance(self) -> float:
        digest = hashlib.blake2b(f"{self.seed}/{self.number}/{self.matched}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / (1 << 64)


class Faults:
    """The faults in the order of their coming; those that are spent stay in the list with their counts."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._made = 0

    def add(self, script: Mapping[str, Any]) -> Fault:
        """Raises ``msgspec.ValidationError`` for a script that makes no sense."""
        fault = msgspec.convert({**script, "number": self._made + 1, "matched": 0, "struck": 0}, Fault)
        self._made += 1
        self._faults.append(fault)
        return fault

    def remove(self, number: int) -> bool:
        """Whether there was one with this number."""
        left = [fault for fault in self._faults if fault.number != number]
        found = len(left) < len(self._faults)
        self._faults = left
        return found

    def clear(self) -> None:
        self._faults.clear()

    def parts(self) -> dict[str, Any]:
        """What a snapshot holds of them."""
        return {"faults": self._faults, "made": self._made}

    def take_back(self, parts: Mapping[str, Any]) -> None:
        self._faults, self._made = parts["faults"], parts["made"]

    def all(self) -> list[Fault]:
        return list(self._faults)

    def waiting(self) -> list[Fault]:
        return [fault for fault in self._faults if not fault.spent]

    def strike(self, operation: str, *, client: str = "", push: bool = False) -> Fault | None:
        """The fault that hits this call (or push), if any; it is counted here."""
        return self._first(operation, client, PUSH_KINDS if push else None) if self._faults else None

    def strike_task(self, operation: str) -> Fault | None:
        """The fault that hits this job posting task (``task.CREATE``), if any."""
        return self._first(operation, "", TASK_KINDS) if self._faults else None

    def _first(self, operation: str, client: str, kinds: frozenset[str] | None) -> Fault | None:
        striking = None
        for fault in self._faults:
            fits = fault.kind in kinds if kinds else fault.kind not in PUSH_KINDS | TASK_KINDS
            # One fault a call; but who waits for the nth call counts those that another one spoils.
            if not fits or fault.spent or (striking and fault.nth is None) or not fault.concerns(operation, client):
                continue
            if fault.meets() and striking is None:
                fault.struck += 1
                striking = fault
        return striking
