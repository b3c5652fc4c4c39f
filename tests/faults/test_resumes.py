"""Resumes go to LinkedIn as attachments where a workspace asks for it, once, and go away with what they belong to."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from landbridge.records import Kind
from landbridge.store import ledger
from landbridge.store.database import Database
from landbridge.store.erasures import load_receipt, load_receipts
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import load_workspace, save_choices
from tests.faults.company import connect
from tests.faults.conftest import FarSides
from tests.faults.drive import Drive, driving
from tests.faults.test_reviews import reread, sent_applications

PDF = b"%PDF-1.7 an invented resume"


@pytest.fixture
def candidates() -> int:
    return 8


class Filing:
    """People of the company who add files to applications and delete them."""

    def __init__(self, far_sides: FarSides, http: httpx2.Client) -> None:
        self._url = far_sides.source.url
        self._http = http
        self._key = {"X-SmartToken": far_sides.source.credentials()["api_key"]}

    def add(
        self,
        application: dict[str, Any],
        name: str,
        content: bytes = PDF,
        content_type: str = "application/pdf",
        kind: str = "RESUME",
    ) -> str:
        path = f"/candidates/{application['candidateId']}/jobs/{application['jobId']}/attachments"
        answer = self._http.post(
            self._url + path,
            headers=self._key,
            files={"file": (name, content, content_type)},
            data={"attachmentType": kind},
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def delete(self, file: str) -> None:
        answer = self._http.delete(f"{self._url}/candidates/attachments/{file}", headers=self._key)
        assert answer.status_code == 204


def there(far_sides: FarSides) -> set[str]:
    return {row["externalFileName"] for row in far_sides.network.dump("attachments")}


def fetched(far_sides: FarSides) -> int:
    return sum(call["operation"] == "attachments.get" for call in far_sides.source.calls())


def uploaded(far_sides: FarSides) -> int:
    return len(far_sides.sandbox.linkedin.state.media.by_urn)


async def choose(drive: Drive, *, share: bool) -> None:
    async with drive.database.connection() as connection:
        before = (await load_workspace(connection, drive.workspace)).choices
        await save_choices(connection, drive.workspace, {**before, "share_resumes": share})
        for kind in Kind:
            await ledger.make_kind_due(connection, drive.workspace, kind, now=drive.clock.now())


async def held(drive: Drive) -> list[str]:
    return [reason for kind, state, reason in await drive.states() if (kind, state) == ("resume", "held")]


async def test_resumes_follow_the_workspaces_choice(
    environment: dict[str, str], far_sides: FarSides, database: Database, vault: Vault
) -> None:
    company = await connect(environment, far_sides.source, far_sides.network, put={"dialect": "rest"})
    with httpx2.Client(trust_env=False, timeout=30) as http:
        filing = Filing(far_sides, http)
        async with driving(database, vault, company.workspace, far_sides.network) as drive:
            await drive.sync()
            first, second = sent_applications(far_sides)[:2]
            old = filing.add(first, "old.pdf")
            filing.add(first, "letter.pdf", kind="COVER_LETTER")
            filing.add(second, "photo.png", content_type="image/png")
            await reread(drive)
            assert there(far_sides) == set()
            assert fetched(far_sides) == 0
            await choose(drive, share=True)

        async with driving(database, vault, company.workspace, far_sides.network) as drive:
            await reread(drive)
            assert there(far_sides) == {"old.pdf"}
            assert await held(drive) == ["resume_type"]
            await choose(drive, share=True)
            await reread(drive)
            assert (fetched(far_sides), uploaded(far_sides)) == (1, 1)

            filing.delete(old)
            filing.add(first, "new.pdf")
            await reread(drive)
            assert there(far_sides) == {"new.pdf"}
            assert (fetched(far_sides), uploaded(far_sides)) == (2, 2)
            await choose(drive, share=False)

        async with driving(database, vault, company.workspace, far_sides.network) as drive:
            await drive.send()
            assert there(far_sides) == set()
            assert await held(drive) == ["excluded_resumes"]
            await choose(drive, share=True)

        async with driving(database, vault, company.workspace, far_sides.network) as drive:
            await drive.send()
            assert there(far_sides) == {"new.pdf"}
            before = far_sides.network.last_call()
            far_sides.source.delete(candidate=first["candidateId"])
            await drive.sync()
            assert there(far_sides) == set()
            entities = [row.entity for row in far_sides.network.written(before) if row.entity != "jobs"]
            assert entities.index("attachments.delete") < entities.index("applications.delete")
            assert entities.index("applications.delete") < entities.index("candidates.delete")
            async with database.connection() as connection:
                (listed,) = await load_receipts(connection, company.workspace, key=first["candidateId"])
                receipt = await load_receipt(connection, company.workspace, listed.id)
            assert receipt is not None
            assert {item.state for item in receipt.items if item.kind == "resume"} == {"done"}
    assert far_sides.network.broken_rules() == {}


async def test_no_byte_of_a_resume_is_kept(
    environment: dict[str, str], far_sides: FarSides, database: Database, vault: Vault
) -> None:
    company = await connect(environment, far_sides.source, far_sides.network, put={"dialect": "rest"})
    with httpx2.Client(trust_env=False, timeout=30) as http:
        filing = Filing(far_sides, http)
        filing.add(far_sides.source.dump("applications")[0], "cv.txt", b"UNMISTAKABLE", "text/plain")
        async with driving(database, vault, company.workspace, far_sides.network) as drive:
            await choose(drive, share=True)
        async with driving(database, vault, company.workspace, far_sides.network) as drive:
            await drive.sync()
    assert uploaded(far_sides) == len(there(far_sides)) == 1
    signature = next(iter(far_sides.sandbox.linkedin.state.media.by_urn.values())).signature
    async with database.connection() as connection:
        for table in ("record", "delivery", "call"):
            cursor = await connection.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            row = await cursor.fetchone()
            assert row is not None
            assert row[0]
            assert "UNMISTAKABLE" not in row[0]
            assert signature not in row[0]
