"""What an ATS delivers to the address of one workspace: greeted, checked, kept, acknowledged.

It stands in front of Django, because whole crowds come here: a forged delivery is refused before anything is asked of
the database, and those that are kept wait for one insert together instead of each for its own.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from datetime import datetime

import structlog
from starlette.types import Receive, Scope, Send

from landbridge.connectors import CONNECTORS, Telling
from landbridge.errors import LandbridgeError
from landbridge.jobs.live import address_key, keep, mark_of, prefix_of
from landbridge.store.database import Database
from landbridge.store.inbox import Taken
from landbridge.store.secrets import Vault
from landbridge.store.webhooks import load_keys
from landbridge.web.hooks.asked import body_of, headers_of
from landbridge.web.hooks.keyring import Keyring

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 500
# Deliveries that may wait for the database at a time; beyond, the sender is asked to come again.
MOST_WAITING = 5_000
# An ATS does not wait for ever: SmartRecruiters for 5 seconds.
KEPT_WITHIN_SECONDS = 4.0
_LONGEST_NUMBER = 18


def receivers(database: Database, vault: Vault, clock: Callable[[], datetime]) -> dict[str, Receiver]:
    """One for each ATS that tells of changes, by what the paths of its addresses begin with."""
    return {
        prefix_of(one.name): Receiver(one.name, one.telling, database, vault, clock)
        for one in CONNECTORS.values()
        if one.telling is not None
    }


class Receiver:
    """The addresses of all workspaces with one ATS."""

    def __init__(
        self, ats: str, telling: Telling, database: Database, vault: Vault, clock: Callable[[], datetime]
    ) -> None:
        self._ats = ats
        self._prefix = prefix_of(ats)
        self._telling = telling
        self._database = database
        self._vault = vault
        self._address_key = address_key(vault)
        self._keys: Keyring[int, list[str]] = Keyring(self._load_keys)
        self._marks: dict[int, bytes] = {}
        self._keeper = _Keeper(database, ats, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whoever does not know an address or a key learns nothing: all refusals are alike."""
        status, headers = await self._answer(scope, receive)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0"), *headers]})
        await send({"type": "http.response.body", "body": b""})

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, list[tuple[bytes, bytes]]]:
        workspace = self._workspace_of(scope["path"])
        if workspace is None:
            return 401, []
        if scope["method"] != "POST":
            return 405, [(b"allow", b"POST")]
        headers = headers_of(scope)
        greeting = self._telling.greeted(headers)
        if greeting is not None:
            return 200, [(name.encode(), value.encode()) for name, value in greeting.items()]
        body = await body_of(headers, receive, self._telling.longest_body)
        if body is None:
            return 413, []
        return await self._take(workspace, headers, body), []

    async def _take(self, workspace: int, headers: dict[str, str], body: bytes) -> int:
        try:
            delivery = self._telling.delivered(headers, body, await self._keys.of(workspace))
            if delivery is None:
                delivery = self._telling.delivered(headers, body, await self._keys.of(workspace, unknown=True))
            if delivery is None:
                return 401
            taken = Taken(workspace=workspace, event_id=delivery.event_id, type=delivery.name, body=delivery.body)
            return self._telling.accepted if await self._keeper.keep(taken) else 503
        except LandbridgeError as error:
            log.warning("delivery_not_kept", workspace=workspace, code=error.code)
            return 503

    def _workspace_of(self, path: str) -> int | None:
        """The address is its own proof: nothing is looked up for a wrong one."""
        number, _, mark = path.removeprefix(self._prefix).partition("/")
        if not (number.isascii() and number.isdigit() and 0 < len(number) <= _LONGEST_NUMBER and number[0] != "0"):
            return None
        workspace = int(number)
        expected = self._marks.get(workspace) or mark_of(self._address_key, workspace).encode()
        if not hmac.compare_digest(mark.encode("utf-8", "replace"), expected):
            return None
        self._marks[workspace] = expected
        return workspace

    async def _load_keys(self, workspace: int) -> list[str]:
        async with self._database.connection() as connection:
            return await load_keys(connection, workspace, self._ats, vault=self._vault)


class _Keeper:
    """Keeps events in groups: while one group is being saved, the next gathers."""

    def __init__(self, database: Database, ats: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._ats = ats
        self._clock = clock
        self._waiting: list[tuple[Taken, asyncio.Future[bool]]] = []
        self._saving: asyncio.Task[None] | None = None

    async def keep(self, event: Taken) -> bool:
        """True once it is saved for good; False where that takes too long and the sender should come again."""
        if len(self._waiting) >= MOST_WAITING:
            return False
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, kept))
        if self._saving is None or self._saving.done():
            self._saving = asyncio.create_task(self._save_all())
        try:
            return await asyncio.wait_for(kept, KEPT_WITHIN_SECONDS)
        except TimeoutError:
            return False

    async def _save_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            group = [(event, kept) for event, kept in group if not kept.done()]
            saved = await self._save([event for event, _ in group])
            for _, kept in group:
                if not kept.done():
                    kept.set_result(saved)

    async def _save(self, events: list[Taken]) -> bool:
        try:
            await keep(self._database, self._ats, events, self._clock())
        except LandbridgeError as error:
            log.warning("deliveries_not_kept", count=len(events), code=error.code)
            return False
        except Exception:
            log.exception("deliveries_not_kept", count=len(events))
            return False
        return True
