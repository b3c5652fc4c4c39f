"""Notes on applications. Administrators alone may list them, and a row has no id: where and when it was made is one.

Source: the messages API. It does not say whom a note was shared with, nor what its two visibilities mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

from msgspec import Raw

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.access import TRUSTED_FOR, Permission, Permissions
from landbridge.connectors.smartrecruiters.client import SmartRecruiters
from landbridge.connectors.smartrecruiters.identifier import split_key
from landbridge.connectors.smartrecruiters.moment import read_moment
from landbridge.connectors.smartrecruiters.settings import Settings
from landbridge.connectors.smartrecruiters.users import Colleagues
from landbridge.errors import (
    LandbridgeError,
    MissingError,
    NeedsPersonError,
    NotPermittedError,
    RejectedError,
    SignInRejectedError,
    SurpriseError,
)
from landbridge.http import Clock, CursorTrail
from landbridge.http.decoding import decode_json
from landbridge.http.evidence import shape_of
from landbridge.ports.marks import is_ours
from landbridge.ports.source import Page, Refused
from landbridge.records import Kind, Note, User

MOST_PAGES = 50
PUBLIC = "PUBLIC"
# This API says so with 400, where others say 404.
ABSENT = {"APPLICATION_NOT_FOUND", "CANDIDATE_NOT_FOUND", "JOB_NOT_FOUND"}
_CANDIDATE = re.compile(r"#\[CANDIDATE:([^\]]*)\]")
_USER = re.compile(r"@\[USER:([^\]]*)\]")


class Notes:
    """The notes of applications, each application read alone."""

    def __init__(
        self, account: SmartRecruiters, authors: Colleagues, permissions: Permissions, settings: Settings, clock: Clock
    ) -> None:
        self._account = account
        self._authors = authors
        self._permissions = permissions
        self._all = settings.notes_shown == "all"
        self._clock = clock
        self._refused_at: datetime | None = None

    async def read(self, key: str) -> Page:
        """All notes of one application that may be shared.

        Raises RejectedError where only the notes are closed to the credential: all else is still worth reading.
        """
        candidate_id, job_id, application_id = split_key(key, 3)
        if self._refused_at is not None and self._clock.now() - self._refused_at < TRUSTED_FOR:
            raise _not_permitted()
        try:
            rows, calls = await self._rows(candidate_id, job_id)
        except MissingError:
            # That an application is gone is for the application's own read to tell.
            return Page(complete_notes=(application_id,))
        except (NotPermittedError, SignInRejectedError) as refused:
            raise await self._explained(refused) from refused
        noted, refused_rows = _decoded(rows)
        wanted = [row for row in noted if _is_about(row, candidate_id, job_id, application_id) and self._is_shown(row)]
        notes = [await self._translated(application_id, candidate_id, own_id, row) for own_id, row in named(wanted)]
        # With a row that could not be read, which one has gone cannot be told.
        whole = () if refused_rows else (application_id,)
        return Page(records=tuple(notes), refused=refused_rows, complete_notes=whole, calls=calls)

    async def _rows(self, candidate_id: str, job_id: str) -> tuple[list[Raw], int]:
        trail, page_id = CursorTrail(), None
        found: list[Raw] = []
        for calls in range(1, MOST_PAGES + 1):
            try:
                rows, following = await self._account.messages(candidate_id, job_id, page_id=page_id)
            except RejectedError as error:
                if error.facts.get("vendor_code") in ABSENT:
                    raise MissingError("what the notes are about is not there") from error
                raise
            found += rows
            page_id = trail.follow(page_id, following)
            if page_id is None:
                return found, calls
        raise SurpriseError("the list of an application's notes does not end", code="paging_loop")

    async def _explained(self, refused: NeedsPersonError) -> LandbridgeError:
        explained = await self._permissions.explain(refused, Permission.NOTES)
        if not isinstance(explained, NeedsPersonError):
            return explained
        if await self._permissions.denied(Permission.CANDIDATES) is not None:
            return explained  # the credential as a whole
        self._refused_at = self._clock.now()
        return _not_permitted()

    def _is_shown(self, row: wire.Noted) -> bool:
        """What Landbridge wrote itself never goes back to where it came from."""
        return not is_ours(row.content or "") and (self._all or row.visibility == PUBLIC)

    async def _translated(self, application_id: str, candidate_id: str, own_id: str, row: wire.Noted) -> Note:
        text = row.content or ""
        named_users = {user: await self._authors.find(user) for user in _USER.findall(text)}
        return translate_note(
            f"{application_id}.{own_id}",
            row,
            text=readable(text, candidate_id, named_users),
            author=await self._authors.find(row.author_id),
        )


def translate_note(key: str, row: wire.Noted, *, text: str, author: User | None) -> Note:
    """Pure. ``author`` None: not known, or not to be seen by the credential."""
    return Note(
        id=key,
        application_id=key.rpartition(".")[0],
        text=text,
        author_first_name=author.first_name if author else "",
        author_last_name=author.last_name if author else "",
        created_at=read_moment(row.created_on),
    )


def named(rows: Sequence[wire.Noted]) -> list[tuple[str, wire.Noted]]:
    """Each note with an id of our own: of author and time, so that an edit keeps it; a number where both are alike."""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for row in sorted(rows, key=lambda row: (row.created_on or "", row.author_id or "", row.content or "")):
        made = (row.author_id or "", row.created_on or "")
        place = seen[made] = seen.get(made, -1) + 1
        digest = blake2b("\0".join((*made, str(place))).encode("utf-8", "replace"), digest_size=12)
        found.append((digest.hexdigest(), row))
    return found


def readable(text: str, candidate_id: str, users: dict[str, User | None]) -> str:
    """The text with names in place of the tokens that stand for people. Whoever is not known stays unnamed."""

    def user(found: re.Match[str]) -> str:
        known = users.get(found[1])
        name = f"{known.first_name} {known.last_name}".strip() if known else ""
        return f"@{name or 'colleague'}"

    def candidate(found: re.Match[str]) -> str:
        return "the candidate" if found[1] == candidate_id else "another candidate"

    # Most notes begin with the tag that puts them on the profile: it says nothing there.
    text = re.sub(r"\A\s*(?:#\[CANDIDATE:[^\]]*\][\s:,]*)+", "", text)
    return _CANDIDATE.sub(candidate, _USER.sub(user, text)).strip()


def _is_about(row: wire.Noted, candidate_id: str, job_id: str, application_id: str) -> bool:
    """Whether the row names this application. One that names none belongs to the person, not to an application."""
    told = row.context.applications if row.context else []
    return any(
        one.application_id == application_id
        if one.application_id
        else (one.candidate_id, one.job_id) == (candidate_id, job_id)
        for one in told
    )


def _decoded(rows: Sequence[Raw]) -> tuple[list[wire.Noted], tuple[Refused, ...]]:
    noted: list[wire.Noted] = []
    refused: list[Refused] = []
    for raw in rows:
        try:
            noted.append(decode_json(raw, wire.Noted))
        except SurpriseError:
            refused.append(Refused(kind=Kind.NOTE, key="", reason="unreadable", detail=shape_of(bytes(raw))))
    return noted, tuple(refused)


def _not_permitted() -> RejectedError:
    return RejectedError("the credential may not list notes", code="notes_not_permitted")
