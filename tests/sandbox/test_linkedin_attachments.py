"""Attachments: a place to upload to, the bytes, the registration, and what deletes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.sandbox.linkedin_caller import Caller, application, candidate, element_status, restli_2_key

CREATED, MODIFIED = 1_767_225_600_000, 1_767_312_000_000


def contract(caller: Caller) -> str:
    return str(caller.sandbox.linkedin.credentials()["contracts"][0]["urn"])


def wanted(caller: Caller, **changes: Any) -> dict[str, Any]:
    return {
        "fileName": "resume.pdf",
        "contentType": "application/pdf",
        "hiringContext": contract(caller),
        "usageParameters": {"recruiterSystemConnectResumeParameters": {}},
        "blobTtl": {"duration": 72, "unit": "HOUR"},
        **changes,
    }


async def ask(caller: Caller, **changes: Any) -> httpx2.Response:
    return await caller.send("POST", "/v2/hireMediaUrl", "", wanted(caller, **changes))


async def upload(caller: Caller, url: str, content: bytes = b"%PDF-1.7", kind: str = "application/pdf") -> int:
    return (await caller.http.put(url, content=content, headers={"content-type": kind})).status_code


async def uploaded(caller: Caller) -> str:
    """The URN of a file whose bytes have come."""
    told = (await ask(caller)).json()
    assert await upload(caller, told["uploadUrl"]) == 201
    return str(told["mediaUrn"])


def key(caller: Caller, own: str = "F1", **changes: str) -> dict[str, str]:
    return {
        "attachmentType": "RESUME",
        "externalAttachmentId": own,
        "externalReferenceEntityId": "A1",
        "externalReferenceEntityType": "APPLICATION",
        "integrationContext": caller.organization,
        **changes,
    }


def value(caller: Caller, media: str, **changes: Any) -> dict[str, Any]:
    return {
        "externalFileName": "resume.pdf",
        "fileType": "PDF",
        "externalCreatedAt": CREATED,
        "externalLastModifiedAt": MODIFIED,
        "contract": contract(caller),
        "mediaUrn": media,
        **changes,
    }


async def put(caller: Caller, keys: list[dict[str, str]], values: list[Any]) -> dict[str, int]:
    return element_status(await caller.put_rest("/rest/attachments", keys, values), "externalAttachmentId")


async def delete(caller: Caller, keys: list[dict[str, str]]) -> dict[str, int]:
    query = f"ids=List({','.join(map(restli_2_key, keys))})"
    answer = await caller.send("DELETE", "/rest/attachments", query, x_restli_protocol_version="2.0.0")
    return element_status(answer, "externalAttachmentId")


@pytest.fixture
async def ready(linkedin: Caller) -> Caller:
    """With a candidate C1 and an application A1."""
    await linkedin.put_candidates({"C1": candidate()})
    await linkedin.put_applications({"A1": application()})
    return linkedin


async def test_file_is_announced_uploaded_registered_and_deleted(ready: Caller) -> None:
    media = await uploaded(ready)
    assert await put(ready, [key(ready)], [value(ready, media)]) == {"F1": 204}
    [shown] = ready.dump("attachments")
    assert (shown["externalAttachmentId"], shown["mediaUrn"]) == ("F1", media)
    assert await put(ready, [key(ready)], [value(ready, media, externalFileName="cv.pdf")]) == {"F1": 204}
    assert [row["externalFileName"] for row in ready.dump("attachments")] == ["cv.pdf"]
    assert await delete(ready, [key(ready), key(ready, "F2")]) == {"F1": 204, "F2": 404}
    assert ready.dump("attachments") == []


async def test_attachment_vanishes_with_what_it_hangs_on(ready: Caller) -> None:
    media = await uploaded(ready)
    candidate_key = key(ready, externalReferenceEntityId="C1", externalReferenceEntityType="CANDIDATE")
    await put(ready, [key(ready), candidate_key], [value(ready, media)] * 2)
    assert ready.sandbox.linkedin.state_counts()["attachments"] == 2
    name = ready.application_key("A1")
    query = "&".join(f"ids[0].{field}={text}" for field, text in name.items())
    await ready.send("DELETE", "/v2/atsApplications", query)
    assert [row["externalReferenceEntityType"] for row in ready.dump("attachments")] == ["CANDIDATE"]
    query = "&".join(f"ids[0].{field}={text}" for field, text in ready.candidate_key("C1").items())
    await ready.send("DELETE", "/v2/atsCandidates", query)
    assert ready.dump("attachments") == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"externalFileName": None}, 422),
        ({"externalFileName": ""}, 422),
        ({"fileType": "PNG"}, 422),
        ({"fileType": None}, 422),
        ({"externalCreatedAt": 0}, 422),
        ({"externalLastModifiedAt": -1}, 422),
        ({"contract": "urn:li:contract:1"}, 422),
        ({"contract": "urn:li:organization:1"}, 422),
        ({"mediaUrn": "urn:li:hireMedia:unknown"}, 422),
        ({"fileType": "UNKNOWN"}, 204),
    ],
)
async def test_attachment_is_checked(ready: Caller, change: dict[str, Any], status: int) -> None:
    changed = {**value(ready, await uploaded(ready)), **change}
    sent = {name: text for name, text in changed.items() if text is not None}
    assert await put(ready, [key(ready)], [sent]) == {"F1": status}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"externalReferenceEntityType": "JOB"}, 422),
        ({"attachmentType": "COVER_LETTER"}, 422),
        ({"externalReferenceEntityId": "A9"}, 404),
        ({"externalReferenceEntityType": "CANDIDATE"}, 404),
    ],
)
async def test_key_of_an_attachment_is_checked(ready: Caller, change: dict[str, str], status: int) -> None:
    media = await uploaded(ready)
    assert await put(ready, [key(ready, **change)], [value(ready, media)]) == {"F1": status}


async def test_batch_holds_ten(ready: Caller) -> None:
    media = await uploaded(ready)
    keys = [key(ready, f"F{n}") for n in range(11)]
    assert set((await put(ready, keys[:10], [value(ready, media)] * 10)).values()) == {204}
    refused = await ready.put_rest("/rest/attachments", keys, [value(ready, media)] * 11)
    assert refused.status_code == 400
    assert "batch_size" in ready.broken_rules()


async def test_file_not_yet_uploaded_cannot_be_attached(ready: Caller) -> None:
    media = (await ask(ready)).json()["mediaUrn"]
    assert await put(ready, [key(ready)], [value(ready, media)]) == {"F1": 422}


async def test_file_waits_as_long_as_its_ttl_and_stays_once_attached(ready: Caller) -> None:
    media = await uploaded(ready)
    await put(ready, [key(ready)], [value(ready, media)])
    ready.sandbox.clock.advance(timedelta(hours=72))
    await ready.sign_in()
    assert await put(ready, [key(ready), key(ready, "F2")], [value(ready, media)] * 2) == {"F1": 204, "F2": 422}


@pytest.mark.parametrize(
    "change",
    [
        {"fileName": ""},
        {"contentType": "image/png"},
        {"hiringContext": "urn:li:contract:1"},
        {"hiringContext": "urn:li:organization:1"},
        {"usageParameters": {}},
        {"usageParameters": {"recruiterSystemConnectResumeParameters": {"x": 1}}},
        {"blobTtl": {"duration": 0, "unit": "HOUR"}},
        {"blobTtl": {"duration": 1, "unit": "FORTNIGHT"}},
    ],
)
async def test_announcement_is_checked(ready: Caller, change: dict[str, Any]) -> None:
    answer = await ask(ready, **change)
    assert (answer.status_code, answer.json()["status"]) == (422, 422)


async def test_upload_url_takes_what_was_announced_in_time(ready: Caller) -> None:
    url = (await ask(ready)).json()["uploadUrl"]
    assert await upload(ready, url[:-1] + ("0" if url[-1] != "0" else "1")) == 403
    assert await upload(ready, url, b"") == 400
    assert await upload(ready, url, b"x" * (10 * 1024 * 1024 + 1)) == 413
    assert await upload(ready, url, kind="text/plain") == 415
    assert (await ready.http.get(url)).status_code == 405
    assert await upload(ready, url, b"x" * (10 * 1024 * 1024)) == 201
    ready.sandbox.clock.advance(timedelta(hours=1))
    assert await upload(ready, url) == 403
    assert not [entry for entry in ready.sandbox.linkedin.journal.entries() if urlsplit(url).query in entry.query]
