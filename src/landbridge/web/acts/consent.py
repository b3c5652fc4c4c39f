"""Agreeing to what is shared, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landbridge.jobs.onboarding import consent
from landbridge.records import Kind
from landbridge.store.consents import Receipt
from landbridge.web.acts.actor import Actor


async def agree(
    actor: Actor,
    choices: Mapping[str, Any],
    *,
    text: str = consent.TEXT,
    further: Mapping[Kind, str] = consent.FURTHER_TEXTS,
) -> Receipt:
    """The dated receipt, with the texts as they were read: they may be translations.

    Raises SettingError where the choices contradict LinkedIn's rules.
    """
    async with actor.works() as works:
        receipt = await consent.agree(
            works,
            actor.workspace_id,
            by=actor.name,
            choices=choices,
            text=text,
            further=further,
        )
    await actor.note("consent.given", subject=f"receipt {receipt.id}", version=receipt.text_version)
    return receipt


async def choose(actor: Actor, choices: Mapping[str, Any]) -> int:
    """Other choices before anybody has agreed to any; how many records are looked at again by it.

    Raises SettingError where somebody has: then ``agree``.
    """
    async with actor.works() as works:
        count = await consent.choose(works, actor.workspace_id, choices)
    if count is None:
        return 0
    await actor.note("choices.changed", **choices)
    return count


async def withdraw(actor: Actor) -> bool:
    """Whether there was anything to take back."""
    done = await consent.withdraw(actor.room.database, actor.workspace_id, by=actor.name, now=actor.now)
    if done:
        await actor.note("consent.withdrawn")
    return done
