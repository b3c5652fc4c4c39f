"""Who exported somebody: told along with the export, or by a note on the candidate where the ATS has no place for it.

LinkedIn documents no name for the exporter, so there may be nobody to name; nothing is said then.
"""

from __future__ import annotations

from contextlib import suppress

from landbridge.errors import NotPermittedError, RecordError
from landbridge.ports.ats import Exporter, NewNote
from landbridge.store.arrivals import Due
from landbridge.store.lookup import load_job_title
from landbridge.store.seats import load_holder
from landbridge.sync.effects import notes, texts
from landbridge.sync.effects.working import DeskError, Working, load, marker_of
from landbridge.sync.failpoints import EffectName

PLACING = frozenset({EffectName.CREATE, EffectName.ATTACH})


async def exporter_of(working: Working, arrival: Due) -> Exporter | None:
    """The seat's holder, under the name of the user who is connected with it."""
    seat = arrival.body.get("exporter")
    if not seat:
        return None
    async with working.database.connection() as connection:
        holder = await load_holder(connection, working.workspace, seat)
    return Exporter(name=holder.name, user=holder.user_key) if holder else None


async def credit(working: Working, arrival: Due, candidate: str, job: str, by: Exporter | None) -> None:
    """Say on the candidate, once, who put it on the job. Nobody is credited with what was there before.

    The export is done by then: an ATS that takes no note costs the credit only.
    """
    placed = any(one.name in PLACING for one in await load(working, arrival))
    if by is None or not placed or working.writing.is_exporter_taken:
        return
    async with working.database.connection() as connection:
        title = await load_job_title(connection, working.workspace, job)
    at, words = arrival.received_at, f"Exported in LinkedIn Recruiter to the job {title or job}."
    marker = marker_of(working, "exported", arrival.far_id, candidate, job)
    text = texts.whole(texts.head_of_export(by.name, at), words, 0, 1, marker)
    note = NewNote(candidate=candidate, text=text, words=words, author=by.name, at=at)
    with suppress(RecordError, NotPermittedError, DeskError):
        await notes.post(working, arrival, notes.Part(marker, note))
