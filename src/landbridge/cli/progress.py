"""Progress for people: live bars on a terminal, one plain line now and then everywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from msgspec import Struct

if TYPE_CHECKING:
    from rich.progress import TaskID

PLAIN_EVERY = 5.0  # seconds between plain lines about the same bar


class Step(Struct, frozen=True, kw_only=True):
    """One thing that advances: ``total`` is None as long as nobody knows it."""

    name: str
    done: int
    total: int | None = None
    note: str = ""


class View(Protocol):
    """Something that shows steps; entered before the first and left after the last."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, steps: list[Step]) -> None: ...

    def say(self, text: str) -> None: ...


class Bars:
    """Bars with counts, rate and time left."""

    def __init__(self) -> None:
        from rich import progress
        from rich.text import Text

        class Rate(progress.ProgressColumn):
            """Records per second, blank until there is something to measure."""

            def render(self, task: object) -> Text:
                speed = getattr(task, "speed", None)
                return Text(f"{speed:,.0f}/s" if speed else "")

        self._progress = progress.Progress(
            progress.TextColumn("{task.description:<26}"),
            progress.BarColumn(bar_width=28),
            progress.MofNCompleteColumn(),
            Rate(),
            progress.TimeRemainingColumn(compact=True),
            progress.TextColumn("{task.fields[note]}"),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, steps: list[Step]) -> None:
        for step in steps:
            if step.name not in self._tasks:
                self._tasks[step.name] = self._progress.add_task(step.name, total=step.total, note=step.note)
            self._progress.update(self._tasks[step.name], completed=step.done, total=step.total, note=step.note)

    def say(self, text: str) -> None:
        self._progress.console.print(text, highlight=False, markup=False)


class Lines:
    """One line per step when it starts, every few seconds while it moves, and when it is done."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, write: Callable[[str], object] = print) -> None:
        self._clock = clock
        self._write = write
        self._started: dict[str, tuple[float, int]] = {}
        self._said: dict[str, tuple[float, Step]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def show(self, steps: list[Step]) -> None:
        now = self._clock()
        for step in steps:
            said_at, said = self._said.get(step.name, (float("-inf"), None))
            finished = step.total is not None and step.done >= step.total
            if step == said or (step.done == 0 and not step.total):
                continue
            if finished or now - said_at >= PLAIN_EVERY:
                self._said[step.name] = (now, step)
                self._write(self._line(step, now))

    def say(self, text: str) -> None:
        self._write(text)

    def _line(self, step: Step, now: float) -> str:
        started_at, first = self._started.setdefault(step.name, (now, step.done))
        passed = now - started_at
        rate = (step.done - first) / passed if passed > 0 else 0.0
        parts = [f"{step.name}: {step.done:,}" + (f" of {step.total:,}" if step.total is not None else "")]
        if rate:
            parts.append(f"{rate:,.0f}/s")
            if step.total and step.total > step.done:
                parts.append(f"{(step.total - step.done) / rate:,.0f} s left")
        if step.note:
            parts.append(step.note)
        return ", ".join(parts)


def view() -> View:
    """Bars on a terminal, plain lines elsewhere."""
    return Bars() if sys.stdout.isatty() else Lines(write=lambda text: print(text, flush=True))  # noqa: T201 - the way out


def span(length: timedelta) -> str:
    """In the two largest units that matter."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 1:
        return f"{length.total_seconds():.0f} s"
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {rest} min" if hours else f"{rest} min"
