"""Tokens of the JSON API: taken back. They are made on the console's page alone, by somebody who has just proved who
they are: a token that could make others would outlive its own end."""

from __future__ import annotations

from landbridge.store.tokens import revoke_token
from landbridge.web.acts.actor import Actor, NothingThereError


async def revoke(actor: Actor, number: int) -> None:
    """It counts from the next call on, also for the token that asks for its own end."""
    async with actor.transaction() as connection:
        label = await revoke_token(connection, actor.workspace_id, number, actor.now)
        if label is None:
            raise NothingThereError("There is no such token that still works.")
        await actor.note("token.revoked", subject=label, connection=connection)
