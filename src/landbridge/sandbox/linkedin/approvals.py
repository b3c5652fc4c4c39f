"""What LinkedIn permits one application and not another, as a control-room route.

``GET /_sandbox/approvals`` shows it; ``POST`` with ``client_id`` (left out: the newest child) changes what it names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from landbridge.sandbox.kernel import PREFIX
from landbridge.sandbox.kernel.control import answer, wanted_json
from landbridge.sandbox.linkedin.state import Approvals, DeveloperApplication, State


def approvals_route(state: Callable[[], State]) -> Route:
    async def serve(request: Request) -> Response:
        if request.method == "POST":
            try:
                _change(state(), await wanted_json(request))
            except (msgspec.ValidationError, ValueError) as problem:
                return answer({"error": str(problem)}, 400)
        shown = {one.client_id: msgspec.structs.asdict(one.approvals) for one in state().applications.values()}
        return answer({"approvals": shown})

    return Route(f"{PREFIX}/approvals", serve, methods=["GET", "POST"])


def _change(state: State, wanted: dict[str, Any]) -> None:
    """Raises ``ValueError`` or ``msgspec.ValidationError``."""
    application = _application(state, wanted.pop("client_id", None))
    merged = {**msgspec.structs.asdict(application.approvals), **wanted}
    application.approvals = msgspec.convert(merged, Approvals)


def _application(state: State, client_id: object) -> DeveloperApplication:
    if client_id is None:
        return state.children()[-1]
    application = state.applications.get(client_id) if isinstance(client_id, str) else None
    if application is None:
        raise ValueError("no application has this client_id")
    return application
