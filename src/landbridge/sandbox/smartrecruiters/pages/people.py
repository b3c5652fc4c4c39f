"""Candidates: search, a new one, and one person with applications, notes and the LinkedIn widget."""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

from starlette.responses import Response

from landbridge.sandbox.smartrecruiters.application_writes import StatusChange, sub_statuses, take_step
from landbridge.sandbox.smartrecruiters.call import RefusalError
from landbridge.sandbox.smartrecruiters.candidate_writes import DEFAULT_SOURCE
from landbridge.sandbox.smartrecruiters.candidates import consent_of, tags_of, traits_of
from landbridge.sandbox.smartrecruiters.changes import applications, candidates
from landbridge.sandbox.smartrecruiters.messages import MENTIONED, TAGGED, Audience, Share, post
from landbridge.sandbox.smartrecruiters.pages.visit import ROWS, Visit, page_of
from landbridge.sandbox.smartrecruiters.payload import MAIL
from landbridge.sandbox.smartrecruiters.properties import MEMBER_PROPERTY
from landbridge.sandbox.smartrecruiters.records import Message
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.job import Job
from landbridge.sandbox.worlds.person import Application, Candidate, Step

STATUSES: Final = ("LEAD", "NEW", "IN_REVIEW", "INTERVIEW", "OFFERED", "HIRED", "REJECTED", "WITHDRAWN")
JOBS_OFFERED: Final = 200
ADDRESS: Final = "/app/people/candidates"
SOURCE_OF_PAGES: Final = "Company Website"


def show_all(visit: Visit) -> Response:
    words, world = visit.query("q"), visit.state.world
    first = (visit.number - 1) * ROWS
    if words:
        found = visit.state.people.search(words)
        rows, total = found[first : first + ROWS], len(found)
    else:
        # Newest first, without a list of a million people for 25 of them.
        rows, total = list(islice(reversed(world.candidates.values()), first, first + ROWS)), len(world.candidates)
    titles = {job_id: job.title for each in rows for job_id, job in _jobs_of(visit.state, each)}
    return visit.show("candidates.html", people=page_of(visit, rows, total), words=words, titles=titles)


def _jobs_of(state: State, candidate: Candidate) -> list[tuple[str, Job]]:
    found = ((each.job_id, state.world.jobs.get(each.job_id)) for each in candidate.applications)
    return [(job_id, job) for job_id, job in found if job is not None]


def show_new(visit: Visit) -> Response:
    return _form(visit)


def _form(visit: Visit, status: int = 200, problem: str = "") -> Response:
    said = {name: visit.form(name) or visit.query(name) for name in ("first", "last", "email", "phone", "job")}
    return visit.show("new_candidate.html", status, said=said, jobs=_open_jobs(visit.state), problem=problem)


def _open_jobs(state: State) -> list[Job]:
    """The jobs somebody can be put on, most active first."""
    jobs = (job for job in state.jobs_by_activity() if job.posting_status != "NOT_PUBLISHED" and not job.template)
    return list(islice(jobs, JOBS_OFFERED))


def create(visit: Visit) -> Response:
    first, last, email, phone = (visit.form(name) for name in ("first", "last", "email", "phone"))
    job = visit.state.world.jobs.get(visit.form("job"))
    if not first or not last:
        return _form(visit, 400, "Somebody has a first and a last name.")
    if not MAIL.fullmatch(email):
        return _form(visit, 400, "This is no e-mail address.")
    known = visit.state.people.same_identity(email, last)
    if known is not None:
        return visit.go(f"{ADDRESS}/{known.id}", notice="This person was here already.")
    told = {"phoneNumber": phone} if phone else {}
    person = candidates.create(visit.state, first, last, email, told=told)
    if job is not None:
        _put_on(visit, person, job)
    return visit.go(f"{ADDRESS}/{person.id}", notice="The candidate is created.")


def _put_on(visit: Visit, candidate: Candidate, job: Job) -> None:
    sources = enumerate(visit.state.world.company.sources)
    source = next(place for place, source in sources if source.label in {SOURCE_OF_PAGES, DEFAULT_SOURCE})
    applications.add(visit.state, visit.by, candidate, job, source=source, step=Step("LEAD"))


def show(visit: Visit) -> Response:
    candidate = _find(visit)
    return _missing(visit) if candidate is None else _show(visit, candidate)


def _find(visit: Visit) -> Candidate | None:
    return visit.state.world.candidates.get(visit.path["candidate"])


def _missing(visit: Visit) -> Response:
    return visit.refuse(404, "No such candidate", "The candidate was deleted, or the address is wrong.")


def _show(visit: Visit, candidate: Candidate, status: int = 200, problem: str = "", note: str = "") -> Response:
    state = visit.state
    applied = [(each, state.world.jobs.get(each.job_id), state.source_of(each)) for each in candidate.applications]
    taken = {each.job_id for each in candidate.applications}
    notes = [
        _readable(state, each, candidate) for each in state.messages.about(candidate.id)[::-1] if _may_read(visit, each)
    ]
    return visit.show(
        "candidate.html",
        status,
        candidate=candidate,
        facts={**traits_of(candidate), **state.told.get(candidate.id, {})},
        tags=tags_of(state, candidate),
        consent=consent_of(state, candidate)[0],
        applied=applied,
        steps=_steps(state),
        reasons=_reasons(state),
        jobs=[job for job in _open_jobs(state) if job.id not in taken],
        notes=notes,
        note=note,
        widget=visit.widget,
        origin=f"{visit.request.url.scheme}://{visit.request.url.netloc}",
        member=state.records.fields.get(candidate.id, {}).get(MEMBER_PROPERTY, ""),
        may_delete=visit.manages,
        problem=problem,
    )


def _steps(state: State) -> list[tuple[str, str]]:
    """Every step somebody can be moved to: its value in the form, and its words."""
    found = []
    for status in STATUSES:
        words = status.replace("_", " ").capitalize()
        labels = sub_statuses(state, status)
        found += [(f"{status}/{label}", f"{words}: {label}") for label in labels] or [(f"{status}/", words)]
    return found


def _reasons(state: State) -> list[tuple[str, str]]:
    company = state.world.company
    kinds = (("Rejected", company.rejection_reasons), ("Withdrawn", company.withdrawal_reasons))
    return [(reason.id, f"{kind}: {reason.label}") for kind, reasons in kinds for reason in reasons]


def _may_read(visit: Visit, message: Message) -> bool:
    """The kinds of notes: open ones, those for everybody, one's own, and what was shared with oneself or one's team."""
    state, me = visit.state, visit.user.id
    teams = (state.world.jobs.get(job_id) for job_id in message.hiring_teams)
    team = {state.world.users[place].id for job in teams if job for place in job.hiring_team}
    return message.open_note or message.everyone or me in {message.author, *message.users} or me in team


def _readable(state: State, message: Message, about: Candidate) -> dict[str, Any]:
    """A note with names in place of its tokens."""

    def user(user_id: str) -> str:
        found = state.users_by_id.get(user_id)
        return f"{found.first_name} {found.last_name}" if found else "somebody"

    def person(candidate_id: str) -> str:
        found = state.world.candidates.get(candidate_id)
        return f"{found.first_name or ''} {found.last_name or ''}".strip() if found else "somebody"

    # The person whose page this is need not be named on it.
    content = message.content.removesuffix(f" #[CANDIDATE:{about.id}]")
    text = MENTIONED.sub(lambda found: f"@{user(found[1])}", content)
    text = TAGGED.sub(lambda found: person(found[1]), text)
    return {"author": user(message.author), "text": text, "at": message.created, "open": message.open_note}


def edit(visit: Visit) -> Response:
    candidate = _find(visit)
    if candidate is None:
        return _missing(visit)
    first, last, email = (visit.form(name) for name in ("first", "last", "email"))
    if not first or not last or not MAIL.fullmatch(email):
        return _show(visit, candidate, 400, "Somebody has a first and a last name and an e-mail address.")
    other = visit.state.people.same_identity(email, last)
    if other is not None and other is not candidate:
        return _show(visit, candidate, 409, "Another candidate has this e-mail address and last name.")
    fields = {"firstName": first, "lastName": last, "email": email, "phoneNumber": visit.form("phone") or None}
    if fields["phoneNumber"] == {**traits_of(candidate), **visit.state.told.get(candidate.id, {})}["phoneNumber"]:
        del fields["phoneNumber"]
    candidates.edit(visit.state, candidate, fields)
    return visit.go(f"{ADDRESS}/{candidate.id}", notice="Saved.")


def add_to_job(visit: Visit) -> Response:
    candidate, job = _find(visit), visit.state.world.jobs.get(visit.form("job"))
    if candidate is None:
        return _missing(visit)
    if job is None or visit.state.application_of(candidate, job.id):
        return _show(visit, candidate, 400, "Choose a job this person is not in yet.")
    _put_on(visit, candidate, job)
    return visit.go(f"{ADDRESS}/{candidate.id}", notice="The candidate is on one job more.")


def write_note(visit: Visit) -> Response:
    """An open note about the person, or one to oneself."""
    candidate = _find(visit)
    if candidate is None:
        return _missing(visit)
    text = visit.form("content")
    content = f"{text} #[CANDIDATE:{candidate.id}]"
    if not text or len(content) > 10_000:
        return _show(visit, candidate, 400, "A note has 1 to 10,000 characters.", text)
    try:
        post(visit.state, visit.by, Share(content, share_with=Audience(open_note=visit.form("open") == "yes")))
    except RefusalError as refusal:
        return _show(visit, candidate, 400, refusal.message, text)
    return visit.go(f"{ADDRESS}/{candidate.id}", notice="The note is there.")


def delete(visit: Visit) -> Response:
    candidate = _find(visit)
    if candidate is None:
        return _missing(visit)
    if not visit.manages:
        return visit.refuse(403, "Not for you", "Only administrators and extended users delete candidates.")
    candidates.erase(visit.state, visit.by, candidate)
    return visit.go(ADDRESS, notice="The candidate is deleted, with all applications and notes.")


def link_member(visit: Visit) -> Response:
    """What LinkedIn's widget says: who of its members this is, or (an empty text) that nobody is any more."""
    candidate = _find(visit)
    if candidate is None:
        return _missing(visit)
    urn = visit.form("member")[:200]
    fields = visit.state.records.fields.get(candidate.id, {})
    kept = {name: value for name, value in fields.items() if name != MEMBER_PROPERTY}
    visit.state.records.fields[candidate.id] = {**kept, MEMBER_PROPERTY: urn} if urn else kept
    candidates.updated(visit.state, candidate)
    return Response(status_code=204)


def move(visit: Visit) -> Response:
    """An application takes another step."""
    application = _application(visit)
    if application is None:
        return _missing(visit)
    candidate = visit.state.world.candidates[application.candidate_id]
    status, _, label = visit.form("step").partition("/")
    reason = visit.form("reason") if status in {"REJECTED", "WITHDRAWN"} else ""
    try:
        take_step(visit.state, visit.by, application, StatusChange(status, label or None, reason=reason or None))
    except RefusalError as refusal:
        return _show(visit, candidate, 400, refusal.message)
    return visit.go(f"{ADDRESS}/{candidate.id}", notice="The application has moved on.")


def show_application(visit: Visit) -> Response:
    application = _application(visit)
    return visit.go(f"{ADDRESS}/{application.candidate_id}") if application else _missing(visit)


def _application(visit: Visit) -> Application | None:
    return visit.state.world.applications.get(visit.path["application"])
