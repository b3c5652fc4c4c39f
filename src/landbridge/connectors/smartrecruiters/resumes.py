"""Resumes among the files of an application. Letters, pictures and the rest stay where they are."""

from __future__ import annotations

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.moment import read_moment
from landbridge.records import Resume

RESUME = "RESUME"


def translate_resume(application_id: str, attachment: wire.Attachment) -> Resume:
    """Pure."""
    return Resume(
        id=f"{application_id}.{attachment.id}",
        application_id=application_id,
        file_name=(attachment.name or "").strip(),
        content_type=(attachment.content_type or "").partition(";")[0].strip().lower(),
        size=attachment.size,
        created_at=read_moment(attachment.created_on),
        updated_at=read_moment(attachment.updated_on),
    )


def file_of(key: str) -> str:
    """The id of the file of a resume, by the resume's key."""
    return key.rpartition(".")[2]
