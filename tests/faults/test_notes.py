"""Notes on applications go to LinkedIn where a workspace asks for it, and none of our own comes back there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from landbridge.records import Kind
from landbridge.store import ledger
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import load_workspace, save_choices
from tests.faults import truth
from tests.faults.company import Company, connect
from tests.faults.conftest import FarSides
from tests.faults.drive import Drive, driving
from tests.faults.test_reviews import kinds_of, reread, sent_applications

MARKER = "(LB-23456789ABCDEFGH)"


@pytest.fixture
def candidates() -> int:
    return 8


class Noting:
    """People of the company who write and take away notes in the ATS, where a note cannot be changed."""

    def __init__(self, far_sides: FarSides, http: httpx2.Client) -> None:
        self._url = far_sides.source.url + "/messages/shares"
        self._http = http
        self._http.headers["X-SmartToken"] = far_sides.source.credentials()["api_key"]

    def write(self, application: dict[str, Any], text: str, *, to_all: bool = True) -> str:
        content = f"#[CANDIDATE:{application['candidateId']}] {text}"
        answer = self._http.post(self._url, json={"content": content, "shareWith": {"openNote": to_all}})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def delete(self, note: str) -> None:
        assert self._http.delete(f"{self._url}/{note}").status_code == 204


def there(far_sides: FarSides) -> set[str]:
    return {row["note"] for row in far_sides.network.dump("application_notes")}


@asynccontextmanager
async def choosing(
    database: Database, vault: Vault, company: Company, far_sides: FarSides, *, share: bool
) -> AsyncIterator[Drive]:
    """The company's engine after its admin has chosen, and the records have been looked at again."""
    async with database.connection() as connection:
        before = (await load_workspace(connection, company.workspace)).choices
        await save_choices(connection, company.workspace, {**before, "share_notes": share})
    async with driving(database, vault, company.workspace, far_sides.network) as drive:
        async with database.connection() as connection:
            await ledger.make_kind_due(connection, company.workspace, Kind.NOTE, now=drive.clock.now())
        yield drive


@pytest.mark.parametrize("dialect", ["v2", "rest"])
async def test_notes_follow_the_workspaces_choice_and_our_own_stay(
    dialect: str, environment: dict[str, str], far_sides: FarSides, database: Database, vault: Vault
) -> None:
    company = await connect(environment, far_sides.source, far_sides.network, put={"dialect": dialect})
    with httpx2.Client(trust_env=False, timeout=30) as http:
        noting = Noting(far_sides, http)
        async with driving(database, vault, company.workspace, far_sides.network) as drive:
            await drive.sync()
            first = sent_applications(far_sides)[0]
            noting.write(first, "Knows trams.")
            late = noting.write(first, "Late twice.")
            noting.write(first, f"LinkedIn InMail\n\nHello there.\n\n{MARKER}")
            noting.write(first, "Between us: no.", to_all=False)
            await reread(drive)
            assert there(far_sides) == set()

        async with choosing(database, vault, company, far_sides, share=True) as drive:
            await reread(drive)
            assert there(far_sides) == {"Knows trams.", "Late twice."}
            row = far_sides.network.dump("application_notes")[0]
            author = next(one for one in far_sides.source.dump("users") if one["active"])
            assert row["author"] == {"firstName": author["firstName"], "lastName": author["lastName"]}
            before = far_sides.network.last_call()
            await reread(drive)
            assert [one for one in far_sides.network.written(before) if one.entity == "application_notes"] == []

            noting.delete(late)
            noting.write(first, "Late three times.")
            await reread(drive)
            assert there(far_sides) == {"Knows trams.", "Late three times."}
        assert "notes" in await kinds_of(database, company)

        async with choosing(database, vault, company, far_sides, share=False) as drive:
            await drive.send()
            assert there(far_sides) == set()
            held = [key for key in await drive.states() if key[0] == "note" and key[1] == "held"]
            assert held == [("note", "held", "excluded_notes")]
        async with choosing(database, vault, company, far_sides, share=True) as drive:
            await drive.send()
            assert there(far_sides) == {"Knows trams.", "Late three times."}
    assert truth.findings(far_sides.source, far_sides.network) == []
    assert far_sides.network.broken_rules() == {}
