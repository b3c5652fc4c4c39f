"""The passes of reading SmartRecruiters, and what each costs."""

from __future__ import annotations

from landbridge.connectors.smartrecruiters.client import PAGE_SIZE
from landbridge.connectors.smartrecruiters.report import ROWS_PER_PAGE
from landbridge.connectors.smartrecruiters.settings import ALLOWANCES, Strategy
from landbridge.ports.source import Pass
from landbridge.records import Kind

IN_FLIGHT = ALLOWANCES[""].in_flight or 1

CANDIDATES = Pass(
    name="candidates",
    reads="list",
    of=Kind.CANDIDATE,
    title="Reading the list of candidates",
    calls=1,
    concurrency=1,
    page_size=PAGE_SIZE,
    notices_absence=True,
)
JOB_LIST = Pass(
    name="job_list",
    reads="list",
    of=Kind.JOB,
    title="Reading the list of jobs",
    calls=1,
    concurrency=1,
    page_size=PAGE_SIZE,
    notices_absence=True,
)
JOBS = Pass(name="jobs", reads="items", of=Kind.JOB, title="Reading jobs and ads", calls=2, concurrency=IN_FLIGHT)
JOBS_WITH_TEAMS = Pass(
    name="jobs", reads="items", of=Kind.JOB, title="Reading jobs, ads and hiring teams", calls=3, concurrency=IN_FLIGHT
)
APPLICATIONS = Pass(
    name="applications",
    reads="items",
    of=Kind.APPLICATION,
    title="Reading applications",
    calls=2,
    concurrency=IN_FLIGHT,
)
APPLICATIONS_AT_ONCE = Pass(
    name="applications",
    reads="items",
    of=Kind.APPLICATION,
    title="Reading applications with their history",
    calls=3,
    concurrency=IN_FLIGHT,
)
REPORT = Pass(
    name="report",
    reads="list",
    of=Kind.APPLICATION,
    title="Reading applications from the report",
    calls=0,
    concurrency=1,
    page_size=ROWS_PER_PAGE,
)
HISTORY = Pass(
    name="history",
    reads="items",
    of=Kind.STAGE,
    title="Reading the history of applications",
    calls=1,
    concurrency=IN_FLIGHT,
)
DETAILS = Pass(
    name="details",
    reads="items",
    of=Kind.CANDIDATE,
    title="Reading more about candidates",
    calls=1,
    concurrency=IN_FLIGHT,
)
REVIEWS = Pass(
    name="reviews",
    reads="items",
    of=Kind.FEEDBACK,
    title="Reading reviews of applications",
    calls=1,
    concurrency=IN_FLIGHT,
)
NOTES = Pass(
    name="notes",
    reads="items",
    of=Kind.NOTE,
    title="Reading notes on applications",
    calls=1,
    concurrency=IN_FLIGHT,
)
RESUMES = Pass(
    name="resumes",
    reads="items",
    of=Kind.RESUME,
    title="Reading which resumes there are",
    calls=1,
    concurrency=IN_FLIGHT,
)


def passes_of(
    strategy: Strategy,
    *,
    extra_fields: bool,
    reviews: bool = False,
    notes: bool = False,
    resumes: bool = False,
    teams: bool = False,
) -> tuple[Pass, ...]:
    """The passes in order. Lists come first wherever possible: they alone bring every candidate.

    From a report the applications come without calls of their own; the items pass of the same name then only looks
    after those that the candidates list no longer shows.
    """
    jobs = JOBS_WITH_TEAMS if teams else JOBS
    told = (*((REVIEWS,) if reviews else ()), *((NOTES,) if notes else ()), *((RESUMES,) if resumes else ()))
    further = (*((DETAILS,) if extra_fields else ()), *told)
    match strategy:
        case "progressive":
            return (CANDIDATES, JOB_LIST, jobs, APPLICATIONS, HISTORY, *further)
        case "naive":
            return (CANDIDATES, JOB_LIST, jobs, DETAILS, APPLICATIONS_AT_ONCE, *told)
        case "report":
            return (CANDIDATES, JOB_LIST, jobs, REPORT, APPLICATIONS, HISTORY, *further)
