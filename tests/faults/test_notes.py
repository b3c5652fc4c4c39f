"""Notes on applications go to LinkedIn where a workspace asks for it, and none of our own comes back there."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from tests.faults import truth
from tests.faults.company import connect
from tests.faults.conftest import FarSides
from tests.faults.drive import driving
from tests.faults.test_reviews import choosing, kinds_of, reread, sent_applications

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

        async with choosing(database, vault, company, far_sides, share_notes=True) as drive:
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

        async with choosing(database, vault, company, far_sides, share_notes=False) as drive:
            await drive.send()
            assert there(far_sides) == set()
            held = [key for key in await drive.states() if key[0] == "note" and key[1] == "held"]
            assert held == [("note", "held", "excluded_notes")]
        async with choosing(database, vault, company, far_sides, share_notes=True) as drive:
            await drive.send()
            assert there(far_sides) == {"Knows trams.", "Late three times."}
    assert truth.findings(far_sides.source, far_sides.network) == []
    assert far_sides.network.broken_rules() == {}
