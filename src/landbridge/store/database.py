"""Reaching the database: one pool of connections per process, and the embedded server where it is the one in use."""

from __future__ import annotations

import asyncio
import contextlib
import select
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Self

import msgspec
import psycopg
import structlog
from psycopg import AsyncConnection, errors
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from landbridge.errors import LandbridgeError, SettingError, UnavailableError
from landbridge.settings import Settings
from landbridge.store.embedded import Embedded

OLDEST_POSTGRES = 15
SYSTEM = "database"
WATCH_SECONDS = 0.25  # looking is one connect on a local socket
AFTER_FAILED_START_SECONDS = 5.0
WAIT_FOR_CONNECTION_SECONDS = 30.0

log = structlog.get_logger(__name__)

Connection = AsyncConnection[Any]


class Database:
    """A pool of connections. They commit by themselves unless inside ``transaction()``; times come back in UTC."""

    def __init__(self, url: str, *, connections: int = 10, embedded: Embedded | None = None) -> None:
        self.url = url
        self._embedded = embedded
        self._watch: asyncio.Task[None] | None = None
        self.pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=connections,
            timeout=WAIT_FOR_CONNECTION_SECONDS,
            kwargs={"autocommit": True, "application_name": "landbridge", "connect_timeout": 10},
            configure=prepare,
            # A connection that died with a restarted server is replaced here instead of failing its first user.
            check=check_alive,
            open=False,
        )

    @classmethod
    async def open(cls, settings: Settings) -> Self:
        """Connect; starts the embedded server where no other one is named. Raises SettingError, UnavailableError."""
        if settings.database_url is not None:
            database = cls(settings.database_url.reveal(), connections=settings.database_connections)
        else:
            embedded = Embedded(settings.data_dir)
            url = await asyncio.to_thread(embedded.start)
            database = cls(url, connections=settings.database_connections, embedded=embedded)
        try:
            await database.start()
        except BaseException:
            await database.close()
            raise
        return database

    async def start(self) -> None:
        await asyncio.to_thread(check_reachable, self.url)
        await self.pool.open()
        if self._embedded is not None:
            self._watch = asyncio.create_task(self._keep_running(self._embedded))

    async def close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
            self._watch = None
        await self.pool.close()
        if self._embedded is not None:
            await asyncio.to_thread(self._embedded.stop)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection that commits each statement by itself."""
        with database_errors():
            async with self.pool.connection() as connection:
                yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside one transaction: all of it is saved at the end, or none."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _keep_running(self, embedded: Embedded) -> None:
        """Start the embedded server again when it was killed; nobody else would."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                if await asyncio.to_thread(embedded.ensure_running):
                    log.warning("database_restarted")
            except (LandbridgeError, OSError) as error:
                code = error.code if isinstance(error, LandbridgeError) else "database_unreachable"
                log.error("database_restart_failed", code=code, hint=getattr(error, "hint", ""))  # noqa: TRY400 - known
                await asyncio.sleep(AFTER_FAILED_START_SECONDS)


async def check_alive(connection: Connection) -> None:
    """Raises OperationalError for a connection whose server is gone.

    A server says nothing to an idle connection until it ends it: only then is there something to read. So a look at the
    socket is enough, where a question to the server would double the round trips of short statements.
    """
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    if socket.poll(0):
        await AsyncConnectionPool.check_connection(connection)


async def prepare(connection: Connection) -> None:
    """What every connection needs, of whatever server: UTC, quick JSON, and an end to forgotten transactions."""
    set_json_loads(msgspec.json.decode, connection)
    set_json_dumps(msgspec.json.encode, connection)
    await connection.execute("SET TIME ZONE 'UTC'")
    await connection.execute("SET idle_in_transaction_session_timeout = '5min'")
    await connection.execute("SET jit = off")


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn what the driver raises about the server (not about a statement) into errors of our tree."""
    try:
        yield
    except (psycopg.Error, PoolTimeout) as error:
        known = sorted_error(error)
        if known is None:
            raise
        raise known from error


def sorted_error(error: Exception) -> LandbridgeError | None:
    """The error of our tree for a failure of the server, None for a mistake in a statement.

    Its facts name the database as the system in trouble, so that nobody blames a far side for it.
    """
    found = _sorted_error(error)
    if found is not None:
        found.facts["system"] = SYSTEM
    return found


def raise_if_ours(error: LandbridgeError) -> None:
    """Our own database's trouble (a full disk) is nobody else's problem, and passes without anybody's word.

    For whoever is about to hold trouble against a connection or a record. Raises it again where it is ours.
    """
    if error.facts.get("system") == SYSTEM:
        raise error


def _sorted_error(error: Exception) -> LandbridgeError | None:
    match error:
        case errors.DiskFull():
            return SettingError(
                "The database's disk is full.",
                code="disk_full",
                hint="Free some room; everything saved so far is kept, and the work goes on by itself.",
            )
        case errors.ReadOnlySqlTransaction():
            return UnavailableError("The database only lets itself be read at the moment.", code="database_read_only")
        case errors.InvalidPassword() | errors.InvalidAuthorizationSpecification() | errors.InvalidCatalogName():
            return SettingError(
                "The database refuses Landbridge: wrong user, password or database name.",
                hint="Check LANDBRIDGE_DATABASE_URL.",
            )
        case errors.UndefinedTable():
            return SettingError(
                "The database has no tables of Landbridge yet.", code="not_migrated", hint="Run: landbridge migrate"
            )
        case psycopg.OperationalError() | PoolTimeout():
            return UnavailableError(
                "The database cannot be reached.",
                code="database_unreachable",
                hint="Check that PostgreSQL runs and that LANDBRIDGE_DATABASE_URL (when set) is right.",
            )
    return None


def check_reachable(url: str) -> None:
    """Try the address once. Raises SettingError or UnavailableError; never repeats the address, it holds a password."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.ProgrammingError:
        raise SettingError("LANDBRIDGE_DATABASE_URL is not an address PostgreSQL understands.") from None
    except psycopg.OperationalError as error:
        raise _connect_problem(error) from None
    if version < OLDEST_POSTGRES:
        raise SettingError(
            f"The database is PostgreSQL {version}; Landbridge needs {OLDEST_POSTGRES} or newer.",
            hint="Upgrade it, or leave LANDBRIDGE_DATABASE_URL unset to use the PostgreSQL that comes with Landbridge.",
        )


def _connect_problem(error: psycopg.OperationalError) -> LandbridgeError:
    """libpq gives no code for a refused sign-in, only words."""
    told = str(error)
    refused = any(words in told for words in ("authentication failed", "does not exist", "no pg_hba.conf entry"))
    return sorted_error(errors.InvalidPassword() if refused else error) or UnavailableError()
