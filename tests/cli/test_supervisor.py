import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from landbridge.cli.supervisor import Child, Supervisor
from landbridge.errors import UnavailableError


async def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def sleeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Child]:
    """Children run ``python -m landbridge``; here that name is a small program that sleeps or ends at once."""
    package = tmp_path / "stand_in" / "landbridge"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(
        "import sys, time\nif sys.argv[1] == 'sleep': time.sleep(60)\nprint('I cannot', file=sys.stderr)\nsys.exit(7)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    monkeypatch.chdir(package.parent)

    def make(does: str, ready: Callable[[], Awaitable[bool]] | None = None) -> Child:
        return Child(name="child", arguments=[does], ready=ready)

    return make


async def test_a_killed_child_is_started_again_and_told(tmp_path: Path, sleeper: Callable[..., Child]) -> None:
    said: list[str] = []
    supervisor = Supervisor(tmp_path / "logs", said.append)
    await supervisor.start(sleeper("sleep"))
    first = supervisor.pid_of("child")
    os.kill(first, signal.SIGKILL)
    await until(lambda: supervisor.pid_of("child") != first)
    second = supervisor.pid_of("child")
    assert alive(second)
    assert said == ["child ended with status -9; starting it again"]
    await supervisor.stop()
    assert not alive(second)


async def test_a_child_that_ends_while_starting_is_an_error_with_its_last_words(
    tmp_path: Path, sleeper: Callable[..., Child]
) -> None:
    async def never() -> bool:
        return False

    supervisor = Supervisor(tmp_path / "logs", print)
    with pytest.raises(UnavailableError, match="ended with status 7: I cannot"):
        await supervisor.start(sleeper("end", never))
    await supervisor.stop()


SUPERVISE = """
import asyncio, os, sys
from landbridge.cli.supervisor import Child, Supervisor
from landbridge.errors import UnavailableError

async def supervise():
    supervisor = Supervisor(__import__("pathlib").Path(sys.argv[1]), lambda _: None)
    await supervisor.start(Child(name="child", arguments=["end"]))
    try:
        await supervisor.wait()
    except UnavailableError as error:
        print(error)
    await supervisor.stop()

os.environ["PYTHONPATH"] = os.getcwd()
asyncio.run(supervise())
"""


def test_a_child_that_keeps_ending_is_given_up(tmp_path: Path, sleeper: Callable[..., Child]) -> None:
    # In a process of its own, as a supervisor always is: six starts on end are sensitive to whatever else this one did.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", SUPERVISE, str(tmp_path / "logs")],
        env=environment, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert "child ended 6 times" in done.stdout
