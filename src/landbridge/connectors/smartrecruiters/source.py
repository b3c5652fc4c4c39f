"""SmartRecruiters as the engine reads it: pages of lists and single items, by pass."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from msgspec import UNSET, UnsetType, structs

from landbridge.connectors.description import Wiring
from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.access import Permission, Permissions, check_access
from landbridge.connectors.smartrecruiters.applications import (
    present_stage,
    told_by_history,
    translate_application,
    translate_history,
)
from landbridge.connectors.smartrecruiters.candidates import job_ids, translate_candidate
from landbridge.connectors.smartrecruiters.client import NAME, SmartRecruiters, open_client
from landbridge.connectors.smartrecruiters.identifier import is_usable, split_key
from landbridge.connectors.smartrecruiters.jobs import read_job
from landbridge.connectors.smartrecruiters.merges import Merges
from landbridge.connectors.smartrecruiters.moment import write_moment
from landbridge.connectors.smartrecruiters.notes import Notes
from landbridge.connectors.smartrecruiters.passes import passes_of
from landbridge.connectors.smartrecruiters.report import Report
from landbridge.connectors.smartrecruiters.resumes import RESUME, file_of, translate_resume
from landbridge.connectors.smartrecruiters.reviews import translate_review
from landbridge.connectors.smartrecruiters.rows import decode_rows
from landbridge.connectors.smartrecruiters.settings import Settings, read_settings
from landbridge.connectors.smartrecruiters.users import Colleagues, translate_user
from landbridge.errors import (
    CannotTranslateError,
    LandbridgeError,
    MissingError,
    NeedsPersonError,
    NotPermittedError,
    RecordError,
    SignInRejectedError,
    SurpriseError,
)
from landbridge.http import Clock, CursorTrail
from landbridge.http.decoding import decode_json
from landbridge.ports.source import Access, Gone, Item, Page, Pass, Refused
from landbridge.records import Application, Kind, Record, Stage, User
from landbridge.records.kinship import child_key, pair_key

# Whether the filters include their own instant is not documented.
OVERLAP = timedelta(milliseconds=1)
# What is read of each application by itself.
OF_APPLICATIONS = {"history", "reviews", "notes", "resumes"}


def open_source(wiring: Wiring) -> SmartRecruitersSource:
    """Raises SettingError."""
    settings = read_settings(wiring.settings, wiring.secrets, wiring.choices)
    return SmartRecruitersSource(settings, SmartRecruiters(open_client(settings, wiring)), wiring.clock)


class SmartRecruitersSource:
    """One SmartRecruiters account, read (``ports.source.Source``)."""

    name = NAME

    def __init__(self, settings: Settings, account: SmartRecruiters, clock: Clock) -> None:
        self._settings = settings
        self._account = account
        self._permissions = Permissions(account, settings, clock)
        self._trails: dict[str, CursorTrail] = {}
        self._report = Report(account, settings.report_id, settings.report_columns)
        self._source_labels: dict[str, str | None] = {}
        self._colleagues = Colleagues(account)
        self._notes = Notes(account, self._colleagues, self._permissions, settings, clock)
        self._merges = Merges(account)

    @property
    def passes(self) -> Sequence[Pass]:
        settings = self._settings
        return passes_of(
            settings.strategy,
            extra_fields=settings.extra_fields,
            reviews=settings.reviews,
            notes=settings.notes,
            resumes=settings.resumes,
            teams=settings.teams,
        )

    @property
    def permissions(self) -> Permissions:
        """What the credential was found to be allowed."""
        return self._permissions

    async def check(self) -> Access:
        return await check_access(self._account, self._permissions)

    async def read_list(self, pass_name: str, cursor: str | None, since: datetime | None) -> Page:
        readers = {"candidates": self._read_candidates, "job_list": self._read_jobs, "report": self._read_report}
        page = await readers[pass_name](cursor, write_moment(since - OVERLAP) if since is not None else None)
        return self._with_children(page)

    async def read_item(self, pass_name: str, key: str) -> Page:
        read, permission = self._readers()[pass_name]
        try:
            return self._with_children(await read(key))
        except (NotPermittedError, SignInRejectedError) as refused:
            explained = await self._permissions.explain(refused, permission)
        except SurpriseError as surprise:
            explained = _about_one_record(surprise)
        raise explained

    async def read_users(self, cursor: str | None) -> tuple[Sequence[User], str | None]:
        rows = await self._account.users(page_id=cursor)
        # Users are no kind of record that travels; a row nobody can read is left out.
        users, _ = decode_rows(rows.content, wire.User, Kind.CANDIDATE)
        following = self._trail("users").follow(cursor, rows.next_page_id)
        return [translate_user(user) for user in users], following if rows.content else None

    async def close(self) -> None:
        self._report.close()
        await self._account.close()

    def _readers(self) -> dict[str, tuple[Callable[[str], Awaitable[Page]], Permission]]:
        return {
            "candidates": (self._read_candidate, Permission.CANDIDATES),
            "details": (self._read_details, Permission.CANDIDATES),
            "job_list": (self._read_job, Permission.JOBS),
            "jobs": (self._read_job, Permission.JOBS),
            "applications": (self._read_application, Permission.CANDIDATES),
            "history": (self._read_history, Permission.HISTORY),
            "reviews": (self._read_reviews, Permission.REVIEWS),
            "notes": (self._notes.read, Permission.NOTES),
            "resumes": (self._read_resumes, Permission.CANDIDATES),
        }

    def _trail(self, name: str) -> CursorTrail:
        return self._trails.setdefault(name, CursorTrail())

    async def _read_candidates(self, cursor: str | None, after: str | None) -> Page:
        rows = await self._account.candidates(page_id=cursor, updated_after=after)
        return self._leading_on("candidates", self._candidates_page(rows), cursor, rows)

    async def _read_jobs(self, cursor: str | None, after: str | None) -> Page:
        rows = await self._account.jobs(page_id=cursor, active_after=after)
        return self._leading_on("job_list", _jobs_page(rows), cursor, rows)

    async def _read_report(self, cursor: str | None, after: str | None) -> Page:  # noqa: ARG002 - it has no filter
        return await self._report.read_page(cursor)

    def _leading_on(self, name: str, page: Page, asked: str | None, rows: wire.Rows) -> Page:
        following = self._trail(name).follow(asked, rows.next_page_id)
        # An empty page that names a next one could go on for ever without repeating a cursor.
        return structs.replace(page, cursor=following if rows.content else None, total=rows.total_found)

    def _candidates_page(self, rows: wire.Rows) -> Page:
        people, refused = decode_rows(rows.content, wire.CandidateRow, Kind.CANDIDATE)
        pairs = [(person.id, job_id) for person in people for job_id in job_ids(person)]
        listed = tuple(pair for pair in pairs if is_usable(pair[1]))
        refused += [Refused(kind=Kind.APPLICATION, key="", reason="unusable_id")] * (len(pairs) - len(listed))
        return Page(
            records=tuple(translate_candidate(person, self._settings) for person in people),
            items=(*self._details_items(people), *self._application_items(listed)),
            listed=listed,
            refused=tuple(refused),
        )

    def _details_items(self, people: Sequence[wire.CandidateRow]) -> tuple[Item, ...]:
        if not any(each.name == "details" for each in self.passes):
            return ()
        return tuple(Item("details", person.id) for person in people)

    def _application_items(self, listed: Sequence[tuple[str, str]]) -> tuple[Item, ...]:
        if self._settings.strategy == "report":
            return ()  # the report brings them
        return tuple(Item("applications", pair_key(*pair)) for pair in listed)

    async def _read_candidate(self, key: str) -> Page:
        """The candidate, and the applications to read where they are new."""
        try:
            person = await self._account.candidate(key)
        except MissingError:
            return await self._gone(key)
        listed = tuple((person.id, job_id) for job_id in job_ids(person) if is_usable(job_id))
        records = (translate_candidate(person, self._settings),)
        return Page(records=records, items=self._application_items(listed), listed=listed)

    async def _read_details(self, key: str) -> Page:
        page = await self._read_candidate(key)
        return structs.replace(page, items=(), listed=())

    async def _gone(self, key: str) -> Page:
        """A candidate the ATS no longer has: deleted, or part of another who has its applications now."""
        successor = await self._merges.successor(key)
        if not successor:
            return Page(gone=(Gone(Kind.CANDIDATE, key),), calls=2)
        page = await self._read_candidate(successor)
        gone = Gone(Kind.CANDIDATE, key, successor=successor if page.records else "")
        page = structs.replace(page, gone=(*page.gone, gone), calls=page.calls + 3)
        for pair in page.listed:
            page = _with(page, await self._inherited(pair))
        return structs.replace(page, items=tuple(item for item in page.items if item.pass_name in OF_APPLICATIONS))

    async def _inherited(self, pair: tuple[str, str]) -> Page:
        """An application of the candidate another was merged into: it may have been the other's until now."""
        try:
            return await self._read_application(pair_key(*pair))
        except RecordError as error:
            return Page(refused=(Refused(kind=Kind.APPLICATION, key="", reason=error.code),))

    async def _read_job(self, key: str) -> Page:
        try:
            job, calls = await read_job(self._account, key)
        except MissingError:
            return Page(gone=(Gone(Kind.JOB, key),))
        if not self._settings.teams:
            return Page(records=(job,), calls=calls)
        return Page(records=(structs.replace(job, team=await self._team(key)),), calls=calls + 1)

    async def _team(self, key: str) -> tuple[str, ...] | UnsetType:
        """The hiring team's users. Unset where it cannot be read, which costs this field only: who was known stays."""
        try:
            members = await self._account.hiring_team(key)
        except (NotPermittedError, SignInRejectedError) as refused:
            explained = await self._permissions.explain(refused, Permission.JOBS)
        except (RecordError, SurpriseError):
            return UNSET
        else:
            if members is None:
                return UNSET
            return tuple(sorted({member.id for member in members if member.id and is_usable(member.id)}))
        if isinstance(explained, NeedsPersonError):
            raise explained
        return UNSET

    async def _read_application(self, key: str) -> Page:
        candidate_id, job_id = split_key(key, 2)
        try:
            found = await self._account.application(candidate_id, job_id)
        except MissingError:
            return Page(gone=(Gone(Kind.APPLICATION, "", (candidate_id, job_id)),))
        if not is_usable(found.application_id):
            raise CannotTranslateError("an application has an id that cannot be worked with", code="unusable_id")
        filed = await self._filed(found.application_id)
        label = None if found.source else await self._source_label(filed.source_identifier)
        application = translate_application(candidate_id, job_id, found, filed, label)
        history_key = child_key(candidate_id, job_id, application.id)
        page = Page(records=(application,), provisional=(present_stage(application),), calls=2)
        if self._settings.strategy != "naive":
            return structs.replace(page, items=(Item("history", history_key),))
        return await self._with_history(page, application.id, history_key)

    def _with_children(self, page: Page) -> Page:
        """What the workspace shares of applications is read with each application that has been read."""
        settings = self._settings
        shared = {"reviews": settings.reviews, "notes": settings.notes, "resumes": settings.resumes}
        applications = [one for one in page.records if isinstance(one, Application)]
        keys = [child_key(one.candidate_id, one.job_id, one.id) for one in applications]
        further = [Item(name, key) for name, chosen in shared.items() if chosen for key in keys]
        return structs.replace(page, items=(*page.items, *further)) if further else page

    async def _with_history(self, page: Page, application_id: str, key: str) -> Page:
        try:
            history = await self.read_item("history", key)
        except RecordError as error:
            refusal = Refused(kind=Kind.STAGE, key=application_id, reason=error.code)
            return structs.replace(page, refused=(refusal,), calls=3)
        return history if history.gone else _joined(page, history)

    async def _filed(self, application_id: str) -> wire.JobApplication:
        """When the application was made. It stands in an API of its own, whose refusal costs this field only."""
        try:
            return await self._account.job_application(application_id)
        except (NotPermittedError, SignInRejectedError) as refused:
            explained = await self._permissions.explain(refused, Permission.APPLICATIONS)
        except RecordError:
            return wire.JobApplication()
        if isinstance(explained, NeedsPersonError):
            raise explained
        return wire.JobApplication()

    async def _source_label(self, identifier: str | None) -> str | None:
        if not identifier:
            return None
        if identifier not in self._source_labels:
            try:
                self._source_labels[identifier] = (await self._account.source(identifier)).label
            except (RecordError, NotPermittedError, SignInRejectedError, SurpriseError):
                self._source_labels[identifier] = None  # a label is not worth losing the application for
        return self._source_labels[identifier]

    async def _read_history(self, key: str) -> Page:
        candidate_id, job_id, application_id = split_key(key, 3)
        try:
            rows = await self._account.history(candidate_id, job_id)
        except MissingError:
            return Page(gone=(Gone(Kind.APPLICATION, application_id),))
        changes, refused = _changes(rows, application_id)
        stages: tuple[Stage, ...] = translate_history(application_id, changes)
        application = told_by_history(candidate_id, job_id, stages)
        records: tuple[Record, ...] = (application, *stages) if application else ()
        # An empty history says nothing; the present status, known from the application, is better than nothing.
        return Page(records=records, complete=(application_id,) if stages else (), refused=refused)

    async def _read_reviews(self, key: str) -> Page:
        candidate_id, job_id, application_id = split_key(key, 3)
        try:
            rows = await self._account.reviews(candidate_id, job_id)
        except MissingError:
            # That an application is gone is for the application's own read to tell.
            return Page(complete_feedback=(application_id,))
        reviews, refused = decode_rows(rows, wire.Review, Kind.FEEDBACK)
        feedback = [
            translate_review(application_id, one, await self._colleagues.find(one.reviewer_id)) for one in reviews
        ]
        # With a row that could not be read, which one has gone cannot be told.
        return Page(
            records=tuple(feedback), refused=tuple(refused), complete_feedback=() if refused else (application_id,)
        )

    async def _read_resumes(self, key: str) -> Page:
        candidate_id, job_id, application_id = split_key(key, 3)
        try:
            rows = await self._account.attachments(candidate_id, job_id)
        except MissingError:
            # As with reviews: the application's own read tells that it is gone.
            return Page(complete_resumes=(application_id,))
        found, refused = decode_rows(rows.content, wire.Attachment, Kind.RESUME)
        resumes = tuple(translate_resume(application_id, one) for one in found if one.type == RESUME)
        # The list has no documented way to a second page: one that is cut short tells nothing of what is missing.
        whole = not refused and (rows.total_found is None or rows.total_found <= len(rows.content))
        return Page(records=resumes, refused=tuple(refused), complete_resumes=(application_id,) if whole else ())

    @asynccontextmanager
    async def open_file(self, key: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """The file of a resume (``ports.files.Files``)."""
        try:
            async with self._account.attachment_file(file_of(key)) as pieces:
                yield pieces
                return
        except (NotPermittedError, SignInRejectedError) as refused:
            explained = await self._permissions.explain(refused, Permission.CANDIDATES)
        raise explained


def _jobs_page(rows: wire.Rows) -> Page:
    jobs, refused = decode_rows(rows.content, wire.JobRow, Kind.JOB)
    return Page(items=tuple(Item("jobs", job.id) for job in jobs), refused=tuple(refused))


def _changes(rows: wire.Rows, application_id: str) -> tuple[list[wire.Change], tuple[Refused, ...]]:
    changes: list[wire.Change] = []
    refused: list[Refused] = []
    for raw in rows.content:
        try:
            change = decode_json(raw, wire.Change)
        except SurpriseError:
            refused.append(Refused(kind=Kind.STAGE, key=application_id, reason="unreadable"))
            continue
        if (change.status or "").strip():
            changes.append(change)
        else:
            refused.append(Refused(kind=Kind.STAGE, key=application_id, reason="status_missing"))
    return changes, tuple(refused)


def _with(page: Page, other: Page) -> Page:
    """Two reads as one page."""
    return structs.replace(
        page,
        records=page.records + other.records,
        provisional=page.provisional + other.provisional,
        complete=page.complete + other.complete,
        items=page.items + other.items,
        gone=page.gone + other.gone,
        refused=page.refused + other.refused,
        calls=page.calls + other.calls,
    )


def _joined(first: Page, second: Page) -> Page:
    """Two reads of one application as one page. What the second tells in full is no longer provisional."""
    told = [record for record in second.records if isinstance(record, Application)]
    stages = tuple(record for record in second.records if not isinstance(record, Application))
    return structs.replace(
        first,
        records=tuple(_with_all(record, told) for record in first.records) + stages,
        provisional=() if second.complete else first.provisional,
        complete=second.complete,
        refused=second.refused,
        calls=first.calls + second.calls,
    )


def _with_all(record: Record, told: Sequence[Application]) -> Record:
    """A record with what was told of it later. A page names a record once, or one of its halves would be lost."""
    for later in told:
        if isinstance(record, Application) and record.id == later.id:
            fields = structs.asdict(later).items()
            record = structs.replace(record, **{name: value for name, value in fields if value is not UNSET})
    return record


def _about_one_record(surprise: SurpriseError) -> LandbridgeError:
    """An odd answer to a question about one record says nothing of the others; a loop or a redirect does."""
    if surprise.code not in {"unexpected_answer", "answer_too_large"}:
        return surprise
    return CannotTranslateError("the answer about a record cannot be read", code="unreadable", facts=surprise.facts)
