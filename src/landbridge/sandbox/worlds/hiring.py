"""The jobs of a plain world: each one could be sent to LinkedIn, but for a few drafts that were never published."""

from __future__ import annotations

from msgspec import Struct

from landbridge.sandbox.worlds.company import Company
from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.job import Ad, Job, Publication
from landbridge.sandbox.worlds.moment import DAY, HOUR, MINUTE
from landbridge.sandbox.worlds.texts import ENGLISH, LANGUAGE_OF_COUNTRY, LANGUAGES, LEVELS, Language
from landbridge.sandbox.worlds.vocabulary import DEPARTMENTS, PLACES, Place

MIN_JOBS = 12
CANDIDATES_PER_JOB = 25
OLDEST = 4 * 365 * DAY
CAREER_SITE = "https://jobs.smartrecruiters.example.org"
CURRENCIES = {"United States": "USD", "Canada": "CAD", "United Kingdom": "GBP", "Norway": "NOK", "Poland": "PLN"}
LEVEL_IDS = ("entry_level", "associate", "mid_senior_level", "director", "internship", "not_applicable")
OPEN_PATHS = (("SOURCING",), ("SOURCING", "INTERVIEW"), ("SOURCING", "INTERVIEW", "OFFER"))


class Opening(Struct, gc=False, eq=False):
    """A job people may apply for, and when: applications fall between ``start`` and ``end`` (epoch ms)."""

    job: Job
    start: int
    end: int


class Hiring(Struct):
    jobs: list[Job]
    openings: list[Opening]


def open_jobs(draw: Draw, company: Company, users: int, candidates: int, anchor: int, least: int = MIN_JOBS) -> Hiring:
    """About one job per 25 candidates, at least ``least``; every 40th is a draft, and the very last one always is."""
    count = max(least, candidates // CANDIDATES_PER_JOB)
    hiring = Hiring([], [])
    for number in range(count):
        job = _job(draw, company, users, number, anchor)
        hiring.jobs.append(job)
        if number % 40 == 39 or number == count - 1:
            _leave_draft(job)
        else:
            hiring.openings.append(_open(draw, job, anchor, number))
    return hiring


def _job(draw: Draw, company: Company, users: int, number: int, anchor: int) -> Job:
    place = draw.pick(PLACES)
    language = LANGUAGE_OF_COUNTRY.get(place.country_code, ENGLISH)
    created = anchor - draw.between(30 * DAY, OLDEST)
    job = Job(
        id=draw.uuid(),
        title=draw.pick(LEVELS) + draw.pick(language.roles),
        ref_number=f"HI-{number + 1:05d}",
        status="CREATED",
        posting_status="NOT_PUBLISHED",
        created=created,
        updated=created,
        last_activity=created,
        department=draw.between(0, len(DEPARTMENTS) - 1),
        place=place,
        remote=draw.chance(0.15),
        language=language,
        creator=draw.between(0, users - 1),
        compensation=_pay(draw, place) if draw.chance(0.6) else None,
        experience_level=draw.pick(LEVEL_IDS),
        history=[(created, "CREATED")],
        hiring_team=(draw.between(0, users - 1), draw.between(0, users - 1)),
    )
    job.ads = _ads(draw, company, job, language)
    return job


def _pay(draw: Draw, place: Place) -> tuple[int, int, str]:
    low = 1_000 * draw.between(28, 95)
    return low, low + 1_000 * draw.between(4, 25), CURRENCIES.get(place.country, "EUR")


def _ads(draw: Draw, company: Company, job: Job, language: Language) -> list[Ad]:
    """The default ad in the language of the place; now and then further ones in other languages."""
    others = [other for other in LANGUAGES if other is not language]
    further = draw.sample(others, draw.between(1, 2)) if draw.chance(0.3) else []
    return [_ad(draw, company, job, spoken, default=spoken is language) for spoken in (language, *further)]


def _ad(draw: Draw, company: Company, job: Job, language: Language, *, default: bool) -> Ad:
    posting_id = str(743_999_000_000_000 + draw.between(0, 999_999_999_999))
    created = _born(job) + draw.between(1, 5) * HOUR
    return Ad(
        id=draw.uuid(),
        title=job.title if default else draw.pick(language.roles),
        language=language,
        text_seed=draw.between(0, 1_000_000),
        created=created,
        updated=created,
        visibility="PUBLIC",
        published=False,
        default=default,
        apply_url=f"{CAREER_SITE}/{company.identifier}/{posting_id}?oga=true",
        posting_id=posting_id,
        posting_uuid=draw.uuid(),
        publications=[],
    )


def _born(job: Job) -> int:
    if not isinstance(job.created, int):
        raise TypeError("jobs are born at an instant; whatever spoils it comes later")
    return job.created


def _leave_draft(job: Job) -> None:
    for ad in job.ads:
        ad.apply_url = None  # an ad that was never published has no page


def _open(draw: Draw, job: Job, anchor: int, number: int) -> Opening:
    """Publish the job and let it go its way: some are closed by now, the others are open in some stage.

    Its number decides and no draw does, so that a dozen jobs show each kind already.
    """
    published = _born(job) + draw.between(1, 6) * DAY + draw.between(1, 600) * MINUTE
    path = draw.pick(OPEN_PATHS)
    ending = {2: ("FILLED",), 10: ("CANCELLED",)}.get(number % 12, ())
    at = published
    for status in (*path, *ending):
        job.history.append((at, status))
        job.status, last = status, at
        at = min(anchor - DAY, at + draw.between(2, 40) * DAY + draw.between(1, 600) * MINUTE)
    job.updated = job.last_activity = last
    closed = last if ending else None
    # A private job leaves no trace of having been published: closed, it would look like one that never was.
    visibility = {3: "INTERNAL", 7: "PRIVATE"}.get(number % 12, "PUBLIC")
    _publish(job, visibility, published, closed)
    return Opening(job, published, max(published + HOUR, closed or anchor - DAY))


def _publish(job: Job, visibility: str, published: int, closed: int | None) -> None:
    job.posting_status = "NOT_PUBLISHED" if closed else visibility
    job.apply_url = job.ads[0].apply_url
    for ad in job.ads:
        ad.visibility = visibility
        ad.published = closed is None
        ad.publications = _publications(visibility, published, closed)


def _publications(visibility: str, published: int, closed: int | None) -> list[Publication]:
    if visibility == "PRIVATE":
        return []  # private ads are posted nowhere
    names = (("Internal career site", "INTERNAL"),)
    if visibility == "PUBLIC":
        names = (("Career site", "CAREER_SITE"), ("Harbour Jobs Weekly", "JOB_BOARD"))  # type: ignore[assignment]
    return [
        Publication(source_name=name, type=kind, published=published + place * HOUR, unpublished=closed)
        for place, (name, kind) in enumerate(names)
    ]
