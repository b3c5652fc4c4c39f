"""Moving from Cross-System Awareness."""

from __future__ import annotations

from landbridge.jobs.onboarding.migration import Older, Proof
from landbridge.jobs.onboarding.migration import take_over as take_over_older
from landbridge.web.acts.actor import Actor


async def take_over(actor: Actor, older: Older, *, console: str) -> list[Proof]:
    """Try keys and contracts, then keep them. Raises SettingError with the reason, TryLaterError."""
    async with actor.works() as works:
        proofs = await take_over_older(works, actor.workspace_id, older, by=actor.name, console=console)
    await actor.note("contracts.taken_over", subject=", ".join(one.number for one in proofs))
    return proofs
