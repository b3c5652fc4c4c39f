"""Who may enter the workspace: members, their roles, invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema

from landbridge.store.invitations import LIFE, load_invitations
from landbridge.store.memberships import Role, load_members
from landbridge.store.tokens import Scope
from landbridge.web.acts import people as acts
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.once import ONCE, once
from landbridge.web.api.words import MISSING, REFUSALS, Done, Number, text_of
from landbridge.web.console.working import origin_of

ROUTER = Router(tags=["People"])


class MemberOut(Schema):
    """``runs``: owner of every workspace, because they run the installation."""

    id: int
    username: str
    email: str
    role: str
    runs: bool
    active: bool
    second_factor: bool
    last_login: datetime | None


class PeopleOut(Schema):
    people: list[MemberOut]


class InvitationOut(Schema):
    """``label`` says for whom it is; it proves nothing."""

    id: int
    label: str
    role: str
    invited_by: str
    made_at: datetime
    expires_at: datetime


class InvitationsOut(Schema):
    invitations: list[InvitationOut]


class InvitationIn(Schema):
    label: Annotated[str, text_of(200, 1)]
    role: Role


class InvitationLinkOut(Schema):
    """``link`` is told only now: Landbridge keeps no copy."""

    link: str
    expires_at: datetime


class RoleIn(Schema):
    role: Role


@ROUTER.get("/people", auth=needs(Scope.READ), response={200: PeopleOut, **REFUSALS})
async def people(request: HttpRequest) -> dict[str, Any]:
    """Who may enter this workspace, and in which role."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        return {"people": msgspec.to_builtins(await load_members(connection, caller.workspace_id))}


@ROUTER.put("/people/{number}/role", auth=needs(Scope.PEOPLE), response={200: Done, **MISSING, **REFUSALS})
async def set_role(request: HttpRequest, wish: RoleIn, number: Number) -> dict[str, Any]:
    """Give a member another role. It counts at once; the last owner stays one."""
    await acts.set_role(caller_of(request), number, wish.role)
    return {"done": True}


@ROUTER.delete("/people/{number}", auth=needs(Scope.PEOPLE), response={200: Done, **MISSING, **REFUSALS})
async def remove(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Let a member enter this workspace no more. The account stays; the last owner too."""
    await acts.set_role(caller_of(request), number, None)
    return {"done": True}


@ROUTER.get("/invitations", auth=needs(Scope.PEOPLE), response={200: InvitationsOut, **REFUSALS})
async def invitations(request: HttpRequest) -> dict[str, Any]:
    """Invitations that can still be accepted."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        found = await load_invitations(connection, caller.workspace_id, caller.now)
    return {"invitations": msgspec.to_builtins(found)}


@ROUTER.post(
    "/invitations", auth=needs(Scope.PEOPLE), response={200: InvitationLinkOut, **REFUSALS}, openapi_extra=ONCE
)  # fmt: skip
@once
async def invite(request: HttpRequest, wish: InvitationIn) -> dict[str, Any]:
    """Make a link that lets whoever opens it first in, once, for seven days."""
    caller = caller_of(request)
    token = await acts.invite(caller, label=wish.label, role=wish.role)
    link = origin_of(caller, request) + reverse("join", kwargs={"token": token})
    return {"link": link, "expires_at": (caller.now + LIFE).isoformat()}


@ROUTER.delete("/invitations/{number}", auth=needs(Scope.PEOPLE), response={200: Done, **MISSING, **REFUSALS})
async def withdraw(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Have an invitation work no more."""
    await acts.withdraw_invitation(caller_of(request), number)
    return {"done": True}
