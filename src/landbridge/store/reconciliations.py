"""What comparing both sides has shown, kept so that the newest can be read at any time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from landbridge.store.database import Connection
from landbridge.store.scope import scoped


class Reconciliation(Struct, frozen=True, kw_only=True):
    at: datetime
    report: dict[str, Any]


@scoped
async def save_reconciliation(connection: Connection, workspace: int, report: Mapping[str, Any], now: datetime) -> None:
    await connection.execute(
        "INSERT INTO reconciliation (workspace_id, at, report) VALUES (%s, %s, %s)",
        [workspace, now, Jsonb(dict(report))],
    )


@scoped
async def load_newest_reconciliation(connection: Connection, workspace: int) -> Reconciliation | None:
    async with connection.cursor(row_factory=class_row(Reconciliation)) as cursor:
        await cursor.execute(
            "SELECT at, report FROM reconciliation WHERE workspace_id = %s ORDER BY at DESC, id DESC LIMIT 1",
            [workspace],
        )
        return await cursor.fetchone()
