"""What people have said on the desk, heeded before an arrival goes its way: nothing is to be done, or it comes off."""

from __future__ import annotations

from msgspec import structs

from landbridge.store.arrivals import Due
from landbridge.sync.effects import contacts, exports, notes
from landbridge.sync.effects.working import DeskError, Working


async def heed(working: Working, arrival: Due) -> Due:
    """The arrival as its taker is to see it. Raises DeskError where it goes no further."""
    said = arrival.choice or {}
    if said.get("undo"):
        await notes.remove(working, arrival, keep=())
        if "restore" in said:
            await contacts.restore(working, arrival, said["restore"])
        raise DeskError(str(said["undo"]))
    if said.get("dismissed"):
        await notes.remove(working, arrival, keep=())
        raise DeskError("dismissed")
    if "create" in said and arrival.kind in {"inmail", "note", "contact"}:
        candidate = await exports.create(working, arrival)
        return structs.replace(arrival, choice={**said, "candidate": candidate})
    return arrival
