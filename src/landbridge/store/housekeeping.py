"""Throwing away what has served its time: old calls, ended sessions, used links. Cheap enough for every minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from landbridge.store.answers import LIFE
from landbridge.store.database import Connection
from landbridge.store.journal import trim_calls
from landbridge.store.tallies import fold


async def tidy(connection: Connection, now: datetime, *, keep_calls: timedelta) -> None:
    """Of every workspace. Nothing that anybody still needs goes: what is deleted here no longer opens or shows."""
    await trim_calls(connection, now - keep_calls)
    await fold(connection)
    await connection.execute("DELETE FROM django_session WHERE expire_date < %s", [now])
    await connection.execute("DELETE FROM sign_in_link WHERE expires_at < %s", [now])
    await connection.execute("DELETE FROM api_answer WHERE at < %s", [now - LIFE])
