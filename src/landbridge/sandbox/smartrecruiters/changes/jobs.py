"""Jobs are created, edited, published, closed and opened again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.happenings import Author
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.hiring import CAREER_SITE
from landbridge.sandbox.worlds.job import Ad, Job, Publication
from landbridge.sandbox.worlds.texts import ENGLISH
from landbridge.sandbox.worlds.vocabulary import Place

CLOSED: Final = frozenset({"FILLED", "CANCELLED"})
# Where an ad goes by its visibility; private ads are posted nowhere.
SITES: Final = {
    "PUBLIC": (("Career site", "CAREER_SITE"), ("Harbour Jobs Weekly", "JOB_BOARD")),
    "INTERNAL": (("Internal career site", "INTERNAL"),),
    "PRIVATE": (),
}


def create(state: State, by: Author, title: str, place: Place, description: str, department: int | None = None) -> Job:
    """A draft with its default ad in English; ``description`` is HTML."""
    draw, at = state.make("job"), state.clock.ms()
    creator = next((place for place, user in enumerate(state.world.users) if user.id == by.id), 0)
    job = Job(
        id=draw.uuid(),
        title=title,
        ref_number=f"HI-{len(state.world.jobs) + 1:05d}",
        status="CREATED",
        posting_status="NOT_PUBLISHED",
        created=at,
        updated=at,
        last_activity=at,
        department=department,
        place=place,
        creator=creator,
        history=[(at, "CREATED")],
        hiring_team=(creator,),
        ads=[_first_ad(draw, title, description, at)],
    )
    state.add_job(job)
    ad = job.ads[0]
    state.noted("JOB_AD_CREATED", by, ("JOB_AD", ad.id))
    state.happened("job.created", (job.id,), _job(job))
    state.happened("job.ad.created", (job.id, ad.id), _ad(job, ad))
    return job


def _first_ad(draw: Draw, title: str, description: str, at: int) -> Ad:
    return Ad(
        id=draw.uuid(),
        title=title,
        language=ENGLISH,
        text_seed=0,
        created=at,
        updated=at,
        visibility="PUBLIC",
        published=False,
        default=True,
        apply_url=None,
        posting_id=_posting_number(draw),
        posting_uuid=draw.uuid(),
        publications=[],
        words={"jobDescription": description},
    )


def _posting_number(draw: Draw) -> str:
    return str(743_999_000_000_000 + draw.between(0, 999_999_999_999))


def edit(state: State, job: Job, fields: dict[str, Any]) -> bool:
    """Attributes of the job by name; False when nothing is different. The title of the default ad stays its own."""
    changed = {name: value for name, value in fields.items() if getattr(job, name) != value}
    for name, value in changed.items():
        setattr(job, name, value)
    if changed:
        _moved(state, job)
        state.happened("job.updated", (job.id,), _job(job))
    return bool(changed)


def edit_ad(
    state: State, by: Author, job: Job, ad: Ad, *, title: str, words: dict[str, str | None] | None = None
) -> None:
    """Title and texts of an ad (None: as they are). Career sites show them when the ad is published again."""
    at = state.clock.ms()
    ad.title, ad.updated = title, at
    if words is not None:
        ad.words, ad.bulk = words, None
    job.last_activity = at
    if choices.AD_EDITS_MOVE_JOB_UPDATED:
        job.updated = at
    state.changed()
    state.noted("JOB_AD_UPDATED", by, ("JOB_AD", ad.id))
    state.happened("job.ad.updated", (job.id, ad.id), _ad(job, ad))


def set_status(state: State, job: Job, status: str) -> None:
    if status == job.status:
        return
    _take_status(state, job, status)
    if status in CLOSED and choices.CLOSING_A_JOB_UNPUBLISHES_IT:
        unpublish(state, job, job.ads)


def _take_status(state: State, job: Job, status: str) -> None:
    job.status = status
    job.history.append((state.clock.ms(), status))
    _moved(state, job)
    state.happened("job.status.updated", (job.id,), _job(job))


def publish(state: State, job: Job, ad: Ad) -> None:
    """Post ``ad`` where its visibility lets it go. Posting it again gives it a new address; the old one stays known."""
    draw, at = state.make("posting"), state.clock.ms()
    if ad.publications or ad.published:
        ad.posting_id, ad.apply_url = _posting_number(draw), None
    if ad.apply_url is None:
        ad.apply_url = f"{CAREER_SITE}/{state.world.company.identifier}/{ad.posting_id}?oga=true"
    _end_publications(ad, at)
    sites = SITES.get(ad.visibility, ())
    ad.publications += [Publication(source_name=name, type=kind, published=at) for name, kind in sites]
    ad.published = True
    job.apply_url = job.apply_url or ad.apply_url
    if ad.default:
        job.apply_url, job.posting_status = ad.apply_url, ad.visibility
    state.know_posting(job, ad)
    _posted(state, job, ad)
    if job.status == "CREATED" and choices.PUBLISHING_STARTS_SOURCING:
        _take_status(state, job, "SOURCING")


def unpublish(state: State, job: Job, ads: Collection[Ad]) -> None:
    """Take ``ads`` down; without its default ad none of a job's ads stays up."""
    going = job.ads if any(ad.default for ad in ads) else ads
    for ad in going:
        if ad.published:
            ad.published = False
            _end_publications(ad, state.clock.ms())
            _posted(state, job, ad)
    if not any(ad.published for ad in job.ads) and job.posting_status != "NOT_PUBLISHED":
        job.posting_status = "NOT_PUBLISHED"
        state.changed()


def _end_publications(ad: Ad, at: int) -> None:
    for publication in ad.publications:
        if publication.unpublished is None:
            publication.unpublished = at


def _posted(state: State, job: Job, ad: Ad) -> None:
    job.last_activity = state.clock.ms()
    state.changed()
    state.happened("job.ad.postings.updated", (job.id, ad.id), f"{_ad(job, ad)}/postings")


def change_team(state: State, job: Job, team: tuple[int, ...]) -> None:
    job.hiring_team = team
    _moved(state, job)
    state.happened("job.hiring-team.updated", (job.id,), f"{_job(job)}/hiring-team")


def delete(state: State, by: Author, job: Job) -> None:
    """Only the audit trail tells: no event stands for it."""
    if choices.DELETED_JOBS_TAKE_APPLICATIONS:
        for application in state.people.of_job(job.id):
            state.records.forget_application(application.id)
    state.delete_job(job, state.clock.ms())
    state.noted("JOB_DELETED", by, ("JOB", job.id))


def _moved(state: State, job: Job) -> None:
    job.updated = job.last_activity = state.clock.ms()
    state.changed()


def _job(job: Job) -> str:
    return f"/jobs/{job.id}"


def _ad(job: Job, ad: Ad) -> str:
    return f"/jobs/{job.id}/jobads/{ad.id}"
