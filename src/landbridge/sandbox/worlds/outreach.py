"""What recruiters had written to members, and about them, before the sandbox was started: a bounded history."""

from __future__ import annotations

from itertools import cycle

from msgspec import structs

from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.moment import DAY, HOUR, MINUTE
from landbridge.sandbox.worlds.network import Member, Network, PastConversation, PastMessage, PastNote, Seat

# However large the world: what matters is that there is some, for every seat.
CONVERSATIONS_PER_SEAT = 4
NOTES_PER_SEAT = 3
MEMBERS_WRITTEN_TO = 400
DAYS_BACK = 90

SUBJECTS = (
    "A role on our tide team", "Would Porto tempt you?", "Your work on sensors", "Leading our field crews",
    "A quiet question about your next step", "Forecasting at Harbourline",
)  # fmt: skip
OPENINGS = (
    "I read about your last project and think our team would enjoy working with you. May I tell you more?",
    "We are looking for somebody who likes the sea and clean data alike. Is this a good moment to talk?",
    "A colleague mentioned your name, and your profile fits a role we open next month. Shall we talk?",
)
YES = (
    "Thank you, that sounds interesting. Thursday afternoon suits me.",
    "Happy to hear more. Could you send me the description?",
    "Good timing. Call me whenever you like.",
)
NO = ("Thank you, but I have just started somewhere else.", "Kind of you to ask; I am not looking at present.")
AGREED = ("Wonderful, I will send an invitation.", "The description is on its way.")
REMARKS = (
    "Prefers to start in May.", "Speaks Dutch and Polish.", "Wants four days a week.", "Knows our forecasting tools.",
    "Ask again after the summer.", "Would move for the right team.",
)  # fmt: skip

ODD_TEXTS = (
    "<b>Bold</b> words, an <a href='https://example.org'>address</a> & an unclosed <p",
    "\u202eThis sentence runs the other way\u202c, and this one does not.",
    "Waves \U0001f30a\U0001f30a, a family \U0001f468\u200d\U0001f469\u200d\U0001f467 and an e\u0301 of two parts.",
    "A line\nanother\r\nand one with a tab\there.",
    "It stops\x00here and goes on.",
    "Long. " * 300,
    "Ünïcödé, 漢字, العربية, हिन्दी.",
)


def write_to_members(
    draw: Draw, seats: tuple[Seat, ...], members: list[Member], anchor: int
) -> tuple[tuple[PastConversation, ...], tuple[PastNote, ...]]:
    """Conversations and notes of every active seat, in the last days before ``anchor`` (epoch ms)."""
    reachable = members[:MEMBERS_WRITTEN_TO]
    conversations: list[PastConversation] = []
    notes: list[PastNote] = []
    for seat in seats:
        if seat.state != "ACTIVE" or seat.lite or not reachable:
            continue
        conversations += (
            _conversation(draw, seat, member, anchor) for member in draw.sample(reachable, CONVERSATIONS_PER_SEAT)
        )
        notes += (_note(draw, seat, member, anchor) for member in draw.sample(reachable, NOTES_PER_SEAT))
    return tuple(conversations), tuple(notes)


def _conversation(draw: Draw, seat: Seat, member: Member, anchor: int) -> PastConversation:
    at = anchor - draw.between(5, DAYS_BACK) * DAY + draw.between(0, 600) * MINUTE
    messages = [PastMessage(at, False, draw.pick(OPENINGS))]
    chance, shares = draw.share(), draw.chance(0.6)
    answered_at = at + draw.between(1, 40) * HOUR
    accepted = None if chance < 0.4 else chance < 0.8
    if accepted is not None:
        messages.append(PastMessage(answered_at, True, draw.pick(YES if accepted else NO)))
    if accepted:
        messages.append(PastMessage(answered_at + draw.between(5, 300) * MINUTE, False, draw.pick(AGREED)))
    return PastConversation(
        seat=seat.urn,
        member=member.number,
        subject=draw.pick(SUBJECTS),
        private=draw.chance(0.2),
        messages=tuple(messages),
        accepted=accepted,
        shared_at=answered_at + MINUTE if accepted and shares else None,
    )


def _note(draw: Draw, seat: Seat, member: Member, anchor: int) -> PastNote:
    created = anchor - draw.between(5, DAYS_BACK) * DAY + draw.between(0, 600) * MINUTE
    edited = draw.chance(0.2)
    return PastNote(
        seat=seat.urn,
        member=member.number,
        text=draw.pick(REMARKS),
        private=draw.chance(0.25),
        created=created,
        modified=created + draw.between(1, 48) * HOUR if edited else created,
        active=not draw.chance(0.1),
    )


def spoil_outreach(network: Network) -> Network:
    """The same conversations and notes with texts real systems have shown, one after the other."""
    odd = cycle(ODD_TEXTS)
    conversations = tuple(
        structs.replace(one, messages=tuple(structs.replace(message, body=next(odd)) for message in one.messages))
        for one in network.conversations
    )
    notes = tuple(structs.replace(note, text=next(odd)) for note in network.notes)
    return structs.replace(network, conversations=conversations, notes=notes)
