"""Jobs: the list, a new one, and one with its ad, its status and the people who are in it."""

from __future__ import annotations

from html import escape

from starlette.responses import Response

from landbridge.sandbox.smartrecruiters.changes import jobs
from landbridge.sandbox.smartrecruiters.jobs import JOB_STATUSES
from landbridge.sandbox.smartrecruiters.pages.visit import ROWS, Visit, page_of
from landbridge.sandbox.worlds.job import Ad, Job
from landbridge.sandbox.worlds.vocabulary import PLACES

LONGEST_TITLE = 256
LONGEST_TEXT = 24_999
ORDER = ("CREATED", "SOURCING", "INTERVIEW", "OFFER", "ON_HOLD", "FILLED", "CANCELLED", "OTHER")


def show_all(visit: Visit) -> Response:
    words, status = visit.query("q").lower(), visit.query("status")
    found = [
        job
        for job in visit.state.jobs_by_activity()
        if words in f"{job.title or ''} {job.ref_number or ''}".lower() and status in {"", job.status}
    ]
    first = (visit.number - 1) * ROWS
    shown = page_of(visit, found[first : first + ROWS], len(found))
    chosen = status if status in JOB_STATUSES else ""
    return visit.show("jobs.html", jobs=shown, words=visit.query("q"), chosen=chosen, statuses=ORDER)


def show_new(visit: Visit) -> Response:
    return _form(visit)


def _form(visit: Visit, status: int = 200, problem: str = "") -> Response:
    said = {name: visit.form(name) for name in ("title", "place", "department", "description")}
    departments = visit.state.world.company.departments
    return visit.show("new_job.html", status, places=PLACES, departments=departments, said=said, problem=problem)


def create(visit: Visit) -> Response:
    title, place, department = visit.form("title"), visit.form("place"), visit.form("department")
    if not 1 <= len(title) <= LONGEST_TITLE:
        return _form(visit, 400, f"A title has 1 to {LONGEST_TITLE} characters.")
    job = jobs.create(
        visit.state,
        visit.by,
        title,
        PLACES[_number(place, len(PLACES)) or 0],
        _html(visit.form("description")),
        _number(department, len(visit.state.world.company.departments)),
    )
    return visit.go(f"/app/jobs/{job.id}", notice="The job is a draft. Publish it when its ad is ready.")


def _number(text: str, count: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 and int(text) < count else None


def _html(text: str) -> str:
    """Plain text as paragraphs; what is written with tags already stays as it is."""
    if "<" in text:
        return text[:LONGEST_TEXT]
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    return "".join(f"<p>{escape(part)}</p>" for part in parts)[:LONGEST_TEXT]


def show(visit: Visit) -> Response:
    job = _find(visit)
    return _missing(visit) if job is None else _show(visit, job)


def _show(visit: Visit, job: Job, status: int = 200, problem: str = "") -> Response:
    state, first = visit.state, (visit.number - 1) * ROWS
    applications = state.people.of_job(job.id)
    rows = [(each, state.world.candidates[each.candidate_id]) for each in applications[::-1][first : first + ROWS]]
    ad = job.default_ad
    texts = ad.texts() if ad else {}
    return visit.show(
        "job.html",
        status,
        job=job,
        ad=ad,
        description=(texts.get("jobDescription") or "")[:LONGEST_TEXT],
        people=page_of(visit, rows, len(applications)),
        department=state.world.company.departments[job.department].label if job.department is not None else "none",
        team=[state.world.users[place] for place in job.hiring_team],
        closed=job.status in jobs.CLOSED,
        problem=problem,
    )


def _find(visit: Visit) -> Job | None:
    return visit.state.world.jobs.get(visit.path["job"])


def _missing(visit: Visit) -> Response:
    return visit.refuse(404, "No such job", "The job was deleted, or the address is wrong.")


def edit_ad(visit: Visit) -> Response:
    """Title and description of the default ad; the job's own title follows."""
    job = _find(visit)
    ad = job.default_ad if job else None
    if job is None or ad is None:
        return _missing(visit)
    title, description = visit.form("title"), visit.form("description")
    if not 1 <= len(title) <= LONGEST_TITLE:
        return _show(visit, job, 400, f"A title has 1 to {LONGEST_TITLE} characters.")
    _take_words(visit, job, ad, title, description)
    return visit.go(f"/app/jobs/{job.id}", notice="The ad is saved. Career sites show it when it is published again.")


def _take_words(visit: Visit, job: Job, ad: Ad, title: str, description: str) -> None:
    texts = ad.texts()
    if (title, description) != (ad.title, texts.get("jobDescription")):
        words = {**texts, "jobDescription": _html(description)}
        jobs.edit_ad(visit.state, visit.by, job, ad, title=title, words=words)
    jobs.edit(visit.state, job, {"title": title})


def act(visit: Visit) -> Response:
    """Publish, unpublish, close or reopen: ``act`` of the form says which."""
    job = _find(visit)
    if job is None:
        return _missing(visit)
    done = _act(visit, job, visit.form("act"))
    return (
        _show(visit, job, 400, "This cannot be done now.")
        if done is None
        else visit.go(f"/app/jobs/{job.id}", notice=done)
    )


def _act(visit: Visit, job: Job, act: str) -> str | None:
    """What was done; None where it makes no sense."""
    closed, ad = job.status in jobs.CLOSED, job.default_ad
    if act == "publish" and ad is not None and not closed:
        visibility = visit.form("visibility")
        if visibility in jobs.SITES:
            ad.visibility = visibility
        jobs.publish(visit.state, job, ad)
        return "The job is published."
    if act == "unpublish" and job.posting_status != "NOT_PUBLISHED":
        jobs.unpublish(visit.state, job, job.ads)
        return "The job is no longer published."
    if act in {"FILLED", "CANCELLED"} and not closed:
        jobs.set_status(visit.state, job, act)
        return "The job is closed."
    if act == "reopen" and closed:
        jobs.set_status(visit.state, job, "SOURCING")
        return "The job is open again. Publish it to show it."
    return None
