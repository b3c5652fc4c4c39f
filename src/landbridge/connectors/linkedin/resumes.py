"""Resumes of applications: the file goes from the ATS to LinkedIn through this process, and is kept nowhere.

Source: LinkedIn's release notes of 202510. At most 10 MB; PDF, DOC, DOCX or TXT.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath

import msgspec
from msgspec import Struct, structs

from landbridge.connectors.linkedin import rules
from landbridge.connectors.linkedin.children import application_of
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.linkedin.media import Media
from landbridge.connectors.linkedin.upsert import ENCODER, UpsertWriter
from landbridge.connectors.linkedin.wire import AttachmentWire, respelled
from landbridge.errors import (
    CannotTranslateError,
    NeedsPersonError,
    RecordError,
    SurpriseError,
    TryLaterError,
    UnavailableError,
)
from landbridge.ports.destination import Entity, Held, Outcome, Outgoing
from landbridge.ports.files import Files
from landbridge.records import Kind, Resume

DECODER = msgspec.json.Decoder(Resume)
MOST_BYTES = 10 * 1024 * 1024
FETCH_SECONDS = 120.0
CONTENT_TYPES = {
    "PDF": "application/pdf",
    "DOC": "application/msword",
    "DOCX": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "TXT": "text/plain",
}
_TYPE_OF = {content_type: name for name, content_type in CONTENT_TYPES.items()}
# What servers say of files they know nothing about.
SAYS_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream"})
TOO_LARGE, EMPTY = "resume_too_large", "resume_empty"


class _Parent(Struct):
    created_at: datetime | None = None


_parent = msgspec.json.Decoder(_Parent).decode


def applied_at(parent: str | bytes | None) -> datetime | None:
    """When the application was made, from its mirrored body."""
    return _parent(parent).created_at if parent else None


def translate_resume(
    resume: Resume,
    contract: str,
    now: datetime,
    *,
    applied: datetime | None = None,
    form: type[AttachmentWire] = AttachmentWire,
) -> AttachmentWire:
    """The resume as LinkedIn takes it, or CannotTranslateError with a code of ``reasons``.

    ``applied`` stands in where the ATS does not say when the file came: it came with the application.
    """
    name = rules.text_of(resume.file_name, "file_name", "resume_unnamed")
    file_type = type_of(resume)
    if resume.size is not None and resume.size > MOST_BYTES:
        raise CannotTranslateError(f"{resume.size} bytes", code=TOO_LARGE)
    created = rules.created_millis(resume.created_at or applied, "created_at", now)
    return form(
        external_file_name=name,
        file_type=file_type,
        external_created_at=created,
        external_last_modified_at=rules.modified_millis(resume.updated_at, "updated_at", created, now),
        contract=contract,
    )


def type_of(resume: Resume) -> str:
    """LinkedIn's name of the file's form: by what the ATS says of it, else by how the name ends."""
    ending = PurePosixPath(resume.file_name.strip()).suffix[1:].upper()
    if resume.content_type in SAYS_NOTHING and ending in CONTENT_TYPES:
        return ending
    if resume.content_type not in _TYPE_OF:
        raise CannotTranslateError("content_type is another", code="resume_type")
    return _TYPE_OF[resume.content_type]


class ResumeWriter(UpsertWriter):
    """``contract`` "": none is known. ``versioned``: whether the connection lets the versioned API be used here."""

    kind = Kind.RESUME
    resource = "resumes"

    def __init__(
        self,
        client: LinkedInClient,
        dialect: Resource,
        organization: str,
        media: Media,
        files: Files | None,
        *,
        contract: str,
        versioned: bool,
    ) -> None:
        super().__init__(client, dialect, organization)
        self._media = media
        self._files = files
        self._contract = contract
        self._versioned = versioned
        self._form = respelled(AttachmentWire, dialect.renames)
        self._decode = msgspec.json.Decoder(self._form).decode

    def render(self, row: Outgoing, now: datetime) -> Entity | Held | None:
        """The fingerprint is of all that is told of the file, so that a file which stayed is not fetched again."""
        try:
            rules.id_of(row.key, "id")
            application_of(row.key)
            if row.gone:
                return self.deletion(row)
            self._check_way()
            resume = DECODER.decode(row.body)
            applied = applied_at(row.parent)
            wire = translate_resume(resume, self._contract, now, applied=applied, form=self._form)
        except CannotTranslateError as why:
            return Held(reason=why.code, detail=str(why))
        entity = self.upsertion(row, wire)
        print_ = self._fingerprint.of(entity.body + f" {resume.size}".encode())
        if row.far and row.far.get("file") == print_.hex():
            return Held(reason=str(row.far.get("held")))
        return structs.replace(entity, fingerprint=print_)

    def _check_way(self) -> None:
        if not self._versioned:
            raise CannotTranslateError("the connection uses v2", code="resumes_need_rest")
        if not self._contract:
            raise CannotTranslateError("no contract is named", code="resume_contract_missing")

    def parent_of(self, entity: Entity) -> str | None:
        return application_of(entity.key)

    async def write(self, batch: Sequence[Entity], now: datetime) -> Sequence[Outcome]:
        """Upload the files one after another, so that one at most is in memory, then register them in one call."""
        if batch[0].operation == "delete":
            return await super().write(batch, now)
        outcomes: list[Outcome] = []
        uploaded: list[Entity] = []
        for entity in batch:
            placed = await self._place(entity)
            if isinstance(placed, Outcome):
                outcomes.append(placed)
            else:
                uploaded.append(placed)
        if uploaded:
            outcomes += await super().write(uploaded, now)
        return outcomes

    async def _place(self, entity: Entity) -> Entity | Outcome:
        """The entity with the URN of its uploaded file, or what became of it on the way."""
        wire = self._decode(entity.body)
        content = await self._fetch(entity)
        if isinstance(content, Outcome):
            return content
        try:
            urn = await self._media.put(
                wire.external_file_name, CONTENT_TYPES[wire.file_type], self._contract, bytes(content)
            )
        except RecordError as error:
            return Outcome(record_id=entity.record_id, status="refused", reason=error.code)
        return structs.replace(entity, body=ENCODER.encode(structs.replace(wire, media_urn=urn)))

    async def _fetch(self, entity: Entity) -> bytearray | Outcome:
        """The file from the ATS. Its troubles must not be taken for LinkedIn's."""
        content = bytearray()
        if self._files is None:
            return _unreadable(entity, "the ATS has no files")
        trouble: TryLaterError
        try:
            async with asyncio.timeout(FETCH_SECONDS), self._files.open_file(entity.key) as pieces:
                async for piece in pieces:
                    content += piece
                    if len(content) > MOST_BYTES:
                        return _unfit(entity, TOO_LARGE)
            return content or _unfit(entity, EMPTY)
        except (RecordError, SurpriseError) as error:
            return _unreadable(entity, error.code)
        except TryLaterError as error:
            trouble = UnavailableError("a file cannot be fetched now", code=error.code, retry_after=error.retry_after)
        except (NeedsPersonError, TimeoutError):
            trouble = UnavailableError("a file cannot be fetched now")
        raise trouble


def _unfit(entity: Entity, reason: str) -> Outcome:
    """A file that breaks a limit, which only fetching it has shown: noted down, so that this costs no second fetch."""
    far = {"held": reason, "file": entity.fingerprint.hex()}
    return Outcome(record_id=entity.record_id, status="held", reason=reason, far=far)


def _unreadable(entity: Entity, detail: str) -> Outcome:
    return Outcome(record_id=entity.record_id, status="held", reason="resume_not_readable", detail=detail)
