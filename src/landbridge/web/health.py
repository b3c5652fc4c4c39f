"""Two addresses for machines: is the process up, and can it do its work?

They stand in front of Django: probes ask by whatever address they have, and Django answers to known host names only.
"""

from __future__ import annotations

import asyncio

import psycopg
from starlette.responses import JSONResponse

from landbridge.errors import LandbridgeError
from landbridge.store.database import database_errors
from landbridge.store.migrate import check_migrated
from landbridge.web.rooms import Room


async def healthz(_room: Room) -> JSONResponse:
    """The process answers. Looks at nothing else, so that a database that is away restarts nobody."""
    return JSONResponse({"status": "ok"})


async def readyz(room: Room) -> JSONResponse:
    """200 when the database can be reached and is migrated, else 503 with the code of what is wrong."""
    try:
        await asyncio.to_thread(_check, room.database.url)
    except LandbridgeError as error:
        return JSONResponse({"status": "not ready", "code": error.code, "hint": error.hint}, status_code=503)
    return JSONResponse({"status": "ready"})


PROBES = {"/healthz": healthz, "/readyz": readyz}


def _check(url: str) -> None:
    with database_errors(), psycopg.connect(url, autocommit=True, connect_timeout=2) as connection:
        check_migrated(connection)
