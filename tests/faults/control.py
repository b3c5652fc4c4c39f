"""The tests' hands in the sandbox: control rooms over HTTP, as any other program would use them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import msgspec
from msgspec import Struct

ROOM = "/_sandbox"
PAGE = 2_000


class Written(Struct, frozen=True):
    """One record in one write call, in the order in which the far side took it. ``modified`` is epoch ms."""

    call: int
    operation: str
    entity: str
    key: str
    modified: int | None
    status: int


class FarSide:
    """The control room of one imitated system."""

    def __init__(self, http: httpx2.Client, url: str) -> None:
        self._http = http
        self.url = url

    def answers(self) -> bool:
        try:
            return self._http.get(f"{self.url}{ROOM}/state").status_code == 200
        except httpx2.TransportError:
            return False

    def credentials(self) -> dict[str, Any]:
        return self._json("GET", "credentials")

    def dump(self, entity: str) -> list[dict[str, Any]]:
        return [msgspec.json.decode(line) for line in self._send("GET", f"dump/{entity}").splitlines() if line]

    def limits(self, **wanted: object) -> dict[str, Any]:
        return self._json("PUT", "limits", wanted)

    def clock(self, **wanted: object) -> dict[str, Any]:
        return self._json("POST", "clock", wanted)

    def fault(self, operation: str, kind: str, **further: object) -> None:
        self._json("POST", "faults", {"operation": operation, "kind": kind, **further})

    def faults(self) -> list[dict[str, Any]]:
        """The faults that still wait or strike; ``struck`` says how often each has."""
        found: list[dict[str, Any]] = self._json("GET", "faults")["faults"]
        return found

    def heal(self) -> None:
        self._json("DELETE", "faults")

    def edit(self, **wanted: object) -> dict[str, list[str]]:
        """Edit a share of the ATS; the ids of what was edited, by kind."""
        edited: dict[str, list[str]] = self._json("POST", "edit", wanted)["edited"]
        return edited

    def delete(self, **named: str) -> None:
        self._json("POST", "delete", named)

    def take_permissions(self, *scopes: str) -> None:
        """Take these away from every credential of the ATS; none: give all back."""
        self._json("PUT", "permissions", {"removed": list(scopes)})

    def set_integration(self, context: str, kind: str, status: str, client_id: str) -> None:
        self._json("POST", "integrations", {"context": context, "type": kind, "status": status, "client_id": client_id})

    def request_integrations(self, organization: str, contract: str, client_id: str) -> None:
        wanted = {"organization": organization, "contract": contract, "client_id": client_id}
        self._json("POST", "request", wanted)

    def act(self, action: str, **named: Any) -> Any:
        """What people do in Recruiter."""
        return msgspec.json.decode(self._send("POST", f"talent/{action}", named))

    def tasks(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._json("GET", "tasks")["tasks"]
        return found

    def broken_rules(self) -> dict[str, int]:
        found: dict[str, int] = self._json("GET", "violations")["totals"]
        return found

    def calls(self, after: int = 0) -> Iterator[dict[str, Any]]:
        """The journal behind call number ``after``, oldest first."""
        while True:
            page = self._json("GET", f"journal?after={after}&limit={PAGE}")
            yield from page["entries"]
            if page["next"] is None:
                return
            after = page["next"]

    def last_call(self) -> int:
        return max((call["number"] for call in self.calls()), default=0)

    def written(self, after: int = 0) -> Iterator[Written]:
        """Every record of every write call behind ``after``."""
        for call in self.calls(after):
            told = call["writes"]
            if told is None:
                continue
            for key, modified, status in zip(told["keys"], told["modified"], told["statuses"], strict=True):
                yield Written(call["number"], call["operation"], told["entity"], key, modified, status)

    def _json(self, method: str, path: str, content: dict[str, Any] | None = None) -> dict[str, Any]:
        return msgspec.json.decode(self._send(method, path, content), type=dict[str, Any])

    def _send(self, method: str, path: str, content: dict[str, Any] | None = None) -> bytes:
        answer = self._http.request(method, f"{self.url}{ROOM}/{path}", json=content)
        assert answer.status_code == 200, f"the sandbox answers {answer.status_code} to {method} {path}: {answer.text}"
        return bytes(answer.content)
