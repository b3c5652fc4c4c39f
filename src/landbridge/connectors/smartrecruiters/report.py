"""Applications from the customer's own report: one CSV file instead of two calls per application."""

from __future__ import annotations

import contextlib
import csv
import errno
import hashlib
import io
import itertools
import tempfile
from collections.abc import Iterator
from typing import IO

from msgspec import UNSET, UnsetType

from landbridge.connectors.smartrecruiters.applications import present_stage, status_text
from landbridge.connectors.smartrecruiters.client import SmartRecruiters
from landbridge.connectors.smartrecruiters.identifier import is_usable
from landbridge.connectors.smartrecruiters.moment import read_moment
from landbridge.connectors.smartrecruiters.settings import ReportColumns
from landbridge.errors import RecordError, SettingError, TryLaterError
from landbridge.http import clean_text
from landbridge.ports.source import Item, Page, Refused
from landbridge.records import Application, Kind
from landbridge.records.kinship import child_key

ROWS_PER_PAGE = 500
Row = dict[str, str]


class Report:
    """The newest file of one report, kept in a nameless temporary file while it is read page by page.

    A cursor is "<digest of the file>:<rows read>". Where the file has changed since (a later run of the report), the
    reading begins anew: rows may have moved, and reading one twice does no harm.
    """

    def __init__(self, account: SmartRecruiters, report_id: str, columns: ReportColumns) -> None:
        self._account = account
        self._report_id = report_id
        self._columns = columns
        self._text: io.TextIOWrapper | None = None
        self._digest = ""
        self._rows: Iterator[Row] = iter(())
        self._read = 0

    async def read_page(self, cursor: str | None) -> Page:
        """The next rows. Raises SettingError where the report is not what the settings say, TryLaterError."""
        calls = 0
        if self._text is None or cursor is None:
            self.close()
            self._text = await self._fetch()
            self._rewind(self._text)
            calls = 1
        self._go_to(cursor, self._text)
        rows = self._next_rows()
        self._read += len(rows)
        following = f"{self._digest}:{self._read}" if len(rows) == ROWS_PER_PAGE else None
        return translate_rows(rows, self._columns, following, calls)

    def close(self) -> None:
        if self._text is not None:
            self._text.close()
            self._text = None

    async def _fetch(self) -> io.TextIOWrapper:
        with contextlib.ExitStack() as undo:
            file = undo.enter_context(tempfile.TemporaryFile())
            try:
                self._digest = await self._download(file)
            except RecordError:
                raise SettingError(
                    "the report has no finished file",
                    code="report_missing",
                    hint="Run the report once in SmartRecruiters, or check its id.",
                ) from None
            except OSError as error:
                raise _without_room(error) from None
            undo.pop_all()  # the file outlives this call: close() ends it
            return io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")

    async def _download(self, file: IO[bytes]) -> str:
        digest = hashlib.sha256()
        async with self._account.report_file(self._report_id) as chunks:
            async for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
        file.flush()
        return digest.hexdigest()[:16]

    def _next_rows(self) -> list[Row]:
        try:
            return list(itertools.islice(self._rows, ROWS_PER_PAGE))
        except csv.Error:
            pass
        raise SettingError("the report's file is not CSV", code="report_unreadable", hint="Make the report as CSV.")

    def _go_to(self, cursor: str | None, text: io.TextIOWrapper) -> None:
        digest, _, rows = (cursor or "").partition(":")
        wanted = int(rows) if digest == self._digest and rows.isdecimal() else 0
        if wanted < self._read:
            self._rewind(text)
        for _ in itertools.islice(self._rows, wanted - self._read):
            self._read += 1

    def _rewind(self, text: io.TextIOWrapper) -> None:
        text.seek(0)
        self._rows = read_rows(text, self._columns)
        self._read = 0


def _without_room(error: OSError) -> Exception:
    if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
        return error
    return TryLaterError(
        "there is no room for the report's file", code="disk_full", hint="Make room in the temporary directory."
    )


def read_rows(text: io.TextIOBase, columns: ReportColumns) -> Iterator[Row]:
    """The rows by our names of the columns, empty where the report has none. SettingError for a missing column."""
    head = clean_text(text.readline())
    delimiter = max(",;\t", key=head.count)
    names = [name.strip() for name in next(csv.reader([head], delimiter=delimiter), [])]
    places = _places(names, columns)
    for cells in csv.reader(text, delimiter=delimiter):
        if cells:
            yield {field: _cell(cells, place) for field, place in places.items()}


def _places(names: list[str], columns: ReportColumns) -> dict[str, int]:
    wanted = {field: getattr(columns, field) for field in columns.__struct_fields__}
    absent = sorted(field for field, name in wanted.items() if name and name not in names)
    if absent:
        raise SettingError(
            f"the report has no column for: {', '.join(absent)}",
            code="report_columns",
            hint="Name the columns as they stand in the report's first line.",
        )
    return {field: names.index(name) for field, name in wanted.items() if name}


def _cell(cells: list[str], place: int) -> str:
    return clean_text(cells[place]).strip() if place < len(cells) else ""


def translate_rows(rows: list[Row], columns: ReportColumns, following: str | None, calls: int) -> Page:
    """Pure. Applications, their present stage, and their histories as items."""
    applications: list[Application] = []
    refused: list[Refused] = []
    for row in rows:
        found = translate_row(row, columns)
        if isinstance(found, Application):
            applications.append(found)
        else:
            refused.append(found)
    return Page(
        records=tuple(applications),
        provisional=tuple(present_stage(each) for each in applications),
        refused=tuple(refused),
        items=tuple(Item("history", child_key(each.candidate_id, each.job_id, each.id)) for each in applications),
        cursor=following,
        calls=calls,
    )


def translate_row(row: Row, columns: ReportColumns) -> Application | Refused:
    ids = (row["application_id"], row["candidate_id"], row["job_id"])
    key = ids[0] if is_usable(ids[0]) else ""
    if not all(is_usable(each) for each in ids):
        return Refused(kind=Kind.APPLICATION, key=key, reason="unusable_id")
    status = status_text(row["status"], row.get("sub_status"))
    if not status:
        return Refused(kind=Kind.APPLICATION, key=key, reason="status_missing")
    return Application(
        id=ids[0],
        candidate_id=ids[1],
        job_id=ids[2],
        status=status,
        source=_column(row, "source", columns.source),
        rejection_reason=_column(row, "rejection_reason", columns.rejection_reason),
        created_at=read_moment(row["created_at"]) if columns.created_at else UNSET,
        status_changed_at=read_moment(row.get("status_changed_at")) or UNSET,
    )


def _column(row: Row, field: str, name: str) -> str | UnsetType | None:
    """A column the report does not have was not read; that is not the same as empty."""
    return (row[field] or None) if name else UNSET
