"""Somebody who works in SmartRecruiters, on the sandbox's own pages: signs in, edits, deletes, reads notes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html import unescape
from typing import TYPE_CHECKING, Any

from landbridge.errors import UnavailableError

if TYPE_CHECKING:
    import httpx2

    from landbridge.cli.demo.control import FarSide

PEOPLE = "/app/people/candidates"
# Who may take things away for good.
MAY_DELETE = "ADMINISTRATOR"


class Colleague:
    """``name`` is the user's own."""

    def __init__(self, http: httpx2.AsyncClient, name: str) -> None:
        self._http = http
        self.name = name

    async def rename(self, candidate: Mapping[str, Any], last_name: str) -> None:
        wanted = {"first": candidate["firstName"], "last": last_name, "email": candidate["email"]}
        phone = candidate.get("phoneNumber")
        await self._send(f"{PEOPLE}/{candidate['id']}/edit", {**wanted, "phone": phone or ""})

    async def delete(self, candidate: str) -> None:
        await self._send(f"{PEOPLE}/{candidate}/delete", {})

    async def reads(self, candidate: str, text: str) -> bool:
        """Whether the page of a candidate shows this text."""
        answer = await self._http.get(f"{PEOPLE}/{candidate}")
        return answer.status_code == 200 and text in unescape(answer.text)

    async def enter(self, user: str) -> None:
        await self._send("/app/sign-in", {"user": user})

    async def _send(self, path: str, form: Mapping[str, str]) -> None:
        answer = await self._http.post(path, data=dict(form))
        if answer.status_code >= 400:
            raise UnavailableError(f"The page {path} answers {answer.status_code}.", code="sandbox")


@asynccontextmanager
async def signed_in(ats: FarSide) -> AsyncIterator[Colleague]:
    """An administrator of the company."""
    import httpx2

    users = await ats.dump("users")
    user = next(one for one in users if one["active"] and one["systemRole"]["id"] == MAY_DELETE)
    async with httpx2.AsyncClient(base_url=ats.url, timeout=60, trust_env=False, follow_redirects=False) as http:
        colleague = Colleague(http, f"{user['firstName']} {user['lastName']}")
        await colleague.enter(user["id"])
        yield colleague
