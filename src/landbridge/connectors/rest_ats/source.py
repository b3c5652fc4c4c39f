"""The source of an ATS that pushes: there is nothing to read, and so nothing to try."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from landbridge.connectors.description import Wiring
from landbridge.errors import MissingError
from landbridge.ports.source import Access, Page, Pass
from landbridge.records import User

NAME = "rest_ats"


class PushedSource:
    """``ports.source.Source`` without a pass: a sweep over it is done as soon as it begins."""

    name = NAME

    @property
    def passes(self) -> Sequence[Pass]:
        return ()

    async def check(self) -> Access:
        return Access()

    async def read_list(self, pass_name: str, cursor: str | None, since: datetime | None) -> Page:  # noqa: ARG002 - the port's
        raise MissingError("an ATS that pushes has no lists")

    async def read_item(self, pass_name: str, key: str) -> Page:  # noqa: ARG002 - the port's
        raise MissingError("an ATS that pushes has no items")

    async def read_users(self, cursor: str | None) -> tuple[Sequence[User], str | None]:  # noqa: ARG002 - the port's
        return (), None

    async def close(self) -> None:
        """Nothing is open."""


def open_source(wiring: Wiring) -> PushedSource:  # noqa: ARG001 - every connector is opened so
    return PushedSource()
