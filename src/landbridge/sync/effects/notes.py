"""InMails and prospect notes as notes on the candidate: posted once, edits followed, ended ones taken away."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from landbridge.errors import NotPermittedError
from landbridge.ports.ats import NewNote
from landbridge.store.arrivals import Due
from landbridge.store.effects import Effect, note_undone
from landbridge.store.seats import Holder, load_holder
from landbridge.sync.effects import texts
from landbridge.sync.effects.finding import find
from landbridge.sync.effects.working import DeskError, Working, key_of, load, marker_of, once
from landbridge.sync.failpoints import EffectName, pass_by


class Part(Struct, frozen=True):
    """One note to be there."""

    marker: str
    note: NewNote


async def take(working: Working, arrival: Due) -> str | None:
    """Have exactly the wanted notes on the candidate; the candidate's key, None where there is nothing to show.

    Raises DeskError, and what the ATS raises.
    """
    if not _is_wanted(arrival):
        await remove(working, arrival, keep=())
        return None
    holder = await _holder(working, arrival)
    private = bool(arrival.body.get("private"))
    if private and (holder is None or holder.user_key is None):
        raise DeskError("private")
    candidate = await find(working, arrival)
    users = (holder.user_key,) if private and holder is not None and holder.user_key else None
    parts = _parts(working, arrival, candidate, holder, users)
    await remove(working, arrival, keep=[(part.marker, candidate) for part in parts])
    for part in parts:
        await post(working, arrival, part)
    return candidate


def _is_wanted(arrival: Due) -> bool:
    """A note without words says nothing."""
    return arrival.kind != "note" or (arrival.body.get("active", True) and bool(arrival.body.get("text")))


async def _holder(working: Working, arrival: Due) -> Holder | None:
    seat = arrival.body.get("seat")
    if not seat:
        return None
    async with working.database.connection() as connection:
        return await load_holder(connection, working.workspace, seat)


def _parts(
    working: Working, arrival: Due, candidate: str, holder: Holder | None, users: tuple[str, ...] | None
) -> list[Part]:
    author = holder.name if holder else "a recruiter"
    if arrival.kind == "inmail":
        mail = texts.read_inmail(arrival.body)
        head, text = texts.head_of_inmail(mail, author), mail.body
        said = [mail.subject, mail.body]
        about = NewNote(candidate=candidate, text="", users=users, kind="inmail", author=author, at=mail.at,
                        outgoing=mail.outgoing)  # fmt: skip
    else:
        note = texts.read_note(arrival.body)
        head, text = texts.head_of_note(note, author), note.text
        said = [note.text]
        about = NewNote(candidate=candidate, text="", users=users, author=author, at=note.created_at)
    pieces = texts.parts_of(text, working.writing.longest_note)
    # Not of the head: another link of the seat does not make it another note.
    markers = [
        marker_of(working, arrival.kind, arrival.far_id, candidate, str(place), *said) for place in range(len(pieces))
    ]
    return [
        Part(marker, replace(about, text=texts.whole(head, piece, place, len(pieces), marker), words=piece))
        for place, (piece, marker) in enumerate(zip(pieces, markers, strict=True))
    ]


async def post(working: Working, arrival: Due, part: Part) -> None:
    """Have one note there, once."""
    note, marker = part.note, part.marker

    async def look() -> str | None:
        return "" if await _is_there(working, arrival, note.candidate, marker) else None

    async def act(key: str) -> str:
        return await working.writing.post_note(note, key=key)

    async def take_back(far_id: str) -> None:
        # Where repetitions are known by their key, this is the one note and not a second one.
        if not working.writing.is_repeatable:
            await _call_delete(working, far_id, "")

    await once(working, arrival, EffectName.POST, marker, note.candidate, act=act, look=look, take_back=take_back)


async def _is_there(working: Working, arrival: Due, candidate: str, marker: str) -> bool:
    looked = (arrival.choice or {}).get("posted")
    if looked is not None:
        return bool(looked)
    try:
        return await working.writing.has_note(candidate, marker)
    except NotPermittedError:
        # Whether it was posted cannot be found out: a person has to look.
        raise DeskError("outcome_unknown", candidate) from None


async def remove(working: Working, arrival: Due, *, keep: list[tuple[str, str]] | tuple[()]) -> None:
    """Delete what was posted for the arrival and is not wanted any more. Raises DeskError where only a person can."""
    by_hand: Effect | None = None
    for effect in await load(working, arrival):
        if effect.name != EffectName.POST or effect.state == "undone" or (effect.marker, effect.candidate) in keep:
            continue
        if effect.far_id is not None or working.writing.is_repeatable:
            await _delete(working, arrival, effect)
        elif effect.state == "intended" and not await _is_there(working, arrival, effect.candidate, effect.marker):
            await _note_undone(working, arrival, effect)
        else:
            # An answer was lost, and notes can only be deleted by the id that it told.
            by_hand = effect
    if by_hand is not None and not (arrival.choice or {}).get("removed"):
        raise DeskError("remove_by_hand", by_hand.candidate)


async def _delete(working: Working, arrival: Due, effect: Effect) -> None:
    """Deleting is idempotent: the effect itself is the intent, and it stays done until it is undone."""
    await working.check_owner()
    await _call_delete(working, effect.far_id or "", key_of(effect))
    await _note_undone(working, arrival, effect)
    pass_by(f"{EffectName.DELETE}.saved")


async def _call_delete(working: Working, far_id: str, posted_as: str) -> None:
    name = EffectName.DELETE
    pass_by(f"{name}.wanted")
    pass_by(f"{name}.intended")
    await working.writing.delete_note(far_id, posted_as=posted_as)
    pass_by(f"{name}.answered")


async def _note_undone(working: Working, arrival: Due, effect: Effect) -> None:
    async with working.saving() as connection:
        await note_undone(connection, working.workspace, arrival.id, effect, now=working.clock.now())
