"""The demo's hands in the sandbox: its control rooms, as any other program would use them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from landbridge.errors import UnavailableError

if TYPE_CHECKING:
    import httpx2

ROOM = "/_sandbox"


class Journaled(Struct, frozen=True):
    """Totals of a far side's journal: calls by operation, answers with 429, broken rules by code."""

    requests: dict[str, int]
    throttled: int
    violations: dict[str, int]


class FarSide:
    """The control room of one far side."""

    def __init__(self, http: httpx2.AsyncClient, name: str, url: str) -> None:
        self._http = http
        self.name = name
        self.url = url

    async def answers(self) -> bool:
        import httpx2

        try:
            return (await self._http.get(f"{self.url}{ROOM}/state")).status_code == 200
        except httpx2.TransportError:
            return False

    async def credentials(self) -> dict[str, Any]:
        return await self._get("credentials")

    async def limits(self) -> dict[str, Any]:
        return await self._get("limits")

    async def request_integrations(self, organization: str, contract: str, client_id: str) -> None:
        """What LinkedIn's widget does when the admin presses Request."""
        await self._post("request", {"organization": organization, "contract": contract, "client_id": client_id})

    async def enable(self, context: str, integration_type: str, client_id: str) -> None:
        """What the admin does in Recruiter's settings."""
        wanted = {"context": context, "type": integration_type, "status": "ENABLED", "client_id": client_id}
        await self._post("integrations", wanted)

    async def act(self, action: str, **wanted: Any) -> Any:
        """What a recruiter or a member does on LinkedIn's pages."""
        return msgspec.json.decode(await self._bytes("POST", f"talent/{action}", wanted))

    async def look(self, path: str) -> dict[str, Any]:
        """What a page of the control room has to show."""
        return await self._get(path)

    async def dump(self, entity: str) -> list[dict[str, Any]]:
        content = await self._bytes("GET", f"dump/{entity}")
        return [msgspec.json.decode(line) for line in content.splitlines() if line]

    async def dumps(self, entities: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        return {entity: await self.dump(entity) for entity in entities}

    async def journaled(self) -> Journaled:
        summary = await self._get("summary")
        requests: Counter[str] = Counter()
        throttled = 0
        for operation, statuses in summary["requests"].items():
            requests[f"{self.name} {operation}"] = sum(statuses.values())
            throttled += statuses.get("429", 0)
        violations = {f"{self.name} {rule}": count for rule, count in summary["violations"].items()}
        return Journaled(dict(requests), throttled, violations)

    async def _get(self, path: str) -> dict[str, Any]:
        return msgspec.json.decode(await self._bytes("GET", path), type=dict[str, Any])

    async def _post(self, path: str, content: dict[str, Any]) -> None:
        await self._bytes("POST", path, content)

    async def _bytes(self, method: str, path: str, content: dict[str, Any] | None = None) -> bytes:
        answer = await self._http.request(method, f"{self.url}{ROOM}/{path}", json=content)
        if answer.status_code >= 300:
            raise UnavailableError(f"The {self.name} sandbox answers {answer.status_code} to {path}.", code="sandbox")
        return bytes(answer.content)
