"""Who calls: the token's workspace, what the token may do, and not too often."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpRequest
from ninja import NinjaAPI

from landbridge.store.memberships import Role
from landbridge.store.tokens import MINUTE, Scope, Used, covers, use_token
from landbridge.web.acts.actor import Actor
from landbridge.web.api.problems import ProblemError
from landbridge.web.console.access import UndeclaredRouteError
from landbridge.web.rooms import room_of

# Calls of one token in a minute. A push carries up to 1,000 records, so this is 600,000 records a minute.
MOST_CALLS = 600
LONGEST_TOKEN = 200


class Caller(Actor, frozen=True, kw_only=True):
    token: Used

    @property
    def workspace_id(self) -> int:
        return self.token.workspace_id

    @property
    def name(self) -> str:
        return f"API: {self.token.label} ({self.token.made_by})"

    @property
    def account(self) -> int | None:
        return self.token.maker_id


class BearerToken:
    """Lets in whoever has a token with this scope. Ninja keeps what it returns as ``request.auth``."""

    is_async = True
    openapi_security_schema: ClassVar[dict[str, str]] = {"type": "http", "scheme": "bearer"}

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    async def __call__(self, request: HttpRequest) -> Caller:
        token = _token_of(request)
        room = room_of(request)
        now = room.clock()
        async with room.database.connection() as connection:
            used = await use_token(connection, token, now)
        if used is None:
            raise ProblemError(401, "This token does not work.", code="token_unknown", hint=HINT)
        if used.calls > MOST_CALLS:
            wait = max(1, int((used.minute_at + MINUTE - now).total_seconds()) + 1)
            hint = f"At most {MOST_CALLS} calls a minute for each token. Put more records into a call."
            raise ProblemError(429, "Too many calls.", code="too_many_calls", hint=hint, retry_after=wait)
        if self.scope.value not in used.scopes:
            hint = f"Make a token with the scope {self.scope.value} in the console, under API access."
            raise ProblemError(403, "This token may not do this.", code="scope_missing", hint=hint)
        if not covers(Role(used.role) if used.role else None, self.scope):
            hint = "A token never may more than whoever made it. Somebody in a higher role has to make another one."
            raise ProblemError(403, "Whoever made this token may not do this.", code="maker_may_not", hint=hint)
        return Caller(room=room, now=now, token=used)


HINT = "Send Authorization: Bearer TOKEN, with a token that the console shows under API access as working."


def _token_of(request: HttpRequest) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token) <= LONGEST_TOKEN:
        raise ProblemError(401, "This needs a token.", code="token_missing", hint=HINT)
    return token.strip()


def needs(scope: Scope) -> BearerToken:
    """Declare what the caller of an operation has to be allowed."""
    return BearerToken(scope)


def caller_of(request: HttpRequest) -> Caller:
    found = getattr(request, "auth", None)
    if not isinstance(found, Caller):
        raise TypeError("an operation without a declared scope")
    return found


def scopes_of(api: NinjaAPI) -> dict[str, Scope | None]:
    """Each operation ("GET /overview") with the scope it declares."""
    return {
        f"{method} {path}": next((one.scope for one in operation.auth_callbacks if isinstance(one, BearerToken)), None)
        for router in api._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }


def check_operations(api: NinjaAPI) -> None:
    """Raises UndeclaredRouteError naming each operation that does not say which scope it needs."""
    if wrong := [name for name, scope in scopes_of(api).items() if scope is None]:
        raise UndeclaredRouteError(f"no scope is declared for {', '.join(wrong)}")
