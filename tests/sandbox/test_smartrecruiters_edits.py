"""The control room edits and deletes what the imitated SmartRecruiters holds; a reset takes it all back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from landbridge.sandbox.kernel import Site, WorldChoice
from landbridge.sandbox.smartrecruiters import SmartRecruiters
from landbridge.sandbox.worlds import make_world


@pytest.fixture
def system() -> SmartRecruiters:
    return SmartRecruiters(Site(make_world, WorldChoice(candidates=200)))


@pytest.fixture
async def client(system: SmartRecruiters) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=system)
    headers = {"X-SmartToken": system.keys.api_key}
    async with httpx2.AsyncClient(transport=transport, base_url="http://sr.test", headers=headers) as client:
        yield client


async def edit(client: httpx2.AsyncClient, **wanted: Any) -> dict[str, list[str]]:
    answer = await client.post("/_sandbox/edit", json=wanted)
    assert answer.status_code == 200, answer.text
    edited: dict[str, list[str]] = answer.json()["edited"]
    return edited


async def test_edit_changes_the_share_it_was_told_and_no_others(
    client: httpx2.AsyncClient, system: SmartRecruiters
) -> None:
    before = (await client.get("/_sandbox/dump/candidates")).text.splitlines()
    edited = await edit(client, percent=5, of=["candidates"], seed=3)
    after = (await client.get("/_sandbox/dump/candidates")).text.splitlines()
    assert list(edited) == ["candidates"]
    assert len(set(edited["candidates"])) == 10
    changed = {new.split('"')[3] for old, new in zip(before, after, strict=True) if old != new}
    assert changed == set(edited["candidates"])


async def test_edited_candidates_are_found_by_time(client: httpx2.AsyncClient, system: SmartRecruiters) -> None:
    system.clock.freeze()
    since = system.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    system.clock.advance(timedelta(seconds=1))
    edited = await edit(client, percent=1, of=["candidates", "jobs"])
    people = (await client.get("/candidates", params={"updatedAfter": since, "limit": 100})).json()["content"]
    jobs = (await client.get("/jobs", params={"updatedAfter": since, "sort": "job_id"})).json()["content"]
    assert {row["id"] for row in people} == set(edited["candidates"])
    assert {row["id"] for row in jobs} == set(edited["jobs"])


async def test_edited_application_takes_another_step_and_its_candidate_is_updated(
    client: httpx2.AsyncClient, system: SmartRecruiters
) -> None:
    before = {each.id: (each.step, len(each.history)) for each in system.state.world.applications.values()}
    edited = await edit(client, percent=2, of=["applications"])
    world = system.state.world
    assert len(edited["applications"]) == round(len(before) * 0.02)
    for application_id in edited["applications"]:
        application = world.applications[application_id]
        step, length = before[application_id]
        assert application.step != step
        assert len(application.history) == length + 2
        assert world.candidates[application.candidate_id].updated == application.history[-2]


async def test_same_seed_edits_the_same_records(client: httpx2.AsyncClient, system: SmartRecruiters) -> None:
    first = await edit(client, percent=3, seed=1)
    await client.post("/_sandbox/reset")
    assert await edit(client, percent=3, seed=1) == first
    await client.post("/_sandbox/reset")
    assert await edit(client, percent=3, seed=2) != first


async def test_reset_takes_edits_and_deletions_back(client: httpx2.AsyncClient) -> None:
    before = (await client.get("/_sandbox/dump/applications")).text
    edited = await edit(client, percent=10)
    await client.post("/_sandbox/delete", json={"candidate": edited["candidates"][0]})
    assert (await client.get("/_sandbox/dump/applications")).text != before
    await client.post("/_sandbox/reset")
    assert (await client.get("/_sandbox/dump/applications")).text == before


async def test_deleted_candidate_is_neither_listed_nor_found_nor_applies(
    client: httpx2.AsyncClient, system: SmartRecruiters
) -> None:
    person = next(iter(system.state.world.candidates.values()))
    assert (await client.post("/_sandbox/delete", json={"candidate": person.id})).json() == {"deleted": True}
    page = (await client.get("/candidates?limit=100")).json()
    assert page["totalFound"] == 199
    assert person.id not in {row["id"] for row in page["content"]}
    assert (await client.get(f"/candidates/{person.id}")).status_code == 404
    application = person.applications[0]
    assert (await client.get(f"/candidates/{person.id}/jobs/{application.job_id}")).status_code == 404
    assert application.id not in system.state.world.applications


async def test_deleting_between_pages_skips_nobody(client: httpx2.AsyncClient, system: SmartRecruiters) -> None:
    first = (await client.get("/candidates?limit=100")).json()
    await client.post("/_sandbox/delete", json={"candidate": first["content"][0]["id"]})
    second = (await client.get("/candidates", params={"limit": 100, "pageId": first["nextPageId"]})).json()
    assert len(second["content"]) == 100


async def test_candidate_without_applications_stays_and_is_not_listed(
    client: httpx2.AsyncClient, system: SmartRecruiters
) -> None:
    person = next(each for each in system.state.world.candidates.values() if len(each.applications) == 1)
    await client.post("/_sandbox/delete", json={"application": person.applications[0].id})
    listed = {row["id"] for row in (await client.get("/candidates?limit=100")).json()["content"]}
    assert person.id not in listed
    details = (await client.get(f"/candidates/{person.id}")).json()
    assert "primaryAssignment" not in details


async def test_deleted_job_takes_its_applications_with_it(client: httpx2.AsyncClient, system: SmartRecruiters) -> None:
    job_id = next(iter(system.state.world.applications.values())).job_id
    await client.post("/_sandbox/delete", json={"job": job_id})
    assert (await client.get(f"/jobs/{job_id}")).status_code == 404
    assert job_id not in {row["id"] for row in (await client.get("/jobs?limit=100")).json()["content"]}
    assert all(each.job_id != job_id for each in system.state.world.applications.values())


@pytest.mark.parametrize("wanted", [{"percent": 0}, {"percent": 101}, {"of": ["users"]}, {"share": 1}])
async def test_edit_that_makes_no_sense_is_refused(client: httpx2.AsyncClient, wanted: dict[str, Any]) -> None:
    assert (await client.post("/_sandbox/edit", json=wanted)).status_code == 400


async def test_deleting_what_is_not_there_is_told(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/_sandbox/delete", json={"candidate": "nobody"})
    assert (answer.status_code, answer.json()) == (404, {"deleted": False})
