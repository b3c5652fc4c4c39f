from __future__ import annotations

import gc
import io
import tracemalloc
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import UNSET

from landbridge.connectors.smartrecruiters.report import ROWS_PER_PAGE, read_rows, translate_row
from landbridge.connectors.smartrecruiters.settings import ReportColumns
from landbridge.errors import SettingError

FILE = "/reporting-api/v201804/reports/r1/files/recent/data"
HEAD = "Application ID,Candidate ID,Job ID,Application Status\r\n"
ALL = ReportColumns(sub_status="Step", source="Source", created_at="Created", status_changed_at="Changed")


def lines(count: int, first: int = 0) -> bytes:
    return (HEAD + "".join(f"a{n},c{n},j{n},NEW\r\n" for n in range(first, first + count))).encode()


async def everything(source: Any) -> list[str]:
    found, cursor = [], None
    while True:
        page = await source.read_list("report", cursor, None)
        found += [record.id for record in page.records]
        cursor = page.cursor
        if cursor is None:
            return found


async def test_report_is_fetched_once_and_read_page_by_page(account: Any) -> None:
    account.answers[FILE] = (200, lines(ROWS_PER_PAGE * 2 + 3))

    found = await everything(account.source(strategy="report", report_id="r1"))

    assert found == [f"a{n}" for n in range(ROWS_PER_PAGE * 2 + 3)]
    assert account.paths == [FILE]


async def test_reading_goes_on_where_it_was_after_a_restart(account: Any) -> None:
    account.answers[FILE] = (200, lines(ROWS_PER_PAGE + 3))
    first = await account.source(strategy="report", report_id="r1").read_list("report", None, None)

    rest = await account.source(strategy="report", report_id="r1").read_list("report", first.cursor, None)

    assert [record.id for record in rest.records] == [f"a{ROWS_PER_PAGE + n}" for n in range(3)]


async def test_page_can_be_read_again(account: Any) -> None:
    account.answers[FILE] = (200, lines(ROWS_PER_PAGE * 2 + 3))
    source = account.source(strategy="report", report_id="r1")
    cursor = (await source.read_list("report", None, None)).cursor

    once = await source.read_list("report", cursor, None)
    again = await source.read_list("report", cursor, None)

    assert once == again


async def test_report_that_was_run_anew_is_read_from_its_beginning(account: Any) -> None:
    account.answers[FILE] = (200, lines(ROWS_PER_PAGE + 3))
    first = await account.source(strategy="report", report_id="r1").read_list("report", None, None)
    account.answers[FILE] = (200, lines(5, first=9000))

    page = await account.source(strategy="report", report_id="r1").read_list("report", first.cursor, None)

    assert page.records[0].id == "a9000"


async def test_report_without_a_file_is_a_setting_to_correct(account: Any) -> None:
    account.answers[FILE] = (404, {"errors": [{"code": "REPORT_FILE_NOT_FOUND"}]})

    with pytest.raises(SettingError) as raised:
        await account.source(strategy="report", report_id="r1").read_list("report", None, None)

    assert raised.value.code == "report_missing"


async def test_missing_columns_are_named_as_we_call_them(account: Any) -> None:
    account.answers[FILE] = (200, b"Application ID,Candidate ID\r\n")

    with pytest.raises(SettingError, match="job_id, status"):
        await account.source(strategy="report", report_id="r1").read_list("report", None, None)


async def test_file_that_is_no_csv_is_a_setting_to_correct(account: Any) -> None:
    account.answers[FILE] = (200, HEAD.encode() + b'"' + b"x" * 200_000)

    with pytest.raises(SettingError) as raised:
        await account.source(strategy="report", report_id="r1").read_list("report", None, None)

    assert raised.value.code == "report_unreadable"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_are_found_by_name_whatever_separates_them(separator: str) -> None:
    head = ["Job ID", "Application Status", "Step", "Source", "Created", "Changed", "Application ID", "Candidate ID"]
    row = ["j1", "INTERVIEW", "Pa\x00nel", "Referral", "2026-01-05T00:00:00Z", "soon", "a1", "c1"]
    text = io.StringIO("\n".join(separator.join(cells) for cells in (head, row)))

    (found,) = read_rows(text, ALL)
    application = translate_row(found, ALL)

    assert (application.id, application.candidate_id, application.job_id) == ("a1", "c1", "j1")  # type: ignore[union-attr]
    assert application.status == "Interview: Panel"  # type: ignore[union-attr]
    assert application.created_at == datetime(2026, 1, 5, tzinfo=UTC)  # type: ignore[union-attr]
    assert application.status_changed_at is UNSET  # type: ignore[union-attr]


def test_column_the_report_lacks_is_not_read_rather_than_empty() -> None:
    row = {"application_id": "a1", "candidate_id": "c1", "job_id": "j1", "status": "NEW"}

    application = translate_row(row, ReportColumns())

    assert application.source is application.created_at is application.rejection_reason is UNSET  # type: ignore[union-attr]


async def test_memory_does_not_grow_with_the_report(account: Any) -> None:
    async def peak(rows: int) -> int:
        account.answers[FILE] = (200, lines(rows))
        source = account.source(strategy="report", report_id="r1")
        cursor = (await source.read_list("report", None, None)).cursor
        gc.collect()
        tracemalloc.start()
        while cursor is not None:
            cursor = (await source.read_list("report", cursor, None)).cursor
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    assert await peak(20_000) < 1.5 * await peak(2_000)
