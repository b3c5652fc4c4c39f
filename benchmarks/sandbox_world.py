"""What a client sends that carries a whole world from the imitated SmartRecruiters to the imitated LinkedIn.

The world is made once more on this side: the same name, seed and size give the same people, so nothing has to be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson

from benchmarks.sandbox_bodies import BATCH, Batch, batch_of, uuid_of
from landbridge.sandbox.worlds import World
from landbridge.sandbox.worlds.person import Application, Candidate
from landbridge.sandbox.worlds.vocabulary import OCCUPATIONS, PLACES

#: A plain world has about 1.5 applications per candidate; the bound speaks of this many.
APPLICATIONS_PER_CANDIDATE: Final = 2
APPS: Final = "https://www.smartrecruiters.example.org/app"
_FURTHER: Final = 3 * 10**12


def world_jobs(world: World, organization: str) -> Iterator[bytes]:
    """The bodies of batch creates: every job with the words of its ad."""
    jobs = list(world.jobs.values())
    for start in range(0, len(jobs), BATCH):
        elements = [
            {
                "integrationContext": organization,
                "externalJobPostingId": job.id,
                "title": job.title,
                "jobPostingOperationType": "CREATE",
                "availability": "PRIVATE_TO_ATS_INTEGRATION",
                "description": "".join(text or "" for text in job.ads[0].texts().values()),
                "location": f"{job.place.city}, {job.place.country}" if job.place else "Porto, Portugal",
                "companyApplyUrl": f"{APPS}/jobs/{job.id}",
                "listedAt": job.created,
            }
            for job in jobs[start : start + BATCH]
        ]
        yield orjson.dumps({"elements": elements})


def world_candidates(world: World, organization: str) -> Iterator[Batch]:
    people = list(world.candidates.values())
    for start in range(0, len(people), BATCH):
        group = people[start : start + BATCH]
        keys = [(person.id,) for person in group]
        values = [orjson.dumps(_candidate(person)).decode() for person in group]
        yield batch_of("/v2/atsCandidates", organization, ("atsCandidateId",), keys, values, rest=False)


def _candidate(person: Candidate) -> dict[str, Any]:
    place = PLACES[person.place or 0]
    given = {"linkedInProfileUrl": person.linkedin_url} if person.linkedin_url else {}
    return {
        "firstName": person.first_name,
        "lastName": person.last_name,
        "atsCreatedAt": person.created,
        "atsLastModifiedAt": person.updated,
        "emailAddresses": [person.email],
        "phoneNumbers": [{"number": f"+44 199 {person.trait % 10**7:07}"}],
        "addresses": [{"city": place.city, "geographicArea": place.region, "country": place.country_code.upper()}],
        "currentJobTitle": OCCUPATIONS[person.trait % len(OCCUPATIONS)],
        "externalProfileUrl": f"{APPS}/people/applications/{person.applications[0].id}",
        **given,
    }


def world_applications(world: World, organization: str) -> Iterator[Batch]:
    """The applications of the world, then further ones of its first people up to two per candidate."""
    found = list(world.applications.values())
    wanted = APPLICATIONS_PER_CANDIDATE * len(world.candidates)
    for start in range(0, wanted, BATCH):
        numbers = range(start, start + BATCH)
        pairs = [(_id(found, number), found[number % len(found)]) for number in numbers]
        keys = [(own_id,) for own_id, _ in pairs]
        values = [orjson.dumps(_application(world, application)).decode() for _, application in pairs]
        yield batch_of("/v2/atsApplications", organization, ("atsJobApplicationId",), keys, values, rest=False)


def _id(found: list[Application], number: int) -> str:
    return found[number].id if number < len(found) else uuid_of(_FURTHER + number)


def _application(world: World, application: Application) -> dict[str, Any]:
    person = world.candidates[application.candidate_id]
    return {
        "atsCandidateId": person.id,
        "atsJobPostingId": application.job_id,
        "atsJobPostingName": world.jobs[application.job_id].title,
        "atsCreatedAt": application.created,
        "atsLastModifiedAt": person.updated,
        "candidateEmail": person.email,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "source": world.company.sources[application.source or 0].label,
    }
