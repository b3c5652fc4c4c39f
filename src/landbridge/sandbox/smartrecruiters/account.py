"""Control-room routes of an imitated account: edit or delete its records, take permissions away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from landbridge.sandbox.kernel import PREFIX
from landbridge.sandbox.kernel.control import answer, wanted_json
from landbridge.sandbox.smartrecruiters.credentials import SCOPES, Credentials
from landbridge.sandbox.smartrecruiters.edits import Deletion, Edit, delete, edit_share
from landbridge.sandbox.smartrecruiters.state import State


class Account(Protocol):
    """``state`` is another object after each seed, so it is asked for anew each time."""

    state: State
    keys: Credentials


def account_routes(account: Account) -> Sequence[BaseRoute]:
    async def edit(request: Request) -> Response:
        try:
            edited = edit_share(account.state, msgspec.convert(await wanted_json(request), Edit))
        except (msgspec.ValidationError, ValueError) as refusal:
            return answer({"error": str(refusal)}, 400)
        return answer({"edited": edited, "counts": {kind: len(ids) for kind, ids in edited.items()}})

    async def remove(request: Request) -> Response:
        try:
            deleted = delete(account.state, msgspec.convert(await wanted_json(request), Deletion))
        except msgspec.ValidationError as refusal:
            return answer({"error": str(refusal)}, 400)
        return answer({"deleted": deleted}, 200 if deleted else 404)

    async def permissions(request: Request) -> Response:
        """``{"removed": ["users_read"]}``: what both credentials lack from now on; an empty list gives all back."""
        keys = account.keys
        if request.method == "PUT":
            removed = (await wanted_json(request)).get("removed")
            if not isinstance(removed, list) or not set(map(str, removed)) <= SCOPES:
                return answer({"error": f"removed is a list of {', '.join(sorted(SCOPES))}"}, 400)
            keys.removed = frozenset(removed)
        return answer({"removed": sorted(keys.removed), "granted": sorted(SCOPES - keys.removed)})

    return [
        Route(f"{PREFIX}/edit", edit, methods=["POST"]),
        Route(f"{PREFIX}/delete", remove, methods=["POST"]),
        Route(f"{PREFIX}/permissions", permissions, methods=["GET", "PUT"]),
    ]
