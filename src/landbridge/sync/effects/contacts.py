"""Contact details that members have shared, added to the candidate where they say something new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landbridge.errors import ExistsError
from landbridge.store.arrivals import Due
from landbridge.store.effects import note_undone
from landbridge.sync.effects.finding import find
from landbridge.sync.effects.working import DeskError, Working, load, marker_of, once
from landbridge.sync.failpoints import EffectName


async def take(working: Working, arrival: Due) -> str | None:
    """Fill in what the candidate lacks; the candidate's key. What differs is for a person to decide (DeskError)."""
    candidate = await find(working, arrival)
    if (arrival.choice or {}).get("keep"):
        return candidate
    known = await working.writing.read_candidate(candidate)
    if known is None:
        raise DeskError("candidate_gone", candidate)
    ours = {"ours": {"email": known.email, "phone": known.phone}}
    emails = [str(email) for email in arrival.body.get("emails", ())]
    phone = arrival.body.get("phone")
    replace = bool((arrival.choice or {}).get("replace"))
    made_up = bool(working.address) and known.email is not None and _is_made_up(working.address, known.email)
    email = emails[0] if emails and known.email not in emails and (replace or made_up or not known.email) else None
    number = phone if phone and _digits(phone) != _digits(known.phone) and (replace or not known.phone) else None
    if email or number:
        await add(working, arrival, candidate, email, number, ours)
    differs = (emails and known.email and known.email not in emails and not email) or (
        phone and known.phone and _digits(phone) != _digits(known.phone) and not number
    )
    if differs:
        raise DeskError("differs", candidate, facts=ours)
    return candidate


async def restore(working: Working, arrival: Due, before: Mapping[str, str | None]) -> None:
    """Write the ATS's own details back over LinkedIn's. What was empty cannot be emptied again there."""
    made = [one for one in await load(working, arrival) if one.name == EffectName.CONTACT and one.state == "done"]
    if not made:
        return
    candidate, email, phone = made[-1].candidate, before.get("email"), before.get("phone")
    if email or phone:
        await add(working, arrival, candidate, email, phone, {"ours": dict(before)})
    async with working.saving() as connection:
        for effect in await load(working, arrival):
            if effect.name == EffectName.CONTACT:
                await note_undone(connection, working.workspace, arrival.id, effect, now=working.clock.now())


async def add(
    working: Working,
    arrival: Due,
    candidate: str,
    email: str | None,
    phone: str | None,
    ours: Mapping[str, Any] | None = None,
) -> None:
    """Set what is given. Raises DeskError where the address is another candidate's."""

    async def act(key: str) -> None:
        await working.writing.add_contact(candidate, email=email, phone=phone, key=key)

    async def look() -> None:
        """Setting the same again changes nothing, so nobody has to look."""

    marker = marker_of(working, arrival.far_id, candidate, email or "", phone or "")
    try:
        await once(working, arrival, EffectName.CONTACT, marker, candidate, act=act, look=look)
    except ExistsError:
        raise DeskError("conflict", candidate, facts=ours) from None


def _digits(phone: str | None) -> str:
    return "".join(sign for sign in phone or "" if sign.isdigit())


def _is_made_up(policy: str, email: str) -> bool:
    """Whether an address is one that the workspace's policy has put in for want of a real one."""
    before, _, after = policy.partition("{id}")
    return email.startswith(before) and email.endswith(after)
