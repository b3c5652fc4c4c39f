"""What should be on LinkedIn, worked out from the ATS sandbox's own records. Shares nothing with the connectors.

The rules are the documented ones: docs/explanation/how-it-works.md and docs/decisions/0013. Field names on the left are
LinkedIn's, on the right SmartRecruiters'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from landbridge.cli.demo.check import Seen
from landbridge.cli.demo.words import cut, is_address, letters, millis, one_line, plain

Row = Mapping[str, Any]

PROFILE = "https://www.smartrecruiters.com/app/people/candidates/{}"
OPEN = {"SOURCING", "INTERVIEW", "OFFER", "OFFERED"}
CLOSED = {"FILLED", "CANCELLED"}
POSTED = {"PUBLIC", "INTERNAL", "PRIVATE"}
# In which order an application passes its steps: tells apart steps of the same instant.
STEPS = ("LEAD", "NEW", "IN_REVIEW", "INTERVIEW", "OFFERED", "HIRED", "REJECTED", "WITHDRAWN", "TRANSFERRED")
TITLE_UNITS = 200
NEARLY_TOO_LONG = 20_000


class Company(Struct, frozen=True):
    """The ATS side, by kind and key, and what the ATS lists but refuses to show."""

    jobs: dict[str, Seen]
    candidates: dict[str, Seen]
    applications: dict[str, Seen]
    stages: dict[str, Seen]
    unreadable: dict[str, int]


def see(dumps: Mapping[str, Iterable[Row]]) -> Company:
    """Work it out from the dumps of jobs, candidates, applications, histories and sources."""
    unreadable: Counter[str] = Counter()
    jobs = {job["id"]: see_job(job) for job in _readable(dumps["jobs"], "job", unreadable)}
    people = {person["id"]: person for person in dumps["candidates"] if person["listed"]}
    labels = {source["sourceIdentifier"]: source["label"] for source in dumps["sources"]}
    histories = {row["applicationId"]: row for row in dumps["histories"]}
    applications, stages = {}, {}
    for row in _readable(dumps["applications"], "application", unreadable):
        key = row["applicationId"]
        history = histories[key]
        if history["readable"] != 200:
            unreadable[f"history answers {history['readable']}"] += 1
        steps = see_steps(row, history)
        stages.update({step.key: step for step in steps})
        changes = [at for at in (millis(change.get("changedOn")) for change in _told(history)) if at is not None]
        applications[key] = see_application(row, people[row["candidateId"]], jobs, labels, changes)
    candidates = {key: see_candidate(person) for key, person in people.items()}
    return Company(jobs, candidates, applications, stages, dict(sorted(unreadable.items())))


def _readable(rows: Iterable[Row], what: str, unreadable: Counter[str]) -> Iterable[Row]:
    for row in rows:
        if row["readable"] == 200:
            yield row
        else:
            unreadable[f"{what} answers {row['readable']}"] += 1


# Jobs


def see_job(job: Row) -> Seen:
    ads = sorted(job["jobAds"], key=lambda ad: (not ad.get("default"), ad.get("postingStatus") != "PUBLISHED"))
    usable = [ad for ad in ads if ad["readable"] == 200]
    published = [at for ad in ads for each in ad["publications"] if (at := millis(each.get("publishedOn"))) is not None]
    title = one_line(job.get("title")) or next(
        (one_line(ad.get("title")) for ad in usable if plain(ad.get("title"))), ""
    )
    text = ad_text(job.get("jobAd")) or next((ad_text(ad["jobAd"]) for ad in usable if ad_text(ad["jobAd"])), "")
    state = job_state(job, published=any(ad["publications"] for ad in ads))
    urls = [_apply_link(job), *(plain(ad.get("applyUrl")) for ad in usable)]
    times = [min(published, default=None), millis(job.get("createdOn"))]
    location = job.get("location") or {}
    return Seen(
        key=job["id"],
        fields={
            "title": cut(title, TITLE_UNITS),
            "state": {"open": "OPEN", "closed": "CLOSED"}.get(state),
            "availability": "PRIVATE_TO_ATS_INTEGRATION",
            "companyApplyUrl": lambda url: url in urls,
            "listedAt": lambda at: at in times,
            "location": lambda place: one_line(location.get("city")).replace(",", "") in place,
            "description": lambda there: _same_words(letters(text), there),
        },
        facts={
            "title": title,
            "state": state,
            "template": bool(job.get("template")),
            "words": text,
            "urls": urls,
            "times": times,
            "location": location,
        },
    )


def _same_words(wanted: str, description: str) -> bool:
    """The same letters in the same order; an ad over LinkedIn's 25,000 characters may end early."""
    there = letters(description)
    return there == wanted or (len(description) > NEARLY_TOO_LONG and wanted.startswith(there))


def job_state(job: Row, *, published: bool) -> str:
    """open, closed or draft: decision 0013."""
    posted = job.get("postingStatus") in POSTED
    if job.get("status") in CLOSED and (posted or published):
        return "closed"
    return "open" if job.get("status") in OPEN and posted else "draft"


def ad_text(ad: Any) -> str:
    sections = (ad or {}).get("sections") or {}
    texts = []
    for name in ("companyDescription", "jobDescription", "qualifications", "additionalInformation"):
        section = sections.get(name) or {}
        if plain(section.get("text")):
            texts.append(f"<p>{plain(section.get('title'))}</p>{plain(section['text'])}")
    return "".join(texts)


def _apply_link(job: Row) -> str:
    link = (job.get("actions") or {}).get("applyOnWeb") or {}
    return plain(link.get("url"))


# Candidates


def see_candidate(person: Row) -> Seen:
    created = millis(person.get("createdOn"))
    updated = millis(person.get("updatedOn"))
    email = plain(person.get("email"))
    return Seen(
        key=person["id"],
        fields={
            "firstName": plain(person.get("firstName")),
            "lastName": plain(person.get("lastName")),
            "emailAddresses": [email],
            "atsCreatedAt": created,
            "atsLastModifiedAt": _latest(created, updated),
            "externalProfileUrl": PROFILE.format(person["id"]),
        },
        facts={"email": email, "times": [created, updated]},
    )


# Applications


def see_application(
    row: Row, person: Row, jobs: Mapping[str, Seen], labels: Mapping[str, str], changes: list[int]
) -> Seen:
    created = millis(row.get("createDate"))
    updated = millis(person.get("updatedOn")) or millis(person.get("createdOn"))
    job = jobs.get(row["jobId"])
    email = plain(person.get("email"))
    source = plain(row.get("source")) or plain(labels.get(row.get("sourceIdentifier") or ""))
    reasons = (row.get("reasonOfRejection"), row.get("reasonOfWithdrawal"))
    return Seen(
        key=row["applicationId"],
        fields={
            "atsCandidateId": row["candidateId"],
            "atsJobPostingId": row["jobId"],
            "atsJobPostingName": job.fields["title"] if job else "",
            "atsCreatedAt": created,
            "atsLastModifiedAt": _latest(created, updated, *changes),
            "firstName": plain(person.get("firstName")),
            "lastName": plain(person.get("lastName")),
            "candidateEmail": email if is_address(email) else None,
            "source": source or None,
            "dispositionReason": next((plain(reason.get("label")) for reason in reasons if reason), ""),
        },
        facts={
            "candidate": row["candidateId"],
            "job": row["jobId"],
            "job_title": job.fields["title"] if job else "",
            "template": bool(job and job.facts["template"]),
            "times": [created, updated, *changes],
        },
    )


# Stages


def see_steps(row: Row, history: Row) -> list[Seen]:
    """The history, oldest first; where there is none to be read, the present status since the application began."""
    told = sorted(_told(history), key=_place_in_time)
    if not told:
        told = [{"status": row.get("status"), "subStatus": row.get("subStatus"), "changedOn": row.get("createDate")}]
    return [_see_step(row["applicationId"], number, step) for number, step in enumerate(told, start=1)]


def _told(history: Row) -> list[Row]:
    return [step for step in history["content"] if plain(step.get("status"))] if history["readable"] == 200 else []


def _see_step(application: str, number: int, step: Row) -> Seen:
    entered = millis(step.get("changedOn"))
    name = step_name(step)
    return Seen(
        key=f"{application}.{number}",
        fields={"stage": name, "atsCreatedAt": entered},
        facts={"application": application, "stage": name, "times": [entered]},
    )


def step_name(step: Row) -> str:
    """ "Interview: Panel" for INTERVIEW with the sub-status Panel."""
    main = " ".join(plain(step.get("status")).replace("_", " ").split()).capitalize()
    part = plain(step.get("subStatus"))
    return f"{main}: {part}" if main and part else main


def _place_in_time(step: Row) -> tuple[float, int, str, str]:
    at, status = millis(step.get("changedOn")), step.get("status") or ""
    rank = STEPS.index(status) if status in STEPS else len(STEPS)
    return (float("-inf") if at is None else at, rank, status, step.get("subStatus") or "")


def _latest(*times: int | None) -> int | None:
    return max((at for at in times if at is not None), default=None)
