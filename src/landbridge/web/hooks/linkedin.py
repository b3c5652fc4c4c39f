"""LinkedIn's pushes to the CALLBACK_URL of one workspace, and its question whether the address is ours.

In front of Django, like the ATS's deliveries: a forged push is refused before anything is asked of the database.

Wishes for jobs, and changes of a job's status, come another way: LinkedIn's developer portal takes one address of the
partner's own application for all customers (page on job resync notifications), and the push names the customer's
application. Whose secret signs it is not documented, so both are taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import parse_qs

import msgspec
import structlog
from starlette.types import Receive, Scope, Send

from landbridge.connectors.linkedin.push import (
    LONGEST_BODY,
    SIGNATURE_HEADER,
    answer_challenge,
    application_of,
    is_genuine,
    read_push,
)
from landbridge.errors import LandbridgeError, SettingError
from landbridge.jobs.onboarding.inbox import take
from landbridge.store.connections import load_credentials
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import load_applications, load_foreign_ids
from landbridge.web.hooks.asked import body_of, headers_of
from landbridge.web.hooks.keyring import Keyring

log = structlog.get_logger(__name__)

PREFIX = "/linkedin/"
SECRETS = ("client_secret", "older_client_secret")
# No workspace has this name: LinkedIn knows them by random ids.
PARTNER = "application"
PARTNER_SECRET = "parent_client_secret"  # noqa: S105 - a name
NUMBERED = "urn:li:developerApplication:"
_JSON = (b"content-type", b"application/json")


class PushReceiver:
    """The addresses of all workspaces. Whoever knows none learns nothing about which there are: refusals are alike."""

    def __init__(
        self, database: Database, vault: Vault, clock: Callable[[], datetime], partner_secret: str | None = None
    ) -> None:
        """``partner_secret``: of the partner's own application, where this machine's settings have one."""
        self._database = database
        self._vault = vault
        self._clock = clock
        self._partner_secret = partner_secret
        self._workspaces: Keyring[None, dict[str, int]] = Keyring(self._load_workspaces)
        self._applications: Keyring[None, dict[str, int]] = Keyring(self._load_applications)
        self._secrets: Keyring[int, list[str]] = Keyring(self._load_secrets)
        self._partner_secrets: Keyring[int, list[str]] = Keyring(self._load_partner_secrets)

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
        name = scope["path"].removeprefix(PREFIX)
        if scope["method"] == "GET":
            return await self._challenge(name, parse_qs(scope["query_string"].decode("latin-1")))
        if scope["method"] != "POST":
            return 405, [(b"allow", b"GET, POST")], b""
        headers = headers_of(scope)
        body = await body_of(headers, receive, LONGEST_BODY)
        if body is None:
            return 413, [], b""
        workspace = await self._workspace_of(name, body)
        signature = headers.get(SIGNATURE_HEADER, "")
        if workspace is None or not await self._is_genuine(workspace, body, signature, partner=name == PARTNER):
            return 401, [], b""
        push = read_push(body)
        if push is None:
            return 400, [], b""
        await take(self._database, workspace, push, body, self._clock())
        return 200, [], b""

    async def _is_genuine(self, workspace: int, body: bytes, signature: str, *, partner: bool) -> bool:
        rings = [self._secrets, self._partner_secrets] if partner else [self._secrets]
        for unknown in (False, True):
            for ring in rings:
                if is_genuine(body, signature, await ring.of(workspace, unknown=unknown)):
                    return True
        return False

    async def _challenge(self, name: str, query: dict[str, list[str]]) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """Answered with the newest secret; LinkedIn has both for as long as there are two."""
        code, number = (next(iter(query.get(field, [])), "") for field in ("challengeCode", "applicationId"))
        if name == PARTNER and not number:
            secrets = [self._partner_secret] if self._partner_secret else []
        else:
            known = self._applications if name == PARTNER else self._workspaces
            workspace = await _found(known, NUMBERED + number if name == PARTNER else name)
            secrets = await self._secrets.of(workspace, unknown=True) if workspace is not None else []
        told = answer_challenge(code, secrets[0]) if secrets else None
        return (200, [_JSON], msgspec.json.encode(told)) if told else (401, [], b"")

    async def _workspace_of(self, name: str, body: bytes) -> int | None:
        if name == PARTNER:
            return await _found(self._applications, application_of(body))
        return await _found(self._workspaces, name)

    async def _load_applications(self, _: None) -> dict[str, int]:
        async with self._database.connection() as connection:
            return await load_applications(connection, "linkedin")

    async def _load_workspaces(self, _: None) -> dict[str, int]:
        async with self._database.connection() as connection:
            return await load_foreign_ids(connection)

    async def _load_secrets(self, workspace: int) -> list[str]:
        return await self._load(workspace, SECRETS)

    async def _load_partner_secrets(self, workspace: int) -> list[str]:
        ours = [self._partner_secret] if self._partner_secret else []
        return [*await self._load(workspace, (PARTNER_SECRET,)), *ours]

    async def _load(self, workspace: int, names: Sequence[str]) -> list[str]:
        try:
            async with self._database.connection() as connection:
                found = await load_credentials(connection, workspace, "linkedin", vault=self._vault)
        except SettingError:
            return []
        return [secret for name in names if (secret := found.secrets.get(name))]


async def _found(known: Keyring[None, dict[str, int]], name: str) -> int | None:
    found = (await known.of(None)).get(name)
    return found if found is not None else (await known.of(None, unknown=True)).get(name)
