"""How each workspace hears of changes in its ATS: its subscription, the keys of it, and when to look after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct
from psycopg.rows import class_row

from landbridge.errors import SettingError
from landbridge.store.database import Connection
from landbridge.store.scope import scoped
from landbridge.store.secrets import Vault

WebhookState = Literal["absent", "active", "unreached"]
FIELD = "webhook keys"
COLUMNS = "subscription, callback_url, state, problem, keyed_at, active_since, heard_until, swept_at, look_at, healed"


class Webhook(Struct, frozen=True, kw_only=True):
    """``state``: ``absent`` (no subscription), ``active``, ``unreached`` (our address did not answer the ATS).

    An active one whose ``problem`` is ``untold`` keeps silent about changes that the lists have shown.
    """

    subscription: str | None = None
    callback_url: str = ""
    state: WebhookState = "absent"
    problem: str = ""
    keyed_at: datetime | None = None
    active_since: datetime | None = None
    heard_until: datetime | None = None
    swept_at: datetime | None = None
    look_at: datetime | None = None
    healed: int = 0

    @property
    def tells(self) -> bool:
        """Whether we hear of changes by it, so that the lists need to be read less often."""
        return self.state == "active" and not self.problem


@scoped
async def load_webhook(connection: Connection, workspace: int) -> Webhook | None:
    async with connection.cursor(row_factory=class_row(Webhook)) as cursor:
        await cursor.execute(f"SELECT {COLUMNS} FROM webhook WHERE workspace_id = %s", [workspace])  # noqa: S608
        return await cursor.fetchone()


@scoped
async def save_webhook(connection: Connection, workspace: int, webhook: Webhook) -> None:
    """All but the keys."""
    await connection.execute(
        """
        INSERT INTO webhook (workspace_id, subscription, callback_url, state, problem, keyed_at, active_since,
                             heard_until, swept_at, look_at, healed)
        VALUES (%(workspace)s, %(subscription)s, %(callback_url)s, %(state)s, %(problem)s, %(keyed_at)s,
                %(active_since)s, %(heard_until)s, %(swept_at)s, %(look_at)s, %(healed)s)
        ON CONFLICT (workspace_id) DO UPDATE
        SET subscription = excluded.subscription, callback_url = excluded.callback_url, state = excluded.state,
            problem = excluded.problem, keyed_at = excluded.keyed_at, active_since = excluded.active_since,
            heard_until = excluded.heard_until, swept_at = excluded.swept_at, look_at = excluded.look_at,
            healed = excluded.healed
        """,
        {"workspace": workspace, **msgspec.structs.asdict(webhook)},
    )


@scoped
async def save_keys(connection: Connection, workspace: int, system: str, keys: Sequence[str], *, vault: Vault) -> None:
    """The keys the ATS signs deliveries with, the newest first."""
    sealed = vault.seal(msgspec.json.encode(list(keys)), workspace=workspace, system=system, field=FIELD)
    await connection.execute(
        """
        INSERT INTO webhook (workspace_id, secrets) VALUES (%s, %s)
        ON CONFLICT (workspace_id) DO UPDATE SET secrets = excluded.secrets
        """,
        [workspace, sealed],
    )


@scoped
async def load_keys(connection: Connection, workspace: int, system: str, *, vault: Vault) -> list[str]:
    """Empty where there are none of this ATS, or none that can be opened."""
    cursor = await connection.execute("SELECT secrets FROM webhook WHERE workspace_id = %s", [workspace])
    row = await cursor.fetchone()
    if row is None or row[0] is None:
        return []
    try:
        plain = vault.open(bytes(row[0]), workspace=workspace, system=system, field=FIELD)
    except SettingError:
        return []
    return msgspec.json.decode(plain, type=list[str])
