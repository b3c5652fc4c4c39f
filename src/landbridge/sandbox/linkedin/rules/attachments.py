"""A file that is announced (``hireMediaUrl``) and an attachment (``rest/attachments``).

Sources: release notes of 202510, LinkedIn's Java client.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from landbridge.sandbox.linkedin.rules.fields import Millis, NonEmpty

CONTENT_TYPES: Final = frozenset(
    {
        "application/pdf",
        "application/msword",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "text/plain",
    }
)
FileType = Literal["UNKNOWN", "TXT", "DOC", "DOCX", "PDF"]
REFERENCES: Final = ("APPLICATION", "CANDIDATE")
ATTACHMENT_TYPES: Final = ("RESUME",)
Contract = Annotated[str, Meta(pattern=r"^urn:li:contract:\d+$")]
_HOURS: Final = {"MINUTE": 1 / 60, "HOUR": 1.0, "DAY": 24.0}


class Nothing(Struct, forbid_unknown_fields=True):
    """The empty object."""


class Usage(Struct, kw_only=True):
    resume: Nothing = field(name="recruiterSystemConnectResumeParameters")


class BlobTtl(Struct, kw_only=True):
    duration: Annotated[int, Meta(gt=0, le=100_000)]
    unit: Literal["MINUTE", "HOUR", "DAY"]

    @property
    def ms(self) -> int:
        return round(self.duration * _HOURS[self.unit] * 3_600_000)


class MediaWanted(Struct, kw_only=True):
    """What ``hireMediaUrl`` is asked with."""

    file_name: NonEmpty = field(name="fileName")
    content_type: str = field(name="contentType")
    hiring_context: Contract = field(name="hiringContext")
    usage: Usage = field(name="usageParameters")
    blob_ttl: BlobTtl | UnsetType | None = field(name="blobTtl", default=UNSET)

    def __post_init__(self) -> None:
        if self.content_type.lower() not in CONTENT_TYPES:
            raise ValueError("contentType is that of a PDF, DOC, DOCX or TXT file")


class Attachment(Struct, kw_only=True):
    """The value of an attachment; ``media`` refers to the uploaded file."""

    file_name: NonEmpty = field(name="externalFileName")
    file_type: FileType = field(name="fileType")
    created_at: Millis = field(name="externalCreatedAt")
    modified_at: Millis = field(name="externalLastModifiedAt")
    contract: Contract
    media: NonEmpty = field(name="mediaUrn")


MEDIA_DECODER = msgspec.json.Decoder(MediaWanted)
DECODER = msgspec.json.Decoder(Attachment)
