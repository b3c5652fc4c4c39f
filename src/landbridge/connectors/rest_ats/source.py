"""The source of an ATS that pushes: there is nothing to read. What can be tried is whether events reach it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from landbridge.connectors.description import Wiring
from landbridge.connectors.rest_ats.endpoint import NAME, Courier
from landbridge.connectors.rest_ats.events import Trial
from landbridge.errors import MissingError
from landbridge.ports.source import Access, Page, Pass
from landbridge.records import User

__all__ = ["NAME", "PushedSource", "open_source"]


class PushedSource:
    """``ports.source.Source`` without a pass: a sweep over it is done as soon as it begins."""

    name = NAME

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    @property
    def passes(self) -> Sequence[Pass]:
        return ()

    async def check(self) -> Access:
        """Send a test event where there is an address for events. Raises as sending does."""
        if self._wiring.settings.get("url"):
            courier = Courier(self._wiring)
            try:
                await courier.send(Trial(), f"LB-test-{int(self._wiring.clock.now().timestamp() * 1000):x}")
            finally:
                await courier.close()
        return Access()

    async def read_list(self, pass_name: str, cursor: str | None, since: datetime | None) -> Page:  # noqa: ARG002 - the port's
        raise MissingError("an ATS that pushes has no lists")

    async def read_item(self, pass_name: str, key: str) -> Page:  # noqa: ARG002 - the port's
        raise MissingError("an ATS that pushes has no items")

    async def read_users(self, cursor: str | None) -> tuple[Sequence[User], str | None]:  # noqa: ARG002 - the port's
        return (), None

    async def close(self) -> None:
        """Nothing is open."""


def open_source(wiring: Wiring) -> PushedSource:
    return PushedSource(wiring)
