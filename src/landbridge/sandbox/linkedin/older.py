"""A customer of Cross-System Awareness, the product before, as a control-room route.

``POST /_sandbox/cross-system-awareness`` makes one: a child application with keys of its own and ``CSA_API`` enabled on
its contracts, and nothing of the company level. ``GET`` shows them with their keys. The rest is for the rules that hold
for everybody: these keys read seats, InMails and notes of these contracts, and nothing is taken from them before an
admin has requested the company level in the widget and switched it on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from landbridge.sandbox.kernel import PREFIX
from landbridge.sandbox.kernel.control import answer, wanted_json
from landbridge.sandbox.linkedin.choices import CONTRACT_INTEGRATIONS, OLDER_INTEGRATION_NAME
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.rules.provisioning import check_domains
from landbridge.sandbox.linkedin.state import DeveloperApplication, Integration, State

FOREIGN_ID = "older-customer"


class OlderCustomer(Struct, kw_only=True, forbid_unknown_fields=True):
    """What to make. ``contracts`` None: the first of the organization; ``origins`` may show widgets with its keys."""

    foreign_id: str = FOREIGN_ID
    contracts: list[str] | None = None
    origins: list[str] = []


def older_route(state: Callable[[], State]) -> Route:
    async def serve(request: Request) -> Response:
        if request.method == "POST":
            try:
                wanted = msgspec.convert(await wanted_json(request), OlderCustomer)
                return answer(_shown(make_older_customer(state(), wanted)))
            except (msgspec.ValidationError, ValueError) as problem:
                return answer({"error": str(problem)}, 400)
            except RefusalError as refusal:
                return answer({"error": refusal.message}, 400)
        return answer({"customers": [_shown(one) for one in state().children() if one.older]})

    return Route(f"{PREFIX}/cross-system-awareness", serve, methods=["GET", "POST"])


def make_older_customer(state: State, wanted: OlderCustomer) -> DeveloperApplication:
    """Raises ``ValueError`` where the world has no such contract, or an application with this foreign id."""
    known = [contract.urn for contract in state.network.contracts if not contract.lite]
    contracts = known[:1] if wanted.contracts is None else wanted.contracts
    if not contracts or not set(contracts) <= set(known):
        raise ValueError(f"contracts are of {', '.join(known)}")
    if not wanted.foreign_id or state.by_foreign_id(wanted.foreign_id):
        raise ValueError("there is an application with this foreign id, or it is empty")
    check_domains(wanted.origins)
    child = state.add_application(wanted.foreign_id)
    child.older = True
    child.name, child.sdk_domains = f"Sandbox ATS - {state.network.organization_name}"[:50], wanted.origins
    for contract in contracts:
        for type_ in CONTRACT_INTEGRATIONS:
            child.integrations[contract, type_, "RECRUITER"] = Integration(
                context=contract, type=type_, status="ENABLED", name=OLDER_INTEGRATION_NAME
            )
    return child


def _shown(child: DeveloperApplication) -> dict[str, Any]:
    return {
        "client_id": child.client_id,
        "client_secret": child.client_secret,
        "unique_foreign_id": child.foreign_id,
        "contracts": [context for context, type_, _ in child.integrations if type_ in CONTRACT_INTEGRATIONS],
    }
