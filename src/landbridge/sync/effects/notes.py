"""InMails and prospect notes as notes on the candidate: posted once, edits followed, ended ones taken away."""

from __future__ import annotations

from msgspec import Struct

from landbridge.errors import NotPermittedError
from landbridge.ports.ats import NewNote
from landbridge.store.arrivals import Due
from landbridge.store.effects import Effect, note_undone
from landbridge.store.seats import Holder, load_holder
from landbridge.sync.effects import texts
from landbridge.sync.effects.finding import find
from landbridge.sync.effects.working import DeskError, Working, load, marker_of, once
from landbridge.sync.failpoints import EffectName, pass_by


class Part(Struct, frozen=True):
    """One note to be there."""

    marker: str
    text: str


async def take(working: Working, arrival: Due) -> str | None:
    """Have exactly the wanted notes on the candidate; the candidate's key, None where there is nothing to show.

    Raises DeskError, and what the ATS raises.
    """
    if not _is_wanted(arrival):
        await _remove(working, arrival, keep=())
        return None
    holder = await _holder(working, arrival)
    private = bool(arrival.body.get("private"))
    if private and (holder is None or holder.user_key is None):
        raise DeskError("private")
    candidate = await find(working, arrival)
    parts = _parts(working, arrival, candidate, holder)
    await _remove(working, arrival, keep=[(part.marker, candidate) for part in parts])
    users = (holder.user_key,) if private and holder is not None and holder.user_key else None
    for part in parts:
        await _post(working, arrival, NewNote(candidate=candidate, text=part.text, users=users), part.marker)
    return candidate


def _is_wanted(arrival: Due) -> bool:
    """A note without words says nothing; what was taken back on the desk has to go."""
    if (arrival.choice or {}).get("withdrawn"):
        return False
    return arrival.kind != "note" or (arrival.body.get("active", True) and bool(arrival.body.get("text")))


async def _holder(working: Working, arrival: Due) -> Holder | None:
    seat = arrival.body.get("seat")
    if not seat:
        return None
    async with working.database.connection() as connection:
        return await load_holder(connection, working.workspace, seat)


def _parts(working: Working, arrival: Due, candidate: str, holder: Holder | None) -> list[Part]:
    author = holder.name if holder else "a recruiter"
    if arrival.kind == "inmail":
        mail = texts.read_inmail(arrival.body)
        head, text = texts.head_of_inmail(mail, author), mail.body
        said = [mail.subject, mail.body]
    else:
        note = texts.read_note(arrival.body)
        head, text = texts.head_of_note(note, author), note.text
        said = [note.text]
    pieces = texts.parts_of(text, working.writing.longest_note)
    # Not of the head: another link of the seat does not make it another note.
    markers = [
        marker_of(working, arrival.kind, arrival.far_id, candidate, str(place), *said) for place in range(len(pieces))
    ]
    return [
        Part(marker, texts.whole(head, piece, place, len(pieces), marker))
        for place, (piece, marker) in enumerate(zip(pieces, markers, strict=True))
    ]


async def _post(working: Working, arrival: Due, note: NewNote, marker: str) -> None:
    async def look() -> str | None:
        return "" if await _is_there(working, arrival, note.candidate, marker) else None

    async def act() -> str:
        return await working.writing.post_note(note)

    await once(working, arrival, EffectName.POST, marker, note.candidate, act=act, look=look)


async def _is_there(working: Working, arrival: Due, candidate: str, marker: str) -> bool:
    looked = (arrival.choice or {}).get("posted")
    if looked is not None:
        return bool(looked)
    try:
        return await working.writing.has_note(candidate, marker)
    except NotPermittedError:
        # Whether it was posted cannot be found out: a person has to look.
        raise DeskError("outcome_unknown", candidate) from None


async def _remove(working: Working, arrival: Due, *, keep: list[tuple[str, str]] | tuple[()]) -> None:
    """Delete what was posted for the arrival and is not wanted any more. Raises DeskError where only a person can."""
    by_hand: Effect | None = None
    for effect in await load(working, arrival):
        if effect.name != EffectName.POST or effect.state == "undone" or (effect.marker, effect.candidate) in keep:
            continue
        if effect.state == "intended" and not await _is_there(working, arrival, effect.candidate, effect.marker):
            await _note_undone(working, arrival, effect)
        elif effect.far_id is None:
            # An answer was lost, and notes can only be deleted by the id that it told.
            by_hand = effect
        else:
            await _delete(working, arrival, effect, effect.far_id)
    if by_hand is not None and not (arrival.choice or {}).get("removed"):
        raise DeskError("remove_by_hand", by_hand.candidate)


async def _delete(working: Working, arrival: Due, effect: Effect, far_id: str) -> None:
    """Deleting is idempotent: the effect itself is the intent, and it stays done until it is undone."""
    name = EffectName.DELETE
    pass_by(f"{name}.wanted")
    pass_by(f"{name}.intended")
    await working.writing.delete_note(far_id)
    pass_by(f"{name}.answered")
    await _note_undone(working, arrival, effect)
    pass_by(f"{name}.saved")


async def _note_undone(working: Working, arrival: Due, effect: Effect) -> None:
    async with working.database.connection() as connection:
        await note_undone(connection, working.workspace, arrival.id, effect, now=working.clock.now())
