"""Accounts closed on LinkedIn: an admin is told what of the person is here, and can have it deleted.

Nothing is deleted unasked: the company decides whether it has a reason to keep the data (LinkedIn's help page on closed
accounts). What stays in the ATS because it cannot be taken out from here is named in the receipt.
"""

from __future__ import annotations

from contextlib import suppress

from landbridge.store import imported
from landbridge.store.arrivals import Due
from landbridge.store.imported import Imported
from landbridge.sync.effects import notes
from landbridge.sync.effects.working import DeskError, Working
from landbridge.sync.failpoints import FORGOTTEN, pass_by


async def take(working: Working, arrival: Due) -> str | None:
    """The candidate's key once everything is deleted. Raises DeskError while somebody has to say."""
    async with working.database.connection() as connection:
        found = await imported.load_imported(connection, working.workspace, arrival)
    if not (arrival.choice or {}).get("clear"):
        if not found.anything:
            raise DeskError("nobody_here")
        raise DeskError("closed", found.candidate, facts={"kinds": found.kinds, "candidates": found.candidates})
    await _clear(working, arrival, found)
    return found.candidate


async def _clear(working: Working, arrival: Due, found: Imported) -> None:
    """One element after another, each forgotten when its notes are gone: a crash costs nothing that was done."""
    for element in found.elements:
        with suppress(DeskError):
            # What only a person can delete stands in the receipt.
            await notes.remove(working, element, keep=())
        async with working.saving() as connection:
            await imported.forget(connection, working.workspace, element, arrival, now=working.clock.now())
        pass_by(FORGOTTEN)
    async with working.saving() as connection:
        await imported.close_receipt(connection, working.workspace, arrival, found, now=working.clock.now())
