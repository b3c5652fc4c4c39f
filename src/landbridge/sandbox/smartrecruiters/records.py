"""What people add to candidates and applications: notes, reviews, files and values of custom fields.

A world has none of it to begin with, so a million people cost nothing here.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Message(Struct, kw_only=True, eq=False):
    """One note. ``candidates`` are those its text tags; whom it is shared with decides who may see it."""

    id: str
    author: str
    content: str
    created: int
    candidates: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    hiring_teams: tuple[str, ...] = ()
    everyone: bool = False
    open_note: bool = False


class Messages:
    """Notes by id, in the order of their making."""

    def __init__(self) -> None:
        self._messages: dict[str, Message] = {}
        self._about: dict[str, list[Message]] = {}

    def add(self, message: Message) -> None:
        self._messages[message.id] = message
        for candidate_id in message.candidates:
            self._about.setdefault(candidate_id, []).append(message)

    def get(self, message_id: str) -> Message | None:
        return self._messages.get(message_id)

    def everything(self) -> list[Message]:
        return list(self._messages.values())

    def about(self, candidate_id: str) -> list[Message]:
        return list(self._about.get(candidate_id, ()))

    def delete(self, message: Message) -> None:
        del self._messages[message.id]
        for candidate_id in message.candidates:
            self._about[candidate_id].remove(message)

    def retag(self, gone: str, master: str) -> None:
        """Notes about one person become notes about another: their profiles were merged."""
        for message in self._about.pop(gone, []):
            about = {master if each == gone else each: None for each in message.candidates}
            if master not in message.candidates:
                self._about.setdefault(master, []).append(message)
            message.candidates = tuple(about)
            message.content = message.content.replace(f"#[CANDIDATE:{gone}]", f"#[CANDIDATE:{master}]")

    def forget(self, candidate_id: str) -> None:
        """A person was erased: notes about nobody else go as well."""
        for message in self._about.pop(candidate_id, []):
            message.candidates = tuple(each for each in message.candidates if each != candidate_id)
            if not message.candidates:
                del self._messages[message.id]


class Review(Struct, kw_only=True, eq=False):
    """``reviewer`` is a user's id, ``rating`` a number from 1 to 5."""

    id: str
    candidate_id: str
    job_id: str
    application_id: str
    reviewer: str
    rating: int
    comment: str | None
    created: int
    updated: int


class Attachment(Struct, kw_only=True, eq=False):
    """A file of an application."""

    id: str
    candidate_id: str
    application_id: str
    name: str
    kind: str
    content_type: str
    created: int
    content: bytes


class Records:
    """Reviews and files by their ids, values of custom fields by the id of the candidate or application."""

    def __init__(self) -> None:
        self.reviews: dict[str, Review] = {}
        self.attachments: dict[str, Attachment] = {}
        self.fields: dict[str, dict[str, Any]] = {}
        self.job_notes: dict[str, str] = {}

    def reviews_of(self, application_id: str) -> list[Review]:
        return [each for each in self.reviews.values() if each.application_id == application_id]

    def attachments_of(self, application_id: str) -> list[Attachment]:
        return [each for each in self.attachments.values() if each.application_id == application_id]

    def forget_application(self, application_id: str) -> None:
        self.fields.pop(application_id, None)
        for review in self.reviews_of(application_id):
            del self.reviews[review.id]
        for attachment in self.attachments_of(application_id):
            del self.attachments[attachment.id]
