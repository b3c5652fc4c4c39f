"""Calls that make something, made twice: with an ``Idempotency-Key`` the second gets the answer of the first.

As drafted by the IETF (draft-ietf-httpapi-idempotency-key-header): the key counts for one token and 24 hours; with
another request it is refused, and while the first call is under way so is the second.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from django.http import HttpRequest

from landbridge.store.answers import begin_answer, forget_answer, save_answer
from landbridge.store.secrets import Vault
from landbridge.web.api.access import Caller, caller_of
from landbridge.web.api.problems import ProblemError

HEADER = "Idempotency-Key"
LONGEST = 200
# For ``openapi_extra`` of an operation.
ONCE = {
    "parameters": [
        {
            "name": HEADER,
            "in": "header",
            "required": False,
            "description": "Any text of your own. Calling again with it gets the first answer and makes nothing.",
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
        }
    ]
}

Operation = Callable[..., Awaitable[Any]]


def once(operation: Operation) -> Operation:
    """Below ``@ROUTER.post(…, openapi_extra=ONCE)``. What ``operation`` answers has to be JSON already."""

    @functools.wraps(operation)
    async def run(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return await operation(request, *arguments, **named)
        if not 0 < len(key) <= LONGEST or not key.isprintable():
            raise ProblemError(422, f"{HEADER} is no key.", code="request_wrong", hint=f"1 to {LONGEST} characters.")
        caller = caller_of(request)
        if (before := await _begin(caller, key, _call(request))) is not None:
            return before
        try:
            answer = await operation(request, *arguments, **named)
        except BaseException:
            async with caller.connection() as connection:
                await forget_answer(connection, caller.workspace_id, caller.token.id, key)
            raise
        async with caller.connection() as connection:
            sealed = _vault(caller).seal(msgspec.json.encode(answer), **_place(caller))
            await save_answer(connection, caller.workspace_id, caller.token.id, key, sealed)
        return answer

    # Ninja would look for the names of types here instead of where they were written.
    run.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
    return run


def _call(request: HttpRequest) -> bytes:
    return hashlib.sha256(b"\0".join([f"{request.method} {request.path}".encode(), request.body])).digest()


async def _begin(caller: Caller, key: str, call: bytes) -> Any:
    """The first answer; None where this call is the first. Raises ProblemError."""
    async with caller.connection() as connection:
        kept = await begin_answer(connection, caller.workspace_id, caller.token.id, key, call=call, now=caller.now)
    if kept is None:
        return None
    if bytes(kept.call) != call:
        hint = "Every request that differs needs a key of its own."
        raise ProblemError(422, "This key was used for another request.", code="key_reused", hint=hint)
    if kept.answer is None:
        hint = "Wait a moment and call again with the same key."
        raise ProblemError(409, "The first call with this key is under way.", code="key_in_use", hint=hint)
    return msgspec.json.decode(_vault(caller).open(bytes(kept.answer), **_place(caller)))


def _vault(caller: Caller) -> Vault:
    if caller.room.vault is None:
        raise TypeError("the API runs inside landbridge.web.application only")
    return caller.room.vault


def _place(caller: Caller) -> dict[str, Any]:
    return {"workspace": caller.workspace_id, "system": "api", "field": "answer"}
