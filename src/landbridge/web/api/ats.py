"""The connection to the ATS: entered, tried, with what it reaches and what it lacks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema

from landbridge.connectors.rest_ats.source import NAME as PUSHES
from landbridge.jobs.onboarding.ats import load_ats
from landbridge.jobs.wiring import FAR_SIDE
from landbridge.ports.source import Access
from landbridge.store.connections import load_system_states
from landbridge.store.tokens import Scope
from landbridge.web.acts import ats as acts
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.problems import ProblemError
from landbridge.web.api.words import REFUSALS, Done, text_of

ROUTER = Router(tags=["The ATS"])
Way = Literal["api_key", "oauth"]


class AtsOut(Schema):
    """``system`` null: none is connected. Secrets are never told; ``way`` is null for an ATS that pushes."""

    system: str | None
    way: Way | None
    client_id: str
    base_url: str
    state: str
    problem_code: str
    problem_hint: str
    checked_at: datetime | None


class AtsIn(Schema):
    """SmartRecruiters, by API key or OAuth client. What is left out stays as it was; the other way is taken away."""

    way: Way
    api_key: Annotated[str, text_of(500)] = ""
    client_id: Annotated[str, text_of(500)] = ""
    client_secret: Annotated[str, text_of(500)] = ""
    base_url: Annotated[str, text_of(500)] = ""


class AccessOut(Schema):
    """What the credential reaches: counts where the ATS tells them, and permissions it lacks, by their labels."""

    company: str | None
    counts: dict[str, int]
    missing: list[str]


@ROUTER.get("/ats", auth=needs(Scope.READ), response={200: AtsOut, **REFUSALS})
async def show(request: HttpRequest) -> dict[str, Any]:
    """Which ATS this workspace has, how Landbridge signs in to it, and whether that works."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        states = await load_system_states(connection, caller.workspace_id)
    async with caller.works() as works:
        stored = await load_ats(works, caller.workspace_id)
    state = next((one for one in states if one.system != FAR_SIDE), None)
    settings = stored.settings if stored else {}
    way = None if state is None or state.system == PUSHES else "oauth" if "client_id" in settings else "api_key"
    return {
        "system": state.system if state else None,
        "way": way,
        "client_id": settings.get("client_id", ""),
        "base_url": settings.get("base_url", ""),
        "state": state.state if state else "unchecked",
        "problem_code": state.problem_code if state else "",
        "problem_hint": state.problem_hint if state else "",
        "checked_at": state.checked_at if state else None,
    }


@ROUTER.put("/ats", auth=needs(Scope.ATS), response={200: AccessOut, **REFUSALS})
async def connect(request: HttpRequest, wish: AtsIn) -> dict[str, Any]:
    """Try a credential, and keep it where it works; the first one begins the historical sync."""
    told = {name: getattr(wish, name) for name in acts.FIELDS}
    if not any(told.values()):
        hint = "Give api_key, or client_id and client_secret."
        raise ProblemError(422, "There is no credential in the request.", code="request_wrong", hint=hint)
    return _told(await acts.connect(caller_of(request), wish.way, acts.given(wish.way, told, wish.base_url)))


@ROUTER.post("/ats/check", auth=needs(Scope.ATS), response={200: AccessOut, **REFUSALS})
async def check(request: HttpRequest) -> dict[str, Any]:
    """Try the credential that is kept, and count what it reaches."""
    return _told(await acts.check(caller_of(request)))


@ROUTER.post("/ats/take-pushes", auth=needs(Scope.ATS), response={200: Done, **REFUSALS})
async def take_pushes(request: HttpRequest) -> dict[str, Any]:
    """Let an ATS of your own push into this workspace, where it has no other."""
    await acts.take_pushes(caller_of(request))
    return {"done": True}


def _told(access: Access) -> dict[str, Any]:
    return {"company": access.company, "counts": access.counts, "missing": list(access.missing)}
