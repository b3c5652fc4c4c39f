"""Jobs: their details, the ad and the date of publishing."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.client import SmartRecruiters
from landbridge.connectors.smartrecruiters.moment import read_moment
from landbridge.errors import RecordError
from landbridge.records import Job, Location

_OPEN = frozenset({"SOURCING", "INTERVIEW", "OFFER", "OFFERED"})
_CLOSED = frozenset({"FILLED", "CANCELLED"})

Visibility = Literal["public", "internal", "private", "unpublished"]
Status = Literal["open", "closed", "draft"]


async def read_job(account: SmartRecruiters, job_id: str) -> tuple[Job, int]:
    """One job and the number of calls it took. Raises RecordError, MissingError."""
    job = await account.job(job_id)
    publications, calls = await _publications(account, job_id), 2
    ads: Sequence[wire.JobAd] = ()
    if needs_ads(job):
        ads, calls = await _ads(account, job_id), 3
    return translate_job(job, ads, publications), calls


async def _publications(account: SmartRecruiters, job_id: str) -> Sequence[wire.Publication]:
    try:
        return await account.publications(job_id)
    except RecordError:
        return ()  # the job itself could be read: it goes without its date


async def _ads(account: SmartRecruiters, job_id: str) -> Sequence[wire.JobAd]:
    try:
        return await account.job_ads(job_id)
    except RecordError:
        return ()


def needs_ads(job: wire.Job) -> bool:
    """Do the details lack what the ads may have? They carry the text of the default ad and mostly its link."""
    return not (_first(job.title) and job_text(job.job_ad) and _apply_on_web(job))


def translate_job(job: wire.Job, ads: Sequence[wire.JobAd], publications: Sequence[wire.Publication]) -> Job:
    """Pure. ``ads`` may be empty where the details suffice."""
    ads = sorted(ads, key=_preference)
    visibility = _visibility(job)
    return Job(
        id=job.id,
        title=_first(job.title, *(ad.title for ad in ads)) or "",
        description=_first(job_text(job.job_ad), *(job_text(ad.job_ad) for ad in ads)) or "",
        location=_location(job.location or wire.JobLocation()),
        url=_first(_apply_on_web(job), *(_web_address(ad.apply_url) for ad in ads)),
        status=_status(job.status or "", visibility, was_published=bool(publications)),
        visibility=visibility,
        template=bool(job.template),
        # A private ad is posted nowhere; only the hiring team, access groups and administrators may know of it.
        confidential=visibility == "private",
        language=_language(job, ads),
        published_at=_published_at(publications),
        created_at=read_moment(job.created_on),
        updated_at=read_moment(job.updated_on),
    )


def _visibility(job: wire.Job) -> Visibility:
    match job.posting_status:
        case "PUBLIC":
            return "public"
        case "INTERNAL":
            return "internal"
        case "PRIVATE":
            return "private"
        case _:
            return "unpublished"


def _status(status: str, visibility: Visibility, *, was_published: bool) -> Status:
    """Only what was shown to somebody can be open or closed; the rest is not ready to leave the ATS."""
    if status in _CLOSED and (was_published or visibility != "unpublished"):
        return "closed"
    if status in _OPEN and visibility != "unpublished":
        return "open"
    return "draft"


def _published_at(publications: Iterable[wire.Publication]) -> datetime | None:
    # Which of several publications counts is not documented; the first says how long the job has been known.
    moments = (read_moment(publication.published_on) for publication in publications)
    return min((moment for moment in moments if moment is not None), default=None)


def job_text(ad: wire.AdText | None) -> str:
    """The ad's sections as one piece of HTML, each under its title; "" where no section has words."""
    sections = (ad and ad.sections) or wire.Sections()
    parts = (
        sections.company_description,
        sections.job_description,
        sections.qualifications,
        sections.additional_information,
    )
    return "".join(_section(part) for part in parts if part is not None)


def _section(section: wire.Section) -> str:
    text, title = (section.text or "").strip(), (section.title or "").strip()
    if not text:
        return ""
    return f"<p><strong>{html.escape(title)}</strong></p>{text}" if title else text


def _preference(ad: wire.JobAd) -> tuple[bool, bool, bool]:
    """The default ad first, then published and public ones (False sorts first)."""
    return (not ad.default, ad.posting_status != "PUBLISHED", ad.visibility != "PUBLIC")


def _apply_on_web(job: wire.Job) -> str | None:
    link = job.actions.apply_on_web if job.actions else None
    return _web_address(link.url if link else None)


def _web_address(text: str | None) -> str | None:
    address = (text or "").strip()
    return address if re.fullmatch(r"https?://[^\s/]+\S*", address, re.IGNORECASE) else None


def _location(place: wire.JobLocation) -> Location:
    code = (place.country_code or "").strip().upper()
    code = code if re.fullmatch(r"[A-Z]{2}", code) else ""
    # A region code means something to readers in the United States only.
    regions = (place.region_code, place.region) if code == "US" else (place.region, place.region_code)
    return Location(
        city=_first(place.city),
        region=_first(*regions),
        postal_code=_first(place.postal_code),
        country=_first(place.country),
        country_code=code or None,
        remote=bool(place.remote),
    )


def _language(job: wire.Job, ads: Sequence[wire.JobAd]) -> str | None:
    texts = [job.job_ad, *(ad.job_ad for ad in ads)]
    languages = [job.language, *(text.language for text in texts if text is not None)]
    return _first(*(language.code for language in languages if language is not None))


def _first(*texts: str | None) -> str | None:
    """The first text with something in it, without the blanks around it."""
    return next((text.strip() for text in texts if text and text.strip()), None)
