"""Worker processes that start in no time and die where they are told: ``python -m tests.inbound.nursery FOLDER``.

Each line on its input makes one more process that runs the product's own ``landbridge worker``; its number is the
answer. What takes time, importing, was done before. In each, every place of ``failpoints`` is written down as it is
passed, and one that is armed (see :class:`Nursery`) stops the process for good or for a while, by a real signal.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

PASSED, ARMED, STRUCK, ENDED, UNGUARDED = "passed", "armed", "struck", "ended", "unguarded"
# A worker that is silent for so long is taken for dead: long enough for one that is only slow, since nobody waits for
# it where it really is (see ``flows.Stage``).
SOON_DEAD = {"LANDBRIDGE_HEARTBEAT_SECONDS": "0.5", "LANDBRIDGE_STALLED_AFTER_SECONDS": "3"}
SIGNALS = {"kill": signal.SIGKILL, "freeze": signal.SIGSTOP}


class Nursery:
    """The tests' end of it. ``folder`` is where tests and workers tell each other what is to happen and has."""

    def __init__(self, folder: Path, process: asyncio.subprocess.Process) -> None:
        self.folder = folder
        self.workers: list[int] = []
        self.place = ""
        self._process = process

    @classmethod
    async def open(cls, folder: Path, environment: Mapping[str, str]) -> Nursery:
        _furnish(folder)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.inbound.nursery", str(folder),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env={**os.environ, **environment},
        )  # fmt: skip
        return cls(folder, process)

    async def keep(self, count: int) -> None:
        """Have so many workers living, and none of them stopped."""
        self.workers = [pid for pid in self.workers if state_of(pid)]
        while sum(state_of(pid) != "T" for pid in self.workers) < count:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(b"\n")
            self.workers.append(int(await self._process.stdout.readline()))

    def arm(self, how: str, name: str, time: int = 1) -> None:
        """Let whoever passes a place for the so manieth time from now on be killed or frozen there, once."""
        self.place = name
        (self.folder / PASSED).write_text("")
        for left in (STRUCK, ENDED, ARMED):
            (self.folder / left).unlink(missing_ok=True)
        written = self.folder / f"{ARMED}.new"
        written.write_text(f"{how} {name} {time}")
        written.rename(self.folder / ARMED)

    @property
    def struck(self) -> int | None:
        """The process that was struck, None: nobody was yet."""
        file = self.folder / STRUCK
        return int(file.read_text()) if file.exists() else None

    @property
    def ended(self) -> bool:
        """Whether the frozen process has gone on and ended the work in which it stood still."""
        return (self.folder / ENDED).exists()

    @property
    def passed(self) -> list[str]:
        return (self.folder / PASSED).read_text().split()

    @property
    def unguarded(self) -> list[str]:
        """Effects that were called without their failpoints."""
        return (self.folder / UNGUARDED).read_text().split()

    def last_words(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-3000:]

    async def close(self) -> None:
        for pid in self.workers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()


def _furnish(folder: Path) -> None:
    folder.mkdir()
    for name in (PASSED, UNGUARDED):
        (folder / name).touch()


def state_of(pid: int) -> str:
    """What a process does at this moment: T was stopped, "" is dead."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


class Piece:
    """A piece of work during which a process may stand still."""

    frozen = False


PIECE: ContextVar[Piece] = ContextVar("PIECE")


class Places:
    """In the worker: what happens at failpoints. The effects themselves have to come right behind theirs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Of each task: one process works on several things at a time.
        self._last: ContextVar[str] = ContextVar("last place", default="")

    def __call__(self, name: str) -> None:
        self._last.set(name)
        with (self._folder / PASSED).open("a") as passed:
            passed.write(f"{name}\n")
        armed = self._folder / ARMED
        with suppress(FileNotFoundError):
            how, where, time = armed.read_text().split()
            if where == name and (self._folder / PASSED).read_text().split().count(name) == int(time):
                self._strike(armed, SIGNALS[how])

    def _strike(self, armed: Path, told: signal.Signals) -> None:
        """Whoever takes the order away carries it out: nobody else will."""
        mine = self._folder / f"{STRUCK}.{os.getpid()}"
        armed.rename(mine)
        mine.write_text(str(os.getpid()))
        mine.rename(self._folder / STRUCK)
        PIECE.get().frozen = True
        os.kill(os.getpid(), told)

    def watch(self, work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """A piece of work whose end is told where it has stood still."""

        async def watched(*arguments: Any, **named: Any) -> Any:
            piece = Piece()
            PIECE.set(piece)
            try:
                return await work(*arguments, **named)
            finally:
                if piece.frozen:
                    (self._folder / ENDED).touch()

        return watched

    def guard(self, call: Callable[..., Awaitable[Any]], name: str) -> Callable[..., Awaitable[Any]]:
        async def guarded(*arguments: Any, **named: Any) -> Any:
            if self._last.get() != f"{name}.intended":
                with (self._folder / UNGUARDED).open("a") as told:
                    told.write(f"{name}\n")
            return await call(*arguments, **named)

        return guarded


def begin(folder: Path) -> None:
    """What a child does: the product's own command, with its places armed."""
    from landbridge.cli.worker import worker
    from landbridge.connectors.smartrecruiters.writing import SmartRecruitersWriting
    from landbridge.jobs import incoming
    from landbridge.sync import failpoints

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    places = Places(folder)
    failpoints.arm(places)
    for work in ("take_effect", "take_export"):
        setattr(incoming, work, places.watch(getattr(incoming, work)))
    for name in failpoints.EffectName:
        setattr(SmartRecruitersWriting, name, places.guard(getattr(SmartRecruitersWriting, name), name))
    worker()


def main() -> None:
    import landbridge.cli.worker
    import landbridge.connectors.linkedin.incoming
    import landbridge.connectors.smartrecruiters.writing
    import landbridge.jobs.worker
    import landbridge.store.secrets  # noqa: F401 - so that children need not

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                begin(Path(sys.argv[1]))
            finally:
                os._exit(1)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
