"""LinkedIn's pushes to the CALLBACK_URL of one workspace, and its question whether the address is ours.

In front of Django, like the ATS's deliveries: a forged push is refused before anything is asked of the database.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qs

import msgspec
import structlog
from starlette.types import Receive, Scope, Send

from landbridge.connectors.linkedin.push import (
    LONGEST_BODY,
    SIGNATURE_HEADER,
    answer_challenge,
    is_genuine,
    read_push,
)
from landbridge.errors import LandbridgeError, SettingError
from landbridge.jobs.onboarding.inbox import take
from landbridge.store.connections import load_credentials
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import load_foreign_ids
from landbridge.web.hooks.asked import body_of, headers_of
from landbridge.web.hooks.keyring import Keyring

log = structlog.get_logger(__name__)

PREFIX = "/linkedin/"
SECRETS = ("client_secret", "older_client_secret")
_JSON = (b"content-type", b"application/json")


class PushReceiver:
    """The addresses of all workspaces. Whoever knows none learns nothing about which there are: refusals are alike."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._workspaces: Keyring[None, dict[str, int]] = Keyring(self._load_workspaces)
        self._secrets: Keyring[int, list[str]] = Keyring(self._load_secrets)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, headers, body = await self._answer(scope, receive)
        except LandbridgeError as error:
            log.warning("push_not_kept", code=error.code)
            status, headers, body = 503, [], b""
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [length, *headers]})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        workspace = await self._workspace_of(scope["path"].removeprefix(PREFIX))
        if scope["method"] == "GET":
            return await self._challenge(workspace, scope["query_string"].decode("latin-1"))
        if scope["method"] != "POST":
            return 405, [(b"allow", b"GET, POST")], b""
        headers = headers_of(scope)
        body = await body_of(headers, receive, LONGEST_BODY)
        if body is None:
            return 413, [], b""
        if workspace is None or not await self._is_genuine(workspace, body, headers.get(SIGNATURE_HEADER, "")):
            return 401, [], b""
        push = read_push(body)
        if push is None:
            return 400, [], b""
        await take(self._database, workspace, push, body, self._clock())
        return 200, [], b""

    async def _is_genuine(self, workspace: int, body: bytes, signature: str) -> bool:
        if is_genuine(body, signature, await self._secrets.of(workspace)):
            return True
        return is_genuine(body, signature, await self._secrets.of(workspace, unknown=True))

    async def _challenge(self, workspace: int | None, query: str) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """Answered with the newest secret; LinkedIn has both for as long as there are two."""
        secrets = await self._secrets.of(workspace, unknown=True) if workspace is not None else []
        code = next(iter(parse_qs(query).get("challengeCode", [])), "")
        told = answer_challenge(code, secrets[0]) if secrets else None
        return (200, [_JSON], msgspec.json.encode(told)) if told else (401, [], b"")

    async def _workspace_of(self, foreign_id: str) -> int | None:
        found = (await self._workspaces.of(None)).get(foreign_id)
        return found if found is not None else (await self._workspaces.of(None, unknown=True)).get(foreign_id)

    async def _load_workspaces(self, _: None) -> dict[str, int]:
        async with self._database.connection() as connection:
            return await load_foreign_ids(connection)

    async def _load_secrets(self, workspace: int) -> list[str]:
        try:
            async with self._database.connection() as connection:
                found = await load_credentials(connection, workspace, "linkedin", vault=self._vault)
        except SettingError:
            return []
        return [secret for name in SECRETS if (secret := found.secrets.get(name))]
