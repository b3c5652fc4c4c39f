"""A caller whose contract is enabled too, with the people of the world at hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from landbridge.sandbox.linkedin.talent import Talent
from landbridge.sandbox.worlds.network import Seat
from tests.sandbox.callback import set_callback
from tests.sandbox.linkedin_caller import Caller

NOWHERE = "https://callback.invalid/push"
HOUR = 3_600_000
DAY = 24 * HOUR


class Office:
    """One customer: ``seat`` and ``colleague`` on the first contract, ``stranger`` and ``candidate`` as members."""

    def __init__(self, caller: Caller, callback: str = NOWHERE) -> None:
        self.caller = caller
        self.linkedin = caller.sandbox.linkedin
        set_callback(caller, callback)
        network = self.linkedin.state.network
        self.contract, self.other_contract, self.lite_contract = (contract.urn for contract in network.contracts)
        self.linkedin.recruiter.set_status(self.contract, "CSA_API", "ENABLED")
        caller.enable("ONE_CLICK_EXPORT")
        self.seat, self.colleague = (seat.urn for seat in self.seats(self.contract)[:2])
        self.stranger = network.members[-1].number
        self.settings(JOB_POSTING_VIEWERS="ALL_PRODUCT_USERS")

    def seats(self, contract: str, state: str = "ACTIVE") -> list[Seat]:
        return [seat for seat in self.linkedin.state.network.seats if (seat.contract, seat.state) == (contract, state)]

    def settings(self, **changes: str | None) -> None:
        """Of ONE_CLICK_EXPORT; None takes one off."""
        child = self.linkedin.state.child
        configurations = child.integrations[self.caller.organization, "ONE_CLICK_EXPORT", "RECRUITER"].configurations
        for name, value in changes.items():
            configurations.pop(name, None)
            if value is not None:
                configurations[name] = value

    @property
    def talent(self) -> Talent:
        return self.linkedin.talent

    @property
    def now(self) -> int:
        return self.caller.sandbox.clock.ms()

    def person(self, member: int) -> str:
        return self.linkedin.state.child.persons.urn(member)

    async def read(self, path: str, **parameters: Any) -> Any:
        """The answer's body; ``timeRange_start`` stands for ``timeRange.start``. Asserts that it was answered."""
        status, body = await self.ask(path, **parameters)
        assert status == 200, body
        return body

    async def ask(self, path: str, **parameters: Any) -> tuple[int, Any]:
        query = urlencode({name.replace("_", "."): value for name, value in parameters.items()}, doseq=True)
        answer = await self.caller.send("GET", path, query)
        return answer.status_code, answer.json()

    async def elements(self, path: str, **parameters: Any) -> list[dict[str, Any]]:
        return list((await self.read(path, **parameters))["elements"])
