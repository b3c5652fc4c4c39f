"""Two addresses for machines: is the process up, and can it do its work?"""

from __future__ import annotations

import asyncio

import psycopg
from django.core.handlers.asgi import ASGIRequest
from django.http import JsonResponse

from landbridge.errors import LandbridgeError
from landbridge.store.database import database_errors
from landbridge.store.migrate import check_migrated
from landbridge.web.rooms import room_of


async def healthz(_request: ASGIRequest) -> JsonResponse:
    """The process answers. Looks at nothing else, so that a database that is away restarts nobody."""
    return JsonResponse({"status": "ok"})


async def readyz(request: ASGIRequest) -> JsonResponse:
    """200 when the database can be reached and is migrated, else 503 with the code of what is wrong."""
    try:
        await asyncio.to_thread(_check, room_of(request).database.url)
    except LandbridgeError as error:
        return JsonResponse({"status": "not ready", "code": error.code, "hint": error.hint}, status=503)
    return JsonResponse({"status": "ready"})


def _check(url: str) -> None:
    with database_errors(), psycopg.connect(url, autocommit=True, connect_timeout=2) as connection:
        check_migrated(connection)
