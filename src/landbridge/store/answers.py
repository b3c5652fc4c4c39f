"""Answers kept for calls of the JSON API that carry a key: who calls again gets the same, and nothing is made twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from psycopg.rows import class_row

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

LIFE = timedelta(hours=24)
# A call that is still without an answer after so long was cut off: it may be tried again.
LONGEST = timedelta(minutes=10)


class Kept(Struct, frozen=True, kw_only=True):
    """``call``: a hash of what was asked. ``answer``: sealed; None while the first call is under way."""

    call: bytes
    answer: bytes | None


@scoped
async def begin_answer(
    connection: Connection, workspace: int, token: int, key: str, *, call: bytes, now: datetime
) -> Kept | None:
    """None where this call is the first with ``key`` and may go on; else what is kept of the first."""
    cursor = await connection.execute(
        """
        INSERT INTO api_answer (workspace_id, token_id, key, call, at)
        VALUES (%(workspace)s, %(token)s, %(key)s, %(call)s, %(now)s)
        ON CONFLICT (token_id, key) DO UPDATE SET call = excluded.call, answer = NULL, at = excluded.at
        WHERE api_answer.at < %(old)s OR (api_answer.answer IS NULL AND api_answer.at < %(cut_off)s)
        RETURNING id
        """,
        {
            "workspace": workspace, "token": token, "key": key, "call": call, "now": now,
            "old": now - LIFE, "cut_off": now - LONGEST,
        },
    )  # fmt: skip
    if await cursor.fetchone():
        return None
    async with connection.cursor(row_factory=class_row(Kept)) as found:
        await found.execute(
            "SELECT call, answer FROM api_answer WHERE workspace_id = %s AND token_id = %s AND key = %s",
            [workspace, token, key],
        )
        return await found.fetchone()


@scoped
async def save_answer(connection: Connection, workspace: int, token: int, key: str, answer: bytes) -> None:
    await connection.execute(
        "UPDATE api_answer SET answer = %s WHERE workspace_id = %s AND token_id = %s AND key = %s",
        [answer, workspace, token, key],
    )


@scoped
async def forget_answer(connection: Connection, workspace: int, token: int, key: str) -> None:
    """The call came to nothing: the same key may be used for another try."""
    await connection.execute(
        "DELETE FROM api_answer WHERE workspace_id = %s AND token_id = %s AND key = %s", [workspace, token, key]
    )
