"""Letting somebody with an invitation in, whichever way they prove who they are."""

from __future__ import annotations

from datetime import datetime

from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from landbridge.store.audit import note_act
from landbridge.store.database import Connection
from landbridge.store.invitations import accept_invitation, find_invitation
from landbridge.web.rooms import room_of


async def accept(connection: Connection, token: str, user: int, username: str, now: datetime) -> bool:
    """Make them a member and note it; False where the link works no more. Inside a transaction."""
    found = await find_invitation(connection, token, now)
    if found is None or not await accept_invitation(connection, token, user, now):
        return False
    await note_act(
        connection,
        at=now,
        act="invitation.accepted",
        who=username,
        user=user,
        workspace=found.workspace_id,
        subject=found.label,
        facts={"role": found.role, "invited_by": found.invited_by},
    )
    return True


def accept_by_sso(request: HttpRequest, user: User, token: str) -> None:
    """The same from inside allauth. Raises PermissionDenied, and the account is gone again, where the link is void."""
    if not async_to_sync(_accept_alone)(request, user, token):
        user.delete()
        raise PermissionDenied


async def _accept_alone(request: HttpRequest, user: User, token: str) -> bool:
    room = room_of(request)
    async with room.database.transaction() as connection:
        return await accept(connection, token, user.pk, user.get_username(), room.clock())
