"""Job ads and where they are published: ``/jobs/{id}/jobads``, ``/publication``, ``/postings``."""

from __future__ import annotations

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, link, ok, present
from landbridge.sandbox.smartrecruiters.jobs import find_job, language_of, sections
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.job import Ad, Job, Publication
from landbridge.sandbox.worlds.moment import iso


def list_ads(state: State, call: Call) -> Answer:
    job = find_job(state, call.arguments[0])
    call.records = len(job.ads)
    return ok([ad_details(state, job, ad, call.base_url) for ad in job.ads])


def read_ad(state: State, call: Call) -> Answer:
    job = find_job(state, call.arguments[0])
    ad = find_ad(job, call.arguments[1])
    call.records = 1
    return ok(ad_details(state, job, ad, call.base_url))


def list_publications(state: State, call: Call) -> Answer:
    job = find_job(state, call.arguments[0])
    ads = job.ads if choices.JOB_PUBLICATIONS_COVER_ALL_ADS else [ad for ad in job.ads if ad.default]
    return _publications(call, [publication for ad in ads for publication in ad.publications])


def list_postings_of_ad(state: State, call: Call) -> Answer:
    job = find_job(state, call.arguments[0])
    return _publications(call, find_ad(job, call.arguments[1]).publications)


def find_ad(job: Job, ad_id: str) -> Ad:
    """Raises what the ad endpoints answer for an ad that is not there or not to be seen."""
    ad = next((ad for ad in job.ads if ad.id == ad_id), None)
    if ad is None or ad.details_status != 200:
        raise RefusalError(404, "JOBAD_NOT_FOUND", "there is no such ad")
    return ad


def _publications(call: Call, publications: list[Publication]) -> Answer:
    active_only = (call.value("activeOnly") or "true").lower() != "false"
    rows = [publication_row(each) for each in publications if each.unpublished is None or not active_only]
    call.records = len(rows)
    return ok({"content": rows})


def publication_row(publication: Publication) -> dict[str, object]:
    return present(
        {
            "sourceName": publication.source_name,
            "type": publication.type,
            "publishedOn": iso(publication.published),
            "unpublishedOn": iso(publication.unpublished),
        }
    )


def ad_details(state: State, job: Job, ad: Ad, base_url: str) -> dict[str, object]:
    """What the ad endpoints answer; also part of the dump of jobs."""
    return present(
        {
            "id": ad.id,
            "title": ad.title,
            "language": language_of(ad.language),
            "jobAd": {"sections": sections(ad)},
            "createdOn": iso(ad.created),
            "updatedOn": iso(ad.updated),
            "applyUrl": ad.apply_url,
            "postingStatus": "PUBLISHED" if ad.published else "NOT_PUBLISHED",
            "visibility": ad.visibility,
            "default": ad.default,
            "creator": {"id": state.world.users[job.creator].id},
            "actions": {"postings": link(f"{base_url}/jobs/{job.id}/jobads/{ad.id}/postings")},
        }
    )
