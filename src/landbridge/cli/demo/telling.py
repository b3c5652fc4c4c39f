"""How the demo tells its story: chapters and ticks on a terminal, plain lines everywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from landbridge.cli.outcome import say


class Teller(Protocol):
    """One who tells the story."""

    def chapter(self, title: str) -> None: ...

    def say(self, text: str) -> None: ...

    def done(self, text: str, seconds: float | None = None) -> None:
        """Something has happened, after so long."""
        ...

    def failed(self, text: str) -> None:
        """Something should have happened and has not."""
        ...

    def waiting(self, text: str) -> AbstractContextManager[object]:
        """What is waited for, as long as it is."""
        ...


class Plain:
    """For logs and pipes."""

    def chapter(self, title: str) -> None:
        self.say(f"\n== {title}")

    def say(self, text: str) -> None:
        say(text)
        sys.stdout.flush()

    def done(self, text: str, seconds: float | None = None) -> None:
        self.say(f"{text}{_after(seconds)}")

    def failed(self, text: str) -> None:
        self.say(f"NOT: {text}")

    @contextmanager
    def waiting(self, text: str) -> Iterator[None]:  # noqa: ARG002 - nothing moves on paper
        yield


class Colourful:
    """For people at a terminal."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(highlight=False)

    def chapter(self, title: str) -> None:
        self._console.print()
        self._console.rule(f"[bold]{title}", align="left", style="cyan")

    def say(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)

    def done(self, text: str, seconds: float | None = None) -> None:
        self._console.print(f"[bold green]✓[/] {_escaped(text)}[cyan]{_after(seconds)}[/]", soft_wrap=True)

    def failed(self, text: str) -> None:
        self._console.print(f"[bold red]✗[/] {_escaped(text)}", soft_wrap=True)

    def waiting(self, text: str) -> AbstractContextManager[object]:
        return self._console.status(f"[dim]{_escaped(text)}[/]", spinner="dots")


def teller() -> Teller:
    return Colourful() if sys.stdout.isatty() else Plain()


def _after(seconds: float | None) -> str:
    return "" if seconds is None else f", {seconds:.1f} s"


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
