"""The PostgreSQL that comes along: shared by processes, back after kill -9, gone with its last user."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from landbridge.errors import LandbridgeError, SettingError, UnavailableError
from landbridge.settings import load
from landbridge.store.database import Database
from landbridge.store.embedded import Embedded

# A killed process loses nothing the system has taken; only a power cut asks for more, and no test can give one.
SMALL = {"shared_buffers": "16MB", "fsync": "off"}

HOLDER = """
import sys, time
from pathlib import Path
from landbridge.store.embedded import Embedded
embedded = Embedded(Path(sys.argv[1]), options={"shared_buffers": "16MB", "fsync": "off"})
print(embedded.start(), flush=True)
sys.stdin.read()
embedded.stop()
"""

Make = Callable[[], Embedded]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="landbridge-embedded-"))
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def make(data_dir: Path) -> Iterator[Make]:
    """Makes users of the server in ``data_dir``; all let go at the end."""
    made: list[Embedded] = []

    def make_one() -> Embedded:
        made.append(Embedded(data_dir, options=SMALL))
        return made[-1]

    yield make_one
    for embedded in made:
        embedded.stop()


def postmaster(embedded: Embedded) -> int:
    return int((embedded.cluster / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def kill_server(embedded: Embedded) -> None:
    os.kill(postmaster(embedded), signal.SIGKILL)
    deadline = time.monotonic() + 60
    while embedded.running() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not embedded.running()


def execute(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_server_is_durable_hidden_from_the_network_and_silent_about_data(
    data_dir: Path, request: pytest.FixtureRequest
) -> None:
    embedded = Embedded(data_dir)
    url = embedded.start()
    request.addfinalizer(embedded.stop)
    names = ("fsync", "synchronous_commit", "full_page_writes", "listen_addresses", "log_min_error_statement")
    found = execute(url, f"SELECT {', '.join(f'current_setting({name!r})' for name in names)}")
    assert found == [("on", "on", "on", "", "panic")]
    socket = embedded.cluster / ".s.PGSQL.5432"
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    with pytest.raises(psycopg.Error):
        execute(url, "SELECT 'hunter2'::int")
    assert "hunter2" not in embedded.log.read_text(encoding="utf-8")


def test_what_was_saved_survives_kill_9_of_the_server(make: Make) -> None:
    embedded = make()
    url = embedded.start()
    execute(url, "CREATE TABLE kept (n int)")
    for number in range(3):
        execute(url, f"INSERT INTO kept VALUES ({number})")
        kill_server(embedded)
        assert embedded.ensure_running()
    assert execute(url, "SELECT count(*) FROM kept") == [(3,)]
    assert not embedded.ensure_running()


def test_server_comes_back_when_its_number_was_given_to_another_process(make: Make) -> None:
    embedded = make()
    url = embedded.start()
    kill_server(embedded)
    file = embedded.cluster / "postmaster.pid"
    rest = file.read_text(encoding="utf-8").split("\n", 1)[1]
    stranger = subprocess.Popen(["/bin/sleep", "60"], user=embedded.cluster.stat().st_uid)
    try:
        file.write_text(f"{stranger.pid}\n{rest}", encoding="utf-8")
        assert embedded.ensure_running()
    finally:
        stranger.kill()
        stranger.wait()
    assert execute(url, "SELECT 1") == [(1,)]


def test_last_user_stops_the_server_and_no_other(make: Make) -> None:
    first, second = make(), make()
    url = first.start()
    second.start()
    assert not first.stop()
    assert execute(url, "SELECT 1") == [(1,)]
    assert second.stop()
    assert not second.running()


def test_user_that_was_killed_no_longer_counts(make: Make, data_dir: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().startswith("postgresql://")
        embedded = make()
        embedded.start()
        holder.kill()
        holder.wait()
    assert embedded.stop()


def test_many_processes_can_start_it_at_once(make: Make, data_dir: Path) -> None:
    holders = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    try:
        urls = {holder.stdout.readline() for holder in holders if holder.stdout}
        assert len(urls) == 1
        assert execute(urls.pop().strip(), "SELECT 1") == [(1,)]
    finally:
        for holder in holders:
            holder.communicate(timeout=60)
    assert not make().running()


def test_processes_that_try_the_directory_together_do_not_disturb_each_other(data_dir: Path) -> None:
    embedded = Embedded(data_dir, options=SMALL)
    with ThreadPoolExecutor(4) as pool:
        tries = [pool.submit(embedded._make_data_dir) for _ in range(400)]
    assert [each.exception() for each in tries] == [None] * 400
    assert not list(data_dir.iterdir())


def test_starting_never_touches_what_another_process_made_half(make: Make, data_dir: Path) -> None:
    unfinished = data_dir / "postgres.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n", encoding="utf-8")
    assert execute(make().start(), "SELECT 1") == [(1,)]
    assert not unfinished.exists()


def test_long_path_gets_its_socket_elsewhere(data_dir: Path) -> None:
    deep = data_dir / ("d" * 100) / "data"
    embedded = Embedded(deep, options=SMALL)
    with embedded as url:
        assert execute(url, "SELECT 1") == [(1,)]
        assert str(deep) not in url
        assert embedded._socket_dir().is_dir()
    assert not embedded._socket_dir().exists()


def test_socket_is_never_put_where_somebody_else_made_room_for_it(data_dir: Path) -> None:
    embedded = Embedded(data_dir / ("d" * 100) / "data", options=SMALL)
    trap = embedded._socket_dir()
    trap.mkdir(mode=0o777)
    trap.chmod(0o777)
    try:
        with pytest.raises(SettingError, match="belongs to somebody else"):
            embedded.start()
    finally:
        trap.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user for the server")
def test_root_lets_the_server_pass_through_private_directories_without_opening_them(data_dir: Path) -> None:
    private = data_dir / "private"
    private.mkdir(mode=0o700)
    with Embedded(private / "data", options=SMALL) as url:
        assert execute(url, "SELECT 1") == [(1,)]
    assert stat.S_IMODE(private.stat().st_mode) == 0o701


@pytest.mark.skipif(os.geteuid() != 0, reason="changes to another user; everywhere else the other tests are this one")
def test_ordinary_user_runs_it_as_themselves(data_dir: Path) -> None:
    data_dir.chmod(0o777)
    code = (
        "import sys; from pathlib import Path; from landbridge.store.embedded import Embedded\n"
        "with Embedded(Path(sys.argv[1]), options={'shared_buffers': '16MB'}) as url: print(url)"
    )
    try:
        done = subprocess.run(
            [interpreter_for_others(), "-c", code, str(data_dir / "theirs")],
            user="nobody", group="nogroup", extra_groups=[], capture_output=True, text=True, check=False, cwd="/",
            env={"PATH": os.defpath, "PYTHONPATH": ":".join(path for path in sys.path if path)},
        )  # fmt: skip
    except PermissionError:
        pytest.skip("no interpreter here that other users can reach")
    if "No module named" in done.stderr:
        pytest.skip("the checkout cannot be reached by other users here")
    assert done.stdout.startswith("postgresql://"), done.stderr
    assert (data_dir / "theirs").stat().st_uid == (data_dir / "theirs/postgres").stat().st_uid != 0


def interpreter_for_others() -> str:
    """Debian's own where root's is in root's home; the module under test needs nothing but the standard library."""
    system = Path("/usr/bin/python3")
    return (
        sys.executable if Path(sys.executable).resolve().is_relative_to("/usr") or not system.exists() else str(system)
    )


def test_directory_that_cannot_be_written_is_named(data_dir: Path) -> None:
    file = data_dir / "file"
    file.touch()
    with pytest.raises(SettingError, match=f"The data directory {file}/data cannot be written") as caught:
        Embedded(file / "data").start()
    assert "LANDBRIDGE_DATA_DIR" in caught.value.hint


def test_full_disk_is_told_as_such(data_dir: Path) -> None:
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(data_dir)], check=False, capture_output=True
    )
    if mount.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        with pytest.raises(SettingError) as caught:
            Embedded(data_dir, options=SMALL).start()
        assert caught.value.code == "disk_full"
    finally:
        subprocess.run(["umount", str(data_dir)], check=True)


def test_database_of_another_major_version_is_left_alone(make: Make) -> None:
    embedded = make()
    embedded.start()
    embedded.stop()
    version = embedded.cluster / "PG_VERSION"
    version.write_text("17\n", encoding="utf-8")
    with pytest.raises(SettingError, match="is of PostgreSQL 17"):
        embedded.start()
    version.write_text("18\n", encoding="utf-8")


def test_server_that_cannot_start_says_why(data_dir: Path) -> None:
    with pytest.raises(LandbridgeError) as caught:
        Embedded(data_dir, options={"shared_buffers": "16MB", "no_such_option": "1"}).start()
    assert isinstance(caught.value, UnavailableError)
    assert "no_such_option" in str(caught.value)
    assert str(data_dir) in caught.value.hint


async def test_open_database_brings_a_killed_server_back_by_itself(data_dir: Path) -> None:
    settings = load({"LANDBRIDGE_DATA_DIR": str(data_dir)})
    async with await Database.open(settings) as database:
        kill_server(Embedded(data_dir))
        async with database.connection() as connection:
            cursor = await connection.execute("SELECT 1")
            assert await cursor.fetchone() == (1,)
    assert not Embedded(data_dir).running()
