"""What a note says: who, when, which way, and the words. The ATS can be told neither author nor time otherwise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from landbridge.records.incoming import InMail, ProspectNote

# For the first and the last line.
ROOM = 600


def read_inmail(body: dict[str, Any]) -> InMail:
    return msgspec.convert(body, InMail)


def read_note(body: dict[str, Any]) -> ProspectNote:
    return msgspec.convert(body, ProspectNote)


def head_of_inmail(mail: InMail, author: str) -> str:
    match mail.outgoing:
        case True:
            who = f"{author} wrote to the candidate"
        case False:
            who = f"the candidate wrote to {author}"
        case None:
            who = f"between {author} and the candidate"
    subject = f"\nSubject: {mail.subject}" if mail.subject else ""
    return f"LinkedIn InMail · {who}{_at(mail.at)}{subject}"


def head_of_note(note: ProspectNote, author: str) -> str:
    edited = note.modified_at if note.modified_at != note.created_at else None
    return f"LinkedIn note · by {author}{_at(note.created_at)}" + (f" · edited{_at(edited)}" if edited else "")


def head_of_export(author: str, at: datetime) -> str:
    return f"LinkedIn export · by {author}{_at(at)}"


def parts_of(text: str, longest: int) -> list[str]:
    """A long text in pieces that each fit into a note."""
    size = longest - ROOM
    return [text[start : start + size] for start in range(0, len(text), size)] or [""]


def whole(head: str, part: str, place: int, count: int, marker: str) -> str:
    of = f" ({place + 1} of {count})" if count > 1 else ""
    return f"{head}{of}\n\n{part}\n\n({marker})"


def _at(instant: datetime | None) -> str:
    return f" · {instant.day} {instant:%B %Y, %H:%M} UTC" if instant else ""
