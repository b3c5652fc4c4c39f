"""Who may enter a workspace, and in which role."""

from __future__ import annotations

from landbridge.store import invitations
from landbridge.store.memberships import Role, change_role
from landbridge.web.acts.actor import Actor, NothingThereError


async def invite(actor: Actor, *, label: str, role: Role) -> str:
    """The token of a link that lets whoever opens it first in, once. It is told only now."""
    async with actor.transaction() as connection:
        token = await invitations.make_invitation(
            connection, actor.workspace_id, label=label, role=role, invited_by=actor.name, now=actor.now
        )
        await actor.note("invitation.made", subject=label, connection=connection, role=role.value)
    return token


async def withdraw_invitation(actor: Actor, number: int) -> None:
    async with actor.transaction() as connection:
        label = await invitations.withdraw_invitation(connection, actor.workspace_id, number)
        if label is None:
            raise NothingThereError("There is no such invitation that could still be accepted.")
        await actor.note("invitation.withdrawn", subject=label, connection=connection)


async def set_role(actor: Actor, number: int, role: Role | None) -> None:
    """Another role for a member, or None: no member any more. Raises LastOwnerError."""
    async with actor.transaction() as connection:
        name = await change_role(connection, actor.workspace_id, number, role)
        if name is None:
            raise NothingThereError("Nobody of that number is a member.")
        act, facts = ("role.changed", {"role": role.value}) if role else ("member.removed", {})
        await actor.note(act, subject=name, connection=connection, **facts)
