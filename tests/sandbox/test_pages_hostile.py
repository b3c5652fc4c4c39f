"""Whatever stands in an address or a form, a page answers: it may refuse, it does not break."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

import httpx2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.pages.page import Page
from landbridge.sandbox.linkedin.pages.registry import PAGES
from tests.sandbox.linkedin_caller import Caller, candidate

FIELDS = (
    "api_key", "ask", "ats", "body", "candidate", "client_id", "confirm", "contact", "context", "contract", "decision",
    "job", "level", "login", "member", "next", "origin", "page", "password", "private", "status", "subject", "text",
    "types", "unlink", "words",
)  # fmt: skip
ADMIN = 2


class Visitor:
    """An admin with everything enabled, who sends what nobody would."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(world="hostile", candidates=20)
        linkedin = self.sandbox.linkedin
        for type_ in ("ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN"):
            linkedin.recruiter.request()
            key = (linkedin.state.network.organization, type_, "RECRUITER")
            linkedin.state.child.integrations[key].status = "ENABLED"
        linkedin.state.child.sdk_domains = ["http://ats.example.org"]
        network = linkedin.state.network
        self.real = [
            linkedin.state.child.client_id, network.organization, network.contracts[1].urn, "http://ats.example.org",
            str(network.members[-1].number), "C1", "company", "ENABLED", *list(linkedin.state.talent.threads)[:2],
            *(str(number) for number in list(linkedin.state.talent.notes)[:2]),
        ]  # fmt: skip

    async def send(self, page: Page, segment: str, query: dict[str, str], form: bytes) -> httpx2.Response:
        transport = httpx2.ASGITransport(app=self.sandbox.linkedin)
        async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as http:
            await self._prepare(http)
            path = "/".join(quote(segment, safe="") if "{" in part else part for part in page.path.split("/"))
            return await http.request(page.method, path, params=query, content=form)

    async def _prepare(self, http: httpx2.AsyncClient) -> None:
        human = self.sandbox.linkedin.state.network.people[ADMIN]
        await http.post("/login", data={"login": human.login, "password": human.password})
        if not self.sandbox.linkedin.state.child.books:
            caller = Caller(http, self.sandbox)
            await caller.sign_in()
            await caller.put_candidates({"C1": candidate()})


@cache
def visitor() -> Visitor:
    return Visitor()


values = st.deferred(lambda: st.sampled_from(visitor().real)) | st.text(max_size=30)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    page=st.sampled_from(PAGES),
    segment=values.filter(bool),
    query=st.dictionaries(st.sampled_from(FIELDS), values, max_size=8),
    form=st.binary(max_size=60)
    | st.dictionaries(st.sampled_from(FIELDS), values, max_size=8).map(
        lambda fields: "&".join(f"{name}={quote(text)}" for name, text in fields.items()).encode()
    ),
)
async def test_every_page_answers_whatever_it_is_sent(
    page: Page, segment: str, query: dict[str, str], form: bytes
) -> None:
    answer = await visitor().send(page, segment, query, form)
    assert answer.status_code < 500, answer.text
