"""The Posting API: what a job board shows. Public postings need no credential, internal ones do."""

from __future__ import annotations

from typing import Any

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, ok, present
from landbridge.sandbox.smartrecruiters.jobs import sections
from landbridge.sandbox.smartrecruiters.paging import limit_of, offset_of
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.job import Ad, Job
from landbridge.sandbox.worlds.moment import Moment, iso

DESTINATIONS = {
    "PUBLIC": frozenset({"PUBLIC"}),
    "INTERNAL": frozenset({"INTERNAL"}),
    "INTERNAL_OR_PUBLIC": frozenset({"PUBLIC", "INTERNAL"}),
}


def list_postings(state: State, call: Call) -> Answer:
    _check_company(state, call)
    visible = _visible(call)
    limit, offset = limit_of(call), offset_of(call, deprecated=False)
    country, city, words = call.value("country"), call.value("city"), (call.value("q") or "").lower()
    language = call.value("language")

    def wanted(job: Job, ad: Ad) -> bool:
        place = job.place
        return (
            (country is None or (place is not None and place.country_code == country.lower()))
            and (city is None or (place is not None and place.city == city))
            and (language is None or ad.language.code == language)
            and words in (ad.title or "").lower()
        )

    found = [(job, ad) for job, ad in _active(state) if ad.visibility in visible and wanted(job, ad)]
    rows = found[offset : offset + limit]
    call.records = len(rows)
    content = [_row(state, job, ad) for job, ad in rows]
    return ok({"offset": offset, "limit": limit, "totalFound": len(found), "content": content})


def read_posting(state: State, call: Call) -> Answer:
    _check_company(state, call)
    job_id, ad_id = state.postings.get(call.arguments[1], ("", ""))
    job = state.world.jobs.get(job_id)
    ad = next((ad for ad in job.ads if ad.id == ad_id), None) if job else None
    if job is None or ad is None or ad.visibility == "PRIVATE" or not ad.published:
        raise RefusalError(404, "POSTING_NOT_FOUND", "there is no such posting")
    if ad.visibility == "INTERNAL" and call.client == "nobody":
        raise RefusalError(*choices.BAD_CREDENTIAL, "internal postings need a credential")
    call.records = 1
    return ok(_details(state, job, ad))


def _check_company(state: State, call: Call) -> None:
    if call.arguments[0] != state.world.company.identifier:
        raise RefusalError(404, "COMPANY_NOT_FOUND", "there is no such company")


def _visible(call: Call) -> frozenset[str]:
    destination = call.value("destination") or "PUBLIC"
    visible = DESTINATIONS.get(destination)
    if visible is None:
        raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, f"destination is one of {', '.join(DESTINATIONS)}")
    if "INTERNAL" in visible and call.client == "nobody":
        raise RefusalError(*choices.BAD_CREDENTIAL, "internal postings need a credential")
    return visible


def _active(state: State) -> list[tuple[Job, Ad]]:
    def find() -> list[tuple[Job, Ad]]:
        return [(job, ad) for job in state.world.jobs.values() if not job.template for ad in job.ads if ad.published]

    return state.derived("postings", find)


def _row(state: State, job: Job, ad: Ad) -> dict[str, object]:
    company = state.world.company
    return present(
        {
            "id": ad.posting_id,
            "uuid": ad.posting_uuid,
            "name": ad.title,
            "refNumber": job.ref_number,
            "company": {"identifier": company.identifier, "name": company.name},
            "jobAdId": ad.id,
            "defaultJobAd": ad.default,
            "releasedDate": iso(_released(ad)),
            "location": _location(job),
            "experienceLevel": {"id": job.experience_level},
        }
    )


def _details(state: State, job: Job, ad: Ad) -> dict[str, object]:
    url = (ad.apply_url or "").partition("?")[0]
    further: dict[str, object] = {
        "jobId": job.id,
        "applyUrl": ad.apply_url,
        "postingUrl": url or None,
        "referralUrl": url and f"{url}?referral=true",
        "jobAd": {"sections": sections(ad)},
        "active": True,
        "visibility": ad.visibility,
    }
    return {**_row(state, job, ad), **present(further)}


def _released(ad: Ad) -> Moment:
    moments = [each.published for each in ad.publications if isinstance(each.published, int)]
    return min(moments, default=None)


def _location(job: Job) -> dict[str, Any] | None:
    place = job.place
    if place is None:
        return None
    return {
        "country": place.country_code,
        "region": place.region_code,
        "city": place.city,
        "remote": job.remote,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }
