"""The workspace's tokens: which there are, and their end. They are made in the console; see ``acts/tokens.py``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest
from ninja import Router, Schema

from landbridge.store.tokens import Scope, load_tokens
from landbridge.web.acts import tokens as acts
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.words import MISSING, REFUSALS, Done, Number

ROUTER = Router(tags=["Tokens"])


class ListedTokenOut(Schema):
    """``start`` is how the token begins: enough to tell it from others, not to use it."""

    id: int
    label: str
    start: str
    scopes: list[str]
    made_by: str
    made_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class TokensOut(Schema):
    """``own``: the number of the token that asks."""

    tokens: list[ListedTokenOut]
    own: int


@ROUTER.get("/tokens", auth=needs(Scope.TOKENS), response={200: TokensOut, **REFUSALS})
async def tokens(request: HttpRequest) -> dict[str, Any]:
    """The newest 200 tokens, those that work first: whose they are, what they may do, when they were used last."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await load_tokens(connection, caller.workspace_id)
    return {"tokens": msgspec.to_builtins(found), "own": caller.token.id}


@ROUTER.delete("/tokens/{number}", auth=needs(Scope.TOKENS), response={200: Done, **MISSING, **REFUSALS})
async def revoke(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Have a token work no more, from its next call on. It may be the one that asks."""
    await acts.revoke(caller_of(request), number)
    return {"done": True}
