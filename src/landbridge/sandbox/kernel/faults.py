"""Scripted trouble: the next calls of an operation fail, hang, break off or lose their answer."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Final, Literal

import msgspec

Kind = Literal["status", "half_fail", "delay", "hang", "reset", "lost_answer", "truncated", "lost", "duplicated"]
PUSH_KINDS: Final = frozenset({"lost", "duplicated"})


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One scripted fault.

    ``operation`` is a pattern over operation names (``candidates.batch_update``, ``candidates.*``, ``*``).
    ``skip`` matching calls pass first, then the fault strikes ``times`` times (None: until it is cleared).

    status       answer ``status`` and do nothing
    half_fail    a batch is done, but every second element is refused with ``status``
    delay        wait ``seconds``, then answer normally
    hang         do nothing, wait ``seconds``, then drop the connection
    reset        do nothing, reset the connection
    lost_answer  do everything, then reset the connection instead of answering
    truncated    do everything, send half of the answer, then close

    Two are for pushes (``push.INTEGRATION_STATUS_CHANGE``, ``push.*``): ``lost`` never sends it, ``duplicated`` sends
    it twice. They leave calls alone, and the others leave pushes alone.
    """

    operation: str
    kind: Kind
    times: int | None = 1
    skip: int = 0
    status: int = 500
    message: str = "scripted fault"
    retry_after: int | None = None
    seconds: float = 60.0
    struck: int = 0


class Faults:
    """The faults waiting to strike, oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, script: Mapping[str, Any]) -> Fault:
        """Raises ``msgspec.ValidationError`` for a script that makes no sense."""
        fault = msgspec.convert(dict(script), Fault)
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        self._faults.clear()

    def parts(self) -> list[Fault]:
        """What a snapshot holds of them."""
        return self._faults

    def take_back(self, faults: list[Fault]) -> None:
        self._faults = faults

    def waiting(self) -> list[Fault]:
        return list(self._faults)

    def strike(self, operation: str, *, push: bool = False) -> Fault | None:
        """The fault that hits this call (or push), if any; used up here."""
        for fault in self._faults:
            if (fault.kind in PUSH_KINDS) == push and fnmatchcase(operation, fault.operation):
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                self._use(fault)
                return fault
        return None

    def _use(self, fault: Fault) -> None:
        fault.struck += 1
        if fault.times is not None and fault.struck >= fault.times:
            self._faults.remove(fault)
