"""Receipts of what was deleted because the ATS no longer has somebody."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from ninja import Field, Router, Schema

from landbridge.store.erasures import load_receipt, load_receipts
from landbridge.store.tokens import Scope
from landbridge.web.acts.actor import NothingThereError
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.words import HIGHEST, MISSING, REFUSALS, Number, text_of

ROUTER = Router(tags=["Erasures"])


class ErasedItemOut(Schema):
    """``place`` linkedin: the record ``key``; landbridge: ``count`` things of a kind. ``reason``: why it is refused."""

    place: Literal["linkedin", "landbridge"]
    kind: str
    key: str
    count: int
    state: Literal["done", "waiting", "refused"]
    reason: str
    done_at: datetime | None


class ErasureOut(Schema):
    """``key`` is the id in the ATS. ``told_by``: event, sweep or push. ``successor``: whom a candidate was merged into.

    ``deleted`` and ``waiting`` count the lines; ``done_at`` is null until nothing waits.
    """

    id: int
    kind: str
    key: str
    told_by: str
    successor: str
    noticed_at: datetime
    deleted: int
    waiting: int
    done_at: datetime | None


class ErasureReceiptOut(ErasureOut):
    items: list[ErasedItemOut]


class ErasuresOut(Schema):
    """``before`` begins the next page; null at the end."""

    erasures: list[ErasureOut]
    before: int | None


@ROUTER.get("/erasures", auth=needs(Scope.READ), response={200: ErasuresOut, **REFUSALS})
async def erasures(
    request: HttpRequest,
    key: Annotated[str, text_of(200)] = "",
    before: Annotated[int | None, Field(ge=1, le=HIGHEST)] = None,
    limit: Annotated[int, Field(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """What was deleted, the newest first; ``key`` for that of one candidate or application."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await load_receipts(connection, caller.workspace_id, key=key, before=before, limit=limit)
    return {"erasures": msgspec.to_builtins(found), "before": found[-1].id if len(found) == limit else None}


@ROUTER.get("/erasures/{receipt}", auth=needs(Scope.READ), response={200: ErasureReceiptOut, **REFUSALS, **MISSING})
async def erasure(request: HttpRequest, receipt: Number) -> dict[str, Any]:
    """One receipt: every record that was deleted on LinkedIn, and what Landbridge itself has emptied."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await load_receipt(connection, caller.workspace_id, receipt)
    if found is None:
        raise NothingThereError("There is no such receipt in this workspace.")
    told: dict[str, Any] = msgspec.to_builtins(found)
    return told
