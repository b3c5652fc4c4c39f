"""What people do on LinkedIn's side, as control-room routes: request integrations, switch them on and off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from landbridge.sandbox.kernel import PREFIX, Clock
from landbridge.sandbox.kernel.control import answer, wanted_json
from landbridge.sandbox.linkedin.choices import COMPANY_INTEGRATIONS, CONTRACT_INTEGRATIONS, INTEGRATION_STATUSES
from landbridge.sandbox.linkedin.pushes import STATUS_CHANGE, Pushes
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.resources.job_outcomes import shown_task
from landbridge.sandbox.linkedin.rules.configurations import CALLBACK_URL
from landbridge.sandbox.linkedin.state import DeveloperApplication, Integration, State

TENANT = "RECRUITER"


class _StatusWanted(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    context: str
    type: str
    status: str
    client_id: str | None = None


class _PackageWanted(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the configuration widget asks for: the company level, the contract level, or both."""

    organization: str | None = None
    contract: str | None = None
    client_id: str | None = None


class Recruiter:
    """The Recruiter admin's hands. ``client_id`` names the child application; left out, it is the newest child."""

    def __init__(self, state: Callable[[], State], clock: Clock, pushes: Pushes) -> None:
        self._state = state
        self._clock = clock
        self._pushes = pushes

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route(f"{PREFIX}/integrations", self._set_status, methods=["POST"]),
            Route(f"{PREFIX}/request", self._request, methods=["POST"]),
            Route(f"{PREFIX}/tasks", self._tasks, methods=["GET"]),
        ]

    async def _set_status(self, request: Request) -> Response:
        try:
            wanted = msgspec.convert(await wanted_json(request), _StatusWanted)
            return answer(self.set_status(**msgspec.structs.asdict(wanted)))
        except (msgspec.ValidationError, ValueError) as problem:
            return answer({"error": str(problem)}, 400)
        except RefusalError as refusal:
            return answer({"error": refusal.message}, refusal.status)

    def set_status(self, context: str, type: str, status: str, client_id: str | None = None) -> dict[str, Any]:  # noqa: A002 - the API's own word
        """Set one integration's status, requesting it first where nobody has; gives the change's request id."""
        if status not in INTEGRATION_STATUSES:
            raise ValueError(f"status is one of {', '.join(INTEGRATION_STATUSES)}")
        if type not in (*COMPANY_INTEGRATIONS, *CONTRACT_INTEGRATIONS):
            raise ValueError(f"type is one of {', '.join((*COMPANY_INTEGRATIONS, *CONTRACT_INTEGRATIONS))}")
        self._check_context(context, type)
        application = self._application(client_id)
        integration = self._ensure(application, context, type)
        if status == "ENABLED" and type == "ONE_CLICK_EXPORT" and CALLBACK_URL not in integration.configurations:
            raise RefusalError(409, "CALLBACK_URL has to be set before ONE_CLICK_EXPORT can be enabled")
        changes = integration.status != status
        request_id = self._state().change_status(application, integration, status, self._clock.ms())
        if changes:
            expires_at = self._state().status_requests[request_id].expires_at
            self._pushes.announce(application, STATUS_CHANGE, request_id, expires_at)
        return {**_shown(application, integration), "request_id": request_id}

    async def _request(self, request: Request) -> Response:
        try:
            wanted = msgspec.convert(await wanted_json(request), _PackageWanted)
            integrations = self.request(**msgspec.structs.asdict(wanted))
        except (msgspec.ValidationError, ValueError) as problem:
            return answer({"error": str(problem)}, 400)
        return answer({"integrations": integrations})

    def request(
        self, organization: str | None = None, contract: str | None = None, client_id: str | None = None
    ) -> list[dict[str, Any]]:
        """What the widget does when the admin presses Request; asking again changes nothing."""
        application = self._application(client_id)
        if not organization and not contract:
            organization = self._state().network.organization
            contract = next((contract.urn for contract in self._state().network.contracts), None)
        wanted = [(organization, type_) for type_ in COMPANY_INTEGRATIONS if organization]
        wanted += [(contract, type_) for type_ in CONTRACT_INTEGRATIONS if contract]
        found = []
        for context, type_ in wanted:
            self._check_context(context or "", type_)
            found.append(_shown(application, self._ensure(application, context or "", type_)))
        return found

    async def _tasks(self, _: Request) -> Response:
        tasks = self._state().tasks
        tasks.settle(self._clock.ms())
        shown = [
            {**shown_task(task), "operation": task.operation, "posted_at": task.posted_at, "due_at": task.due_at}
            for task in tasks.by_urn.values()
        ]
        return answer({"tasks": shown})

    def _application(self, client_id: str | None) -> DeveloperApplication:
        state = self._state()
        if client_id is None:
            return state.children()[-1]
        application = state.applications.get(client_id)
        if application is None or application.parent:
            raise ValueError("no child application has this client_id")
        return application

    def _check_context(self, context: str, integration_type: str) -> None:
        network = self._state().network
        # Recruiter Lite has no system connect.
        contracts = [contract.urn for contract in network.contracts if not contract.lite]
        allowed = contracts if integration_type in CONTRACT_INTEGRATIONS else [network.organization]
        if context not in allowed:
            raise ValueError(f"the context of {integration_type} is one of {', '.join(allowed)}")

    def _ensure(self, application: DeveloperApplication, context: str, integration_type: str) -> Integration:
        key = (context, integration_type, TENANT)
        integration = application.integrations.get(key)
        if integration is None:
            integration = application.integrations[key] = Integration(context=context, type=integration_type)
        return integration


def _shown(application: DeveloperApplication, integration: Integration) -> dict[str, Any]:
    return {
        "context": integration.context,
        "type": integration.type,
        "tenantType": integration.tenant,
        "status": integration.status,
        "name": integration.name,
        "client_id": application.client_id,
    }
