"""A session that touches every resource of the imitated LinkedIn, written down line by line.

    python -m tests.sandbox.recorded_session SEED      one JSON line per answer, push and dump

Two runs with one seed must give the same lines, whatever the process: see ``test_linkedin_determinism``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2

from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.dump import DUMPS
from landbridge.sandbox.linkedin.openapi import linkedin_document
from tests.sandbox.callback import Callback, eventually, set_callback
from tests.sandbox.linkedin_caller import Caller, application, candidate, job, rest_candidate, stage

STARTED_AT = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
JOBS = 5


class Recorder(httpx2.AsyncBaseTransport):
    """Writes down every answer on its way to the client."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._inner = httpx2.ASGITransport(app=sandbox.linkedin)
        self.lines: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._inner.handle_async_request(request)
        body = await answer.aread()
        headers = sorted(answer.headers.items())
        self.note("answer", [request.method, request.url.path, answer.status_code, headers, body.decode("latin-1")])
        return answer

    def note(self, what: str, content: Any) -> None:
        self.lines.append(json.dumps([what, content], sort_keys=False))


@asynccontextmanager
async def recorded(seed: int) -> AsyncIterator[tuple[Caller, Recorder]]:
    sandbox = Sandbox(candidates=20, seed=seed)
    sandbox.clock.freeze()
    sandbox.clock.set(STARTED_AT)
    recorder = Recorder(sandbox)
    async with httpx2.AsyncClient(transport=recorder, base_url="http://sandbox") as http:
        yield Caller(http, sandbox), recorder


async def play(seed: int) -> list[str]:
    callback = Callback()
    try:
        async with recorded(seed) as (caller, recorder):
            await fill(caller, callback)
            await call_everything(caller)
            await be_recruiter(caller)
            eventually(lambda: not any(push.state == "waiting" for push in caller.sandbox.linkedin.pushes.log()))
            write_state(caller, recorder, callback)
            port = str(callback.server.server_port)
            return [line.replace(f"127.0.0.1:{port}", "127.0.0.1:PORT") for line in recorder.lines]
    finally:
        callback.stop()


async def fill(caller: Caller, callback: Callback) -> None:
    """Onboarding, then what an ATS sends."""
    await caller.sign_in("parent")
    wanted = {"uniqueForeignId": "t-7", "name": "ExampleATS - Borealis", "description": "T"}
    await caller.send("POST", "/v2/provisionedApplications", "", wanted)
    await caller.sign_in()
    caller.sandbox.linkedin.recruiter.request(client_id=caller.sandbox.linkedin.state.child.client_id)
    set_callback(caller, callback.url)
    export = caller.sandbox.linkedin.state.child.integrations[caller.organization, "ONE_CLICK_EXPORT", "RECRUITER"]
    export.configurations["JOB_POSTING_VIEWERS"] = "ALL_PRODUCT_USERS"
    for kind in ("ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN"):
        caller.sandbox.linkedin.recruiter.set_status(
            caller.organization, kind, "ENABLED", caller.sandbox.linkedin.state.child.client_id
        )
    contract = caller.sandbox.linkedin.state.network.contracts[0].urn
    caller.sandbox.linkedin.recruiter.set_status(
        contract, "CSA_API", "ENABLED", caller.sandbox.linkedin.state.child.client_id
    )
    for number in range(JOBS):
        await caller.create_job(f"J{number}")
    members = caller.sandbox.linkedin.state.network.members
    matched: dict[str, Any] = {"emailAddresses": [address for member in members[:3] for address in member.emails]}
    await caller.put_candidates({"C1": candidate(**matched), "C2": candidate(2), "bad": candidate(firstName="")})
    key = {"externalCandidateId": "C3", "integrationContext": caller.organization}
    await caller.put_rest("/rest/candidates", [key], [rest_candidate(3)])
    await caller.put_applications({"A1": application(), "A2": application(atsCandidateId="C2")})
    await caller.put_stages("A1", {"S1": stage(), "S2": stage(stage="Hired")})
    await caller.post_jobs(job(caller.organization, "J0", "CLOSE"), job(caller.organization, "late", description="x"))


async def call_everything(caller: Caller) -> None:
    """Every operation of the OpenAPI document with its own examples: what comes of it matters less than that the same
    comes of it every time."""
    caller.advance(600)
    for who in ("child", "parent"):
        await caller.sign_in(who)
        for path, operations in linkedin_document()["paths"].items():
            if path.startswith("/oauth/"):
                continue
            for method, operation in operations.items():
                await call_one(caller, path, method.upper(), operation)


async def call_one(caller: Caller, path: str, method: str, operation: dict[str, Any]) -> None:
    query, headers = [], {}
    for parameter in operation["parameters"]:
        schema = parameter["schema"]
        value = str(parameter.get("example") or schema.get("const") or schema.get("enum", ["x"])[0])
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", value)
        elif parameter["in"] == "query":
            query.append(f"{parameter['name']}={value}")
        else:
            headers[parameter["name"].lower()] = value
    text = "&".join(query).replace("urn%3Ali%3Aorganization%3A1337", caller.organization.replace(":", "%3A"))
    await caller.send(method, path.replace("1337", caller.organization.rpartition(":")[2]), text, {}, **headers)


async def be_recruiter(caller: Caller) -> None:
    """What people do: exports, InMails, notes; each may make a push."""
    network = caller.sandbox.linkedin.state.network
    seat = next(seat for seat in network.seats if seat.contract == network.contracts[0].urn and not seat.lite)
    holders = {seat.member for seat in network.seats}
    member = next(member.number for member in network.members if member.number not in holders)
    child = caller.sandbox.linkedin.state.child.client_id
    act = caller.http.post
    for number in range(1, JOBS):
        await act("/_sandbox/talent/export", json={"seat": seat.urn, "member": member, "job": f"J{number}"})
    sent = {"seat": seat.urn, "member": member, "subject": "Trams", "body": "Would you?"}
    thread = (await act("/_sandbox/talent/send-inmail", json=sent)).json()
    await act("/_sandbox/talent/reply", json={"thread": thread.get("urn", ""), "body": "Yes", "share_contact": True})
    await act("/_sandbox/talent/write-note", json={"seat": seat.urn, "member": member, "text": "Good with trams"})
    await act("/_sandbox/talent/evaluate", json={"application": "A1", "client_id": child})
    await act("/_sandbox/talent/resync-jobs", json={"client_id": child})
    await act("/_sandbox/talent/close-account", json={"member": member})
    for form in ({"grant_type": "client_credentials"}, {"grant_type": "password"}):
        await caller.fetch_token(**form)
    for page in ("/oauth/v2/authorization", "/_sandbox/openapi.json", "/_sandbox/talent", "/_sandbox/credentials"):
        await caller.http.get(page)


def write_state(caller: Caller, recorder: Recorder, callback: Callback) -> None:
    linkedin = caller.sandbox.linkedin
    for push in linkedin.pushes.log():
        attempts = [(attempt.at, attempt.status) for attempt in push.attempts]
        recorder.note("push", [push.number, push.type, push.request_id, push.body, push.state, attempts])
    for body, headers in callback.got:
        recorder.note("received", [body.decode(), headers["x-li-signature"]])
    for entity in DUMPS:
        recorder.note("dump", [entity, [dict(row) for row in linkedin.dump(entity) or ()]])
    for entry in linkedin.journal.as_json(linkedin.journal.entries()):
        # How long a call took is the one thing that is never twice the same.
        recorder.note("journal", {name: value for name, value in entry.items() if name != "duration_us"})
    recorder.note("violations", [[one.rule, one.detail, one.at] for one in linkedin.journal.violations()])


if __name__ == "__main__":
    print(*asyncio.run(play(int(sys.argv[1]))), sep="\n")  # noqa: T201 - read by who starts it
