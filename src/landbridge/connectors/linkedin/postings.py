"""Jobs: the mirror's requisitions in the form of LinkedIn's job postings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from landbridge.connectors.linkedin import rules
from landbridge.connectors.linkedin.advert import render_advert
from landbridge.connectors.linkedin.posting_state import Shown
from landbridge.connectors.linkedin.wire import JobPostingWire
from landbridge.errors import CannotTranslateError
from landbridge.records import Job, Location

Availability = Literal["PUBLIC", "PRIVATE"]

LONGEST_TITLE = 200
# Instead of an ad that the ATS has emptied: LinkedIn asks for a whole body, and shows none of it once it is closed.
CLOSING_TEXT = (
    "<p>This job is closed. Applications are no longer taken, and the text of its advertisement has been removed from "
    "the system it was published from.</p>"
)
PUBLIC, PRIVATE = "PUBLIC", "PRIVATE_TO_ATS_INTEGRATION"


def availability_of(job: Job, choice: Availability) -> str:
    """Who may see the job. Only what is public in the ATS becomes public on LinkedIn, and nothing confidential does.

    A job that is closed already when it is first sent is created private: a public posting would be on show, and
    collect applicants, until the CLOSE that follows.
    """
    shown = job.status == "open" and job.visibility == "public" and not job.confidential
    return PUBLIC if choice == "PUBLIC" and shown else PRIVATE


def translate_job(job: Job, organization: str, availability: str, now: datetime) -> JobPostingWire:
    """The whole posting without its operation, or CannotTranslateError with a code of ``reasons``."""
    return JobPostingWire(
        integration_context=organization,
        external_job_posting_id=rules.id_of(job.id, "id"),
        job_posting_operation_type="",
        availability=availability,
        title=title_of(job.title, "title_missing"),
        description=render_advert(job.description),
        location=location_of(job.location),
        company_apply_url=rules.url_of(job.url, "url", "apply_url_missing"),
        listed_at=listed_millis(job, now),
        workplace_types=[workplace_of(job.location)],
    )


def translate_closing(job: Job, organization: str, availability: str, shown: Shown) -> JobPostingWire:
    """The body of a CLOSE: the posting as it is, and what stands on LinkedIn where the ATS has lost a field."""
    try:
        location, workplace = location_of(job.location), workplace_of(job.location)
    except CannotTranslateError:
        location, workplace = shown.location, shown.workplace
    return JobPostingWire(
        integration_context=organization,
        external_job_posting_id=job.id,
        job_posting_operation_type="",
        availability=availability,
        title=_or(lambda: title_of(job.title, "title_missing"), shown.title),
        description=_or(lambda: render_advert(job.description), CLOSING_TEXT),
        location=location,
        company_apply_url=_or(lambda: rules.url_of(job.url, "url", "apply_url_missing"), shown.url),
        listed_at=shown.listed_at,
        workplace_types=[workplace],
    )


def _or(made: Callable[[], str], instead: str) -> str:
    try:
        return made()
    except CannotTranslateError:
        return instead


def title_of(title: str, code: str) -> str:
    """One line of at most 200 characters."""
    return rules.cut_text(rules.text_of(" ".join(title.split()), "title", code), LONGEST_TITLE)


def location_of(location: Location) -> str:
    """One of LinkedIn's forms, the richest that can be filled; commas inside a part would make it another form."""
    city, region, country = _part(location.city), _part(location.region), _part(location.country)
    postal_code, code = _part(location.postal_code), _part(location.country_code)
    nation = country or code
    if city and (region or nation):
        return ", ".join(part for part in (city, region, nation) if part)
    if postal_code and code:
        return f"{postal_code}, {code}"
    if nation and location.remote:
        return nation
    have = [name for name, part in (("city", city), ("region", region), ("country", nation)) if part]
    raise CannotTranslateError(f"location has only: {', '.join(have) or 'nothing'}", code="location_unusable")


def workplace_of(location: Location) -> str:
    """On-site is what LinkedIn takes for a job without a type too. The ATS does not tell Hybrid from it."""
    return "Remote" if location.remote else "On-site"


def _part(value: str | None) -> str:
    return " ".join((value or "").replace(",", " ").split())


def listed_millis(job: Job, now: datetime) -> int:
    """Epoch milliseconds of the first of publication and creation that is known and not in the future."""
    for instant in (job.published_at, job.created_at):
        if instant is not None and instant <= now and (millis := rules.millis_of(instant)) > 0:
            return millis
    raise CannotTranslateError("published_at and created_at cannot be used", code="listed_time_missing")
