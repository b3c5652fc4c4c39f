"""The pages of the imitated SmartRecruiters without a browser: who may what, and what a form makes happen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.smartrecruiters.happenings import Happening
from landbridge.sandbox.worlds.company import User

ROOT = "/app"


class Browser:
    """Somebody with a cookie jar, and what subscribers would have heard."""

    def __init__(self, http: httpx2.AsyncClient, sandbox: Sandbox) -> None:
        self.http, self.sandbox = http, sandbox
        self.heard: list[str] = []
        sandbox.smartrecruiters.state.tell = self._hear

    def _hear(self, happening: Happening) -> None:
        self.heard.append(happening.name)

    @property
    def world(self) -> Any:
        return self.sandbox.smartrecruiters.state.world

    async def sign_in(self, user: User) -> None:
        answer = await self.http.post(f"{ROOT}/sign-in", data={"user": user.id})
        assert answer.status_code == 303

    async def send(self, path: str, status: int = 303, **form: str) -> httpx2.Response:
        answer = await self.http.post(f"{ROOT}{path}", data=form)
        assert answer.status_code == status, answer.text
        return answer

    async def see(self, path: str, status: int = 200) -> str:
        answer = await self.http.get(f"{ROOT}{path}")
        assert answer.status_code == status
        return answer.text


@pytest.fixture
async def stranger(sandbox: Sandbox) -> AsyncIterator[Browser]:
    transport = httpx2.ASGITransport(app=sandbox.smartrecruiters)
    async with httpx2.AsyncClient(transport=transport, base_url="http://ats.test") as http:
        yield Browser(http, sandbox)


@pytest.fixture
async def browser(stranger: Browser) -> Browser:
    """The administrator, signed in."""
    await stranger.sign_in(stranger.world.users[0])
    return stranger


@pytest.mark.parametrize("path", ["", "/jobs", "/jobs/new", "/people/candidates", "/people/candidates/x"])
async def test_strangers_are_led_to_the_door(stranger: Browser, path: str) -> None:
    answer = await stranger.http.get(f"{ROOT}{path}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/app/sign-in")


async def test_only_active_users_sign_in_and_a_forged_cookie_opens_nothing(stranger: Browser) -> None:
    gone = stranger.world.users[3]
    gone.active = False
    assert (await stranger.http.post(f"{ROOT}/sign-in", data={"user": gone.id})).status_code == 403
    stranger.http.cookies.set("sandbox_ats_session", "bm9ib2R5")
    assert (await stranger.http.get(f"{ROOT}/jobs")).status_code == 303


async def test_user_who_is_deactivated_is_signed_out(browser: Browser) -> None:
    await browser.see("/jobs")
    browser.world.users[0].active = False
    assert (await browser.http.get(f"{ROOT}/jobs")).status_code == 303


@pytest.mark.parametrize(
    "headers", [{"origin": "http://elsewhere.test"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}]
)
async def test_forms_of_other_sites_are_refused(browser: Browser, headers: dict[str, str]) -> None:
    person = next(iter(browser.world.candidates))
    answer = await browser.http.post(f"{ROOT}/people/candidates/{person}/delete", headers=headers)
    assert answer.status_code == 403
    assert person in browser.world.candidates


async def test_job_lives_from_draft_to_reopening_and_everybody_hears_of_it(browser: Browser) -> None:
    form = {"title": "Buoy Keeper", "place": "2", "department": "1", "description": "Keeps buoys\n\nAlways"}
    answer = await browser.send("/jobs/new", 303, **form)
    path = answer.headers["location"].removeprefix(ROOT)
    job = list(browser.world.jobs.values())[-1]
    assert (job.title, job.place.city, job.posting_status, job.hiring_team) == (
        "Buoy Keeper", "Hamburg", "NOT_PUBLISHED", (0,)
    )  # fmt: skip
    assert job.ads[0].words == {"jobDescription": "<p>Keeps buoys</p><p>Always</p>"}
    await browser.send(f"{path}/act", act="publish", visibility="INTERNAL")
    assert (job.status, job.posting_status) == ("SOURCING", "INTERNAL")
    await browser.send(f"{path}/ad", title="Buoy Warden", description="<p>Keeps buoys</p>")
    await browser.send(f"{path}/act", act="FILLED")
    assert (job.status, job.posting_status) == ("FILLED", "NOT_PUBLISHED")
    await browser.send(f"{path}/act", act="publish", status=400)
    await browser.send(f"{path}/act", act="reopen")
    assert job.status == "SOURCING"
    assert browser.heard == [
        "job.created", "job.ad.created", "job.ad.postings.updated", "job.status.updated", "job.ad.updated",
        "job.updated", "job.status.updated", "job.ad.postings.updated", "job.status.updated",
    ]  # fmt: skip
    assert "Buoy Warden" in await browser.see("/jobs?q=warden")


async def test_candidate_is_created_moved_noted_and_deleted(browser: Browser) -> None:
    job = next(job for job in browser.world.jobs.values() if job.posting_status == "PUBLIC")
    form = {"first": "Ilse", "last": "Quist", "email": "ilse@example.org", "phone": "+1 555", "job": job.id}
    answer = await browser.send("/people/candidates/new", **form)
    path = answer.headers["location"].removeprefix(ROOT)
    person = browser.world.candidates[path.rpartition("/")[2]]
    (application,) = person.applications
    assert (application.step.status, application.job_id) == ("LEAD", job.id)
    reason = browser.world.company.rejection_reasons[1].id
    await browser.send(f"/people/applications/{application.id}/step", step="INTERVIEW/Panel", reason=reason)
    assert (application.step.sub_status, application.reason) == ("Panel", None)
    await browser.send(f"/people/applications/{application.id}/step", step="REJECTED/", reason=reason)
    assert (application.step.status, application.reason) == ("REJECTED", 1)
    await browser.send(f"{path}/notes", content="A word", open="yes")
    await browser.send(f"{path}/notes", content="<b>loud</b>", status=400)
    assert "A word" in await browser.see(path)
    await browser.send(f"{path}/edit", first="Ilse", last="Quist-Moe", email="ilse@example.org", phone="+1 555")
    assert "Ilse Quist-Moe" in await browser.see("/people/candidates?q=quist il")
    await browser.send(f"{path}/linkedin", status=204, member="urn:li:person:x")
    fields = browser.sandbox.smartrecruiters.state.records.fields
    assert fields[person.id] == {"linkedin-member": "urn:li:person:x"}
    await browser.send(f"{path}/delete")
    await browser.see(path, 404)
    assert browser.heard == [
        "candidate.created", "application.created", "application.status.updated", "application.status.updated",
        "candidate.updated", "candidate.updated", "candidate.deleted",
    ]  # fmt: skip


async def test_known_person_is_shown_instead_of_made_again(browser: Browser) -> None:
    person = next(iter(browser.world.candidates.values()))
    form = {"first": "Another", "last": person.last_name, "email": person.email.upper()}
    answer = await browser.send("/people/candidates/new", **form)
    assert answer.headers["location"].endswith(person.id)
    assert browser.heard == []


async def test_note_to_oneself_is_for_nobody_else(browser: Browser) -> None:
    person = next(iter(browser.world.candidates))
    await browser.send(f"/people/candidates/{person}/notes", content="Between me and me")
    assert "Between me" in await browser.see(f"/people/candidates/{person}")
    await browser.sign_in(browser.world.users[1])
    assert "Between me" not in await browser.see(f"/people/candidates/{person}")


async def test_only_managers_delete(browser: Browser) -> None:
    person = next(iter(browser.world.candidates))
    browser.world.users[1].role = "STANDARD"
    await browser.sign_in(browser.world.users[1])
    assert "Delete this candidate" not in await browser.see(f"/people/candidates/{person}")
    await browser.send(f"/people/candidates/{person}/delete", status=403)
    assert person in browser.world.candidates


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/people/candidates/new", {"first": "", "last": "B", "email": "a@example.org"}),
        ("/people/candidates/new", {"first": "A", "last": "B", "email": "nobody"}),
        ("/jobs/new", {"title": ""}),
        ("/jobs/new", {"title": "x" * 257}),
    ],
)
async def test_form_that_makes_no_sense_comes_back_with_a_reason(
    browser: Browser, path: str, form: dict[str, str]
) -> None:
    answer = await browser.send(path, status=400, **form)
    assert 'role="alert"' in answer.text


async def test_every_page_of_a_hostile_world_can_be_shown() -> None:
    sandbox = Sandbox(world="hostile", candidates=120)
    transport = httpx2.ASGITransport(app=sandbox.smartrecruiters)
    async with httpx2.AsyncClient(transport=transport, base_url="http://ats.test") as http:
        browser = Browser(http, sandbox)
        await browser.sign_in(browser.world.users[0])
        for path in ("/jobs", "/people/candidates", "/people/candidates?page=2", "/people/candidates?q=a"):
            await browser.see(path)
        for kind, ids in (("jobs", browser.world.jobs), ("people/candidates", browser.world.candidates)):
            for each in ids:
                await browser.see(f"/{kind}/{each}", 404 if "/" in each or each in {".", ".."} else 200)


async def test_api_addresses_are_no_pages_and_pages_no_api(browser: Browser) -> None:
    assert (await browser.http.get("/apparel")).json()["errors"][0]["code"] == "NOT_FOUND"
    await browser.see("/nothing", 404)
    policy = (await browser.http.get(f"{ROOT}/jobs")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
