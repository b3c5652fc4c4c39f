"""``reporting-api``: reports an administrator has made, and their newest file as CSV."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterable

from msgspec import Struct

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, ok, present
from landbridge.sandbox.smartrecruiters.paging import limit_of, next_link, page_id, place_in
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.moment import iso
from landbridge.sandbox.worlds.person import Application

MAX_LIMIT = 1000


class Report(Struct):
    """``made_at`` is when the newest file was made; None: never, so there is no file."""

    id: str
    name: str
    made_at: int | None
    runs: int = 0
    data: bytes | None = None


class Reports:
    """The reports of one world. A file shows the state of its run, not of the moment it is fetched."""

    def __init__(self, state: State) -> None:
        draw = Draw("reports", state.world.seed)
        self._state = state
        self._reports = [
            Report(draw.uuid(), "All applications", state.world.anchor),
            Report(draw.uuid(), "Applications, never run", None),
        ]

    def list_reports(self, call: Call) -> Answer:
        limit = limit_of(call, most=MAX_LIMIT)
        page = call.value("page")
        first = int(place_in("reports", page)) if page else 0
        rows = self._reports[first : first + limit]
        call.records = len(rows)
        body: dict[str, object] = {"limit": limit, "content": [_row(report) for report in rows]}
        if first + limit >= len(self._reports):
            return ok(body)
        following = page_id("reports", str(first + limit))
        answer = ok({**body, "nextPage": following})
        answer.headers = next_link(call, following, "page")
        return answer

    def read_report(self, call: Call) -> Answer:
        report = self._find(call)
        call.records = 1
        return ok(_row(report))

    def run(self, call: Call) -> Answer:
        report = self._find(call)
        report.made_at, report.data = self._state.clock.ms(), None
        report.runs += 1
        # The file is written now: what changes afterwards belongs to the next run.
        report.data = self._csv()
        return Answer(status=201, body=ok(_file(report)).body)

    def read_recent(self, call: Call) -> Answer:
        report = self._with_file(call)
        call.records = 1
        return ok(_file(report))

    def read_data(self, call: Call) -> Answer:
        report = self._with_file(call)
        if report.data is None:
            report.data = self._csv()
        tag = b'"%08x-%d"' % (zlib.crc32(report.data), len(report.data))
        headers = [(b"etag", tag)]
        if call.headers.get(b"if-none-match") == tag:
            return Answer(status=304, headers=headers)
        call.records = max(0, report.data.count(b"\n") - 1)
        return Answer(status=200, body=report.data, headers=headers, content_type=b"text/csv; charset=utf-8")

    def _find(self, call: Call) -> Report:
        report = next((report for report in self._reports if report.id == call.arguments[0]), None)
        if report is None:
            raise RefusalError(404, "REPORT_NOT_FOUND", "there is no such report")
        return report

    def _with_file(self, call: Call) -> Report:
        report = self._find(call)
        if report.made_at is None:
            raise RefusalError(404, "REPORT_FILE_NOT_FOUND", "this report has never been run")
        return report

    def _csv(self) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(choices.APPLICATION_COLUMNS)
        writer.writerows(self._rows(self._state.world.applications.values()))
        return text.getvalue().encode("utf-8", "replace")

    def _rows(self, applications: Iterable[Application]) -> Iterable[tuple[str, ...]]:
        for application in applications:
            source = self._state.source_of(application)
            yield (
                application.id,
                application.candidate_id,
                application.job_id,
                application.step.status,
                application.step.sub_status or "",
                application.source_label or (source.label if source else ""),
                iso(application.created) or "",
                _last_change(application),
            )


def _last_change(application: Application) -> str:
    moments = [at for at, _ in application.steps() if isinstance(at, int)]
    if isinstance(application.created, int):
        moments.append(application.created)
    return iso(max(moments, default=None)) or ""


def _row(report: Report) -> dict[str, object]:
    return {"id": report.id, "name": report.name, "type": "ADHOC", "format": "CSV"}


def _file(report: Report) -> dict[str, object]:
    return present(
        {
            "reportFileId": f"{report.id}-{report.runs}",
            "reportId": report.id,
            "status": "COMPLETED",
            "createdOn": iso(report.made_at),
        }
    )
