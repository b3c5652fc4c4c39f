"""A connected ATS with jobs and one candidate, and a recruiter in front of the browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page

from landbridge.sandbox import Sandbox
from landbridge.sandbox.worlds.network import Member, Seat
from tests.browser.partner import Partner
from tests.sandbox.linkedin_caller import application, candidate, ids_query, job, stage, text_key

JOBS = {"REQ-1": "Tram Driver", "REQ-2": "Track Engineer", "REQ-3": "Ferry Captain", "REQ-4": "Tram Mechanic"}


class Recruiter:
    """``seat`` is that of the recruiter on the first contract; ``member`` somebody who may become a candidate."""

    def __init__(self, page: Page, sandbox: Sandbox, partner: Partner) -> None:
        self.page = page
        self.sandbox = sandbox
        self.partner = partner
        state = sandbox.linkedin.state
        self.organization = state.network.organization
        self.person = state.network.people[1]
        self.seat: Seat = next(seat for seat in state.network.seats if seat.member == self.person.member)
        members = state.directory.members.values()
        self.member: Member = next(one for one in members if 200_000_000 < one.number < 300_000_000)

    def connect(self) -> None:
        """Everything enabled and open to all; jobs are synced."""
        linkedin = self.sandbox.linkedin
        linkedin.recruiter.request()
        for integration in linkedin.state.child.integrations.values():
            integration.name = "Harbour ATS"
        self.partner.set_callback()
        for feature, setting in (
            ("ONE_CLICK_EXPORT", "JOB_POSTING_VIEWERS"),
            ("IN_ATS_INDICATOR", "APPLICATION_VIEWERS"),
        ):
            key = {
                "integrationContext": self.organization,
                "integrationType": feature,
                "tenantType": "RECRUITER",
                "dataProvider": "ATS",
            }
            value = {"entities": {setting: {"configurationValue": {"string": "ALL_PRODUCT_USERS"}}}}
            self.call("PUT", f"/v2/atsIntegrations/{text_key(key)}/configurations?ids={setting}", value, "batch_update")
            linkedin.recruiter.set_status(self.organization, feature, "ENABLED")
        linkedin.recruiter.set_status(self.seat.contract, "CSA_API", "ENABLED")
        jobs = [job(self.organization, name, title=title) for name, title in JOBS.items()]
        self.call("POST", "/v2/simpleJobPostings", {"elements": jobs}, "batch_create")
        self.sandbox.clock.advance(timedelta(seconds=10))

    def put_candidate(self) -> None:
        """The member becomes a candidate with one application."""
        names: dict[str, Any] = {"firstName": self.member.first_name, "lastName": self.member.last_name}
        person = candidate(emailAddresses=[self.member.emails[0]], currentJobTitle="Pilot", **names)
        self._put("atsCandidates", {"atsCandidateId": "C1"}, person)
        self._put("atsApplications", {"atsJobApplicationId": "A1"}, application(**names))
        steps = {
            "S1": stage(),
            "S2": stage(stage="Interview: Panel with the crew", atsCreatedAt=stage()["atsCreatedAt"] + 86_400_000),
        }
        path = f"/v2/atsApplications/{text_key(self._key({'atsJobApplicationId': 'A1'}))}/stages?ids=S1&ids=S2"
        self.call("PUT", path, {"entities": steps}, "batch_update")

    def _put(self, collection: str, own: dict[str, str], value: dict[str, Any]) -> None:
        key = self._key(own)
        entities = {"entities": {text_key(key): value}}
        answer = self.call("PUT", f"/v2/{collection}?{ids_query([key])}", entities, "batch_update")
        assert answer["errors"] == {}

    def _key(self, own: dict[str, str]) -> dict[str, str]:
        return {**own, "dataProvider": "ATS", "integrationContext": self.organization}

    def call(self, method: str, path: str, body: object = None, restli: str = "") -> dict[str, Any]:
        """A call of the ATS, with the child's token; anything but 200 fails the test."""
        return self.partner._call(method, path, body, restli)

    def find(self, resource: str, finder: str, **criteria: str) -> list[dict[str, Any]]:
        """The elements of one finder of the API."""
        wanted = "&".join(f"{name}={quote(text, safe='')}" for name, text in criteria.items())
        return list(self.call("GET", f"/v2/{resource}?q={finder}&start=0&count=100&{wanted}")["elements"])

    @property
    def urn(self) -> str:
        """The member as the ATS knows them."""
        return self.sandbox.linkedin.state.child.persons.urn(self.member.number)

    def open(self, path: str, page: Page | None = None) -> None:
        """Go there, signing in first where that is asked for."""
        page = page or self.page
        page.goto(self.sandbox.linkedin_url + path)
        if "/login" in page.url:
            page.get_by_label("E-mail address").fill(self.person.login)
            page.get_by_label("Password").fill(self.person.password)
            page.get_by_role("button", name="Sign in", exact=True).click()

    def open_profile(self) -> None:
        self.open(f"/recruiter/people/{self.member.number}")
