"""Control-room routes of an imitated account: edit, merge or delete its records, take permissions away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from landbridge.sandbox.kernel import PREFIX
from landbridge.sandbox.kernel.control import answer, wanted_json
from landbridge.sandbox.smartrecruiters.changes import candidates
from landbridge.sandbox.smartrecruiters.credentials import SCOPES, Credentials
from landbridge.sandbox.smartrecruiters.edits import Deletion, Edit, delete, edit_share
from landbridge.sandbox.smartrecruiters.happenings import SYSTEM
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

    async def merge(request: Request) -> Response:
        """``{"master": id, "other": id}``: as when somebody merges two profiles of one person."""
        wanted = await wanted_json(request)
        people = account.state.world.candidates
        master, other = (people.get(str(wanted.get(name))) for name in ("master", "other"))
        if master is None or other is None or master is other:
            return answer({"error": "master and other are the ids of two candidates"}, 400)
        candidates.merge(account.state, SYSTEM, master, other)
        return answer({"merged": True})

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
        Route(f"{PREFIX}/merge", merge, methods=["POST"]),
        Route(f"{PREFIX}/permissions", permissions, methods=["GET", "PUT"]),
    ]
