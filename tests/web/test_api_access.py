"""Operations × scopes × own and other workspace, walked unasked; and tokens as people handle them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from landbridge.settings import Settings
from landbridge.store.connections import save_credentials
from landbridge.store.database import Database
from landbridge.store.memberships import Role, change_role
from landbridge.store.project import configure
from landbridge.store.secrets import Vault
from landbridge.store.tokens import Scope, make_token
from tests.conftest import settings_for
from tests.web.api import Api
from tests.web.conftest import Clock
from tests.web.people import Console, acts_of, join, post

# The operations are known once Django is configured; nothing is asked of this database.
configure(settings_for("postgresql://localhost/none"), "postgresql://localhost/none", secret_key="k" * 60)

from ninja import NinjaAPI  # noqa: E402 - needs Django's settings

from landbridge.jobs.onboarding.consent import TEXT_VERSION  # noqa: E402 - as above
from landbridge.web.api.access import MOST_CALLS, check_operations, scopes_of  # noqa: E402 - as above
from landbridge.web.api.document import API, document  # noqa: E402 - as above
from landbridge.web.console.access import UndeclaredRouteError  # noqa: E402 - as above

OPERATIONS = scopes_of(API)
# What every operation that takes something understands; what it does not ask for it leaves alone.
BODY: dict[str, Any] = {
    "records": [], "user": 2147483000, "name": "x", "label": "x", "role": "viewer", "kind": "parent", "client_id": "",
    "client_secret": "x", "contract": "1", "way": "api_key", "agreed": True, "text_version": TEXT_VERSION,
    "availability": "PRIVATE", "history_years": None, "exclude_confidential": False, "share_reviews": False,
    "access": "everybody", "share_notes": False, "share_resumes": False, "did": "again",
}  # fmt: skip
THEIRS = """
INSERT INTO seat (id, workspace_id, contract, urn, first_name, last_name, admin, seen_at)
VALUES (%(id)s, %(workspace)s, 'urn:hidden', 'urn:li:seat:1', 'Hidden', 'Seat', false, now());
INSERT INTO contract (id, workspace_id, urn, name, state, added_by, added_at, changed_at)
VALUES (%(id)s, %(workspace)s, 'urn:li:contract:1', 'hidden', 'enabled', 'x', now(), now());
INSERT INTO invitation (id, workspace_id, role, label, token_hash, invited_by, made_at, expires_at)
VALUES (%(id)s, %(workspace)s, 'viewer', 'hidden', 'x', 'x', now(), 'infinity');
INSERT INTO handover (id, workspace_id, token_hash, made_by, made_at, expires_at)
VALUES (%(id)s, %(workspace)s, 'x', 'hidden', now(), 'infinity');
INSERT INTO api_token (id, workspace_id, label, start, token_hash, scopes, made_by, made_at, minute_at, calls)
VALUES (%(id)s, %(workspace)s, 'hidden', 'lbt_', 'x', '[]', 'x', now(), now(), 0);
INSERT INTO audit_event (at, workspace_id, who, act) VALUES (now(), %(workspace)s, 'hidden', 'sync.paused')
"""
AGREEING = (
    "agreed", "text_version", "availability", "history_years", "exclude_confidential", "access", "share_reviews",
    "share_notes", "share_resumes",
)  # fmt: skip


@pytest.fixture
async def api(settings: Settings, database: Database, vault: Vault, clock: Clock) -> AsyncIterator[Api]:
    api = await Api(settings, database, vault, clock).open()
    yield api
    await api.client.aclose()


async def call(api: Api, operation: str, headers: dict[str, str], number: int = 2147483000) -> httpx2.Response:
    method, path = operation.split(" ")
    address = re.sub(r"\{\w+\}", str(number), path)
    return await api.client.request(method, address, headers=headers, json=BODY if method in {"POST", "PUT"} else None)


async def test_every_operation_lets_in_its_scope_and_no_other(api: Api) -> None:
    wrong = []
    for operation, needed in OPERATIONS.items():
        for scope in Scope:
            status = (await call(api, operation, await api.token([scope]))).status_code
            if (status in {401, 403}) == (scope is needed) or status >= 500:
                wrong.append(f"{operation} answers {scope} with {status}")
    assert wrong == []
    assert len(OPERATIONS) > 15


async def test_nobody_without_a_token_learns_anything(api: Api) -> None:
    revoked = await api.token()
    async with api.database.connection() as connection:
        await connection.execute("UPDATE api_token SET revoked_at = now()")
    for operation in OPERATIONS:
        for headers in ({}, {"authorization": "Bearer lbt_guessed"}, {"authorization": "Basic eDp5"}, revoked):
            answer = await call(api, operation, headers)
            assert answer.status_code == 401, operation
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["hint"]


async def test_no_operation_reaches_another_workspace(api: Api) -> None:
    """The other workspace has one of everything; by their numbers nothing is found or changed."""
    other = await Api(api.settings, api.database, api.vault, api.clock, "globex").open()
    theirs = await other.token()
    await other.push("jobs", [{"id": "J-hidden", "title": "Hidden", "status": "open"}], theirs)
    await other.push("users", [{"id": "U-hidden", "first_name": "Hidden", "last_name": "Person"}], theirs)
    number = 777001
    async with api.database.connection() as connection:
        for statement in THEIRS.split(";"):
            await connection.execute(statement.encode(), {"workspace": other.workspace, "id": number})
        before = await (await connection.execute("SELECT count(*) FROM seat_link")).fetchone()
    ours = await api.token()
    for operation in OPERATIONS:
        answer = await call(api, operation, ours, number)
        assert "idden" not in answer.text, operation
        if "{" in operation:
            assert answer.status_code == 404, operation
    query = {"kind": "job", "state": "due"}
    assert (await api.client.get("/records", params=query, headers=ours)).json()["records"] == []
    assert len((await other.client.get("/records", params=query, headers=theirs)).json()["records"]) == 1
    async with api.database.connection() as connection:
        assert await (await connection.execute("SELECT count(*) FROM seat_link")).fetchone() == before
    await other.client.aclose()


async def test_token_used_too_often_waits_for_its_minute_to_end(api: Api, clock: Clock) -> None:
    headers = await api.token([Scope.READ])
    assert (await api.client.get("/token", headers=headers)).status_code == 200
    async with api.database.connection() as connection:
        await connection.execute("UPDATE api_token SET calls = %s", [MOST_CALLS])
    clock.advance(seconds=20)
    answer = await api.client.get("/token", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_calls")
    assert answer.headers["retry-after"] == "41"
    clock.advance(seconds=41)
    assert (await api.client.get("/token", headers=headers)).status_code == 200


async def test_wrong_method_is_answered_as_a_problem(api: Api) -> None:
    answer = await api.client.delete("/overview")
    assert (answer.status_code, answer.json()["code"], answer.headers["allow"]) == (405, "request_wrong", "GET")


async def test_document_is_served_and_names_every_operation(api: Api) -> None:
    served = (await api.client.get("/openapi.json")).json()
    assert served == document()
    listed = {f"{method.upper()} {path}" for path, of in served["paths"].items() for method in of}
    assert listed == {operation.replace(" /", " /api/v1/") for operation in OPERATIONS}
    assert {"PushedJob", "Deletion", "ProblemOut"} <= served["components"]["schemas"].keys()


def test_operation_without_a_scope_does_not_start() -> None:
    api = NinjaAPI(urls_namespace="nothing")

    @api.get("/open")
    async def show(request: object) -> None:
        """Nobody has said who may."""

    with pytest.raises(UndeclaredRouteError, match="GET /open"):
        check_operations(api)


async def test_admin_makes_a_token_sees_it_once_and_revokes_it(admin: httpx2.AsyncClient, database: Database) -> None:
    from landbridge.store.workspaces import create_workspace
    from tests.web.conftest import NOW

    async with database.transaction() as connection:
        await create_workspace(connection, slug="acme", name="Acme", foreign_id="acme", now=NOW)
    page = await admin.get("/w/acme/api-access")
    form = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert form is not None
    headers = {"x-csrftoken": form[1], "origin": "http://localhost"}
    made = await admin.post(
        "/w/acme/api-access/make", data={"label": "Nightly", "scopes": ["read", "sync"]}, headers=headers
    )
    shown = re.search(r'id="new-token" class="code" readonly value="(lbt_[\w-]+)"', made.text)
    assert shown is not None, made.status_code
    assert shown[1] not in (await admin.get("/w/acme/api-access")).text
    bearer = {"authorization": f"Bearer {shown[1]}"}
    told = await admin.get("/api/v1/token", headers=bearer)
    assert told.json() == {"workspace": "acme", "label": "Nightly", "scopes": ["read", "sync"]}
    number = re.search(r"/w/acme/api-access/(\d+)/revoke", made.text)
    assert number is not None
    assert (await admin.post(f"/w/acme/api-access/{number[1]}/revoke", headers=headers)).status_code == 302
    assert (await admin.get("/api/v1/token", headers=bearer)).status_code == 401
    opened = await admin.post("/w/acme/api-access/take-pushes", headers=headers)
    assert opened.status_code == 302
    assert "May push" in (await admin.get("/w/acme/api-access")).text
    assert "there is nothing for Landbridge to read" in (await admin.get("/w/acme/ats")).text
    acts = await admin.get("/w/acme/activity")
    assert acts.status_code == 200
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT act FROM audit_event WHERE act LIKE 'token%' ORDER BY id")
        assert [act for (act,) in await cursor.fetchall()] == ["token.made", "token.revoked"]
        cursor = await connection.execute("SELECT count(*) FROM api_token WHERE start = %s", [shown[1]])
        assert await cursor.fetchone() == (0,)


async def test_token_loses_what_its_maker_loses(api: Api, console: Console) -> None:
    """Nobody has to remember the tokens of somebody whose role changes, or who leaves."""
    bob = await console.person("bob")
    token = ""
    async with api.database.connection() as connection:
        await join(connection, api.workspace, bob, Role.OWNER, api.clock.now)
        await join(connection, api.workspace, await console.person("ann"), Role.OWNER, api.clock.now)
        token = await make_token(
            connection, api.workspace, label="t", scopes=tuple(Scope), by="bob", maker=bob, now=api.clock.now
        )
    headers = {"authorization": f"Bearer {token}"}

    async def statuses() -> list[int]:
        calls = (("GET", "/overview"), ("POST", "/sync/pause"), ("GET", "/invitations"))
        return [(await api.client.request(method, path, headers=headers)).status_code for method, path in calls]

    assert await statuses() == [200, 200, 200]
    for role, expected in ((Role.ADMIN, [200, 200, 403]), (Role.VIEWER, [200, 403, 403]), (None, [403, 403, 403])):
        async with api.database.transaction() as connection:
            assert await change_role(connection, api.workspace, bob, role) == "bob"
        assert await statuses() == expected, role
    assert (await api.client.get("/overview", headers=headers)).json()["code"] == "maker_may_not"


async def test_what_a_token_does_is_in_the_activity(api: Api) -> None:
    headers = await api.token()
    await api.client.post("/sync/pause", headers=headers)
    await api.client.post("/invitations", json={"label": "Bea", "role": "admin"}, headers=headers)
    first = (await api.client.get("/activity", params={"limit": 1}, headers=headers)).json()
    assert [(one["who"], one["act"], one["subject"]) for one in first["acts"]] == [
        ("API: test (a test)", "invitation.made", "Bea")
    ]
    rest = (await api.client.get("/activity", params={"before": first["before"]}, headers=headers)).json()
    assert [one["act"] for one in rest["acts"]] == ["sync.paused"]
    assert rest["before"] is None
    only = (await api.client.get("/activity", params={"act": "sync."}, headers=headers)).json()
    assert [one["act"] for one in only["acts"]] == ["sync.paused"]


async def test_tokens_are_listed_without_their_secrets_and_revoked_but_never_made(api: Api) -> None:
    headers = await api.token()
    leaked = await api.token([Scope.READ])
    told = await api.client.get("/tokens", headers=headers)
    tokens = told.json()["tokens"]
    first = tokens[0]
    assert (first["label"], first["made_by"], first["scopes"]) == ("test", "a test", ["read"])
    assert len(tokens) == 2
    for secret in (headers, leaked):
        assert secret["authorization"].removeprefix("Bearer ") not in told.text
        assert any(secret["authorization"].startswith(f"Bearer {one['start']}") for one in tokens)
    assert not [one for one in OPERATIONS if one.startswith(("POST /tokens", "PUT /tokens"))]

    numbers = {"other": next(one["id"] for one in tokens if one["id"] != told.json()["own"]), "own": told.json()["own"]}
    assert (await api.client.delete(f"/tokens/{numbers['other']}", headers=headers)).json() == {"done": True}
    assert (await api.client.get("/token", headers=leaked)).status_code == 401
    assert (await api.client.delete(f"/tokens/{numbers['other']}", headers=headers)).status_code == 404
    assert (await api.client.delete(f"/tokens/{numbers['own']}", headers=headers)).status_code == 200
    assert (await api.client.get("/token", headers=headers)).status_code == 401
    lines = [(who, code) for who, code, _, _ in await acts_of(api.database)]
    assert lines == [("API: test (a test)", "token.revoked")] * 2


async def test_call_repeated_with_its_key_makes_nothing_twice(api: Api) -> None:
    headers = {**await api.token(), "idempotency-key": "order 7"}
    wish = {"label": "Bea", "role": "viewer"}
    answers = [await api.client.post("/invitations", json=wish, headers=headers) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 200]
    assert len({one.json()["link"] for one in answers}) == 1
    open_ones = (await api.client.get("/invitations", headers=headers)).json()["invitations"]
    assert len(open_ones) == 1
    other = await api.client.post("/invitations", json={**wish, "label": "Cem"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    async with api.database.connection() as connection:
        await connection.execute("UPDATE api_answer SET answer = NULL")
    running = await api.client.post("/invitations", json=wish, headers=headers)
    assert (running.status_code, running.json()["code"]) == (409, "key_in_use")
    api.clock.advance(hours=25)
    assert (await api.client.post("/invitations", json=wish, headers=headers)).json()["link"] != answers[0].json()[
        "link"
    ]


async def test_call_that_failed_may_be_tried_again_with_its_key(api: Api) -> None:
    headers = {**await api.token(), "idempotency-key": "order 8"}
    assert (await api.client.post("/contracts/links", headers=headers)).json()["code"] == "consent_missing"
    agreed = {name: BODY[name] for name in AGREEING}
    receipt = await api.client.post("/consent", json=agreed, headers=await api.token())
    assert receipt.status_code == 200, receipt.text
    link = await api.client.post("/contracts/links", headers=headers)
    assert link.status_code == 200
    assert link.json()["link"].startswith("http://localhost/handover/")
    listed = (await api.client.get("/contracts/links", headers=headers)).json()["links"]
    assert [one["made_by"] for one in listed] == ["API: test (a test)"]


async def test_consent_names_the_token_and_its_maker_and_can_be_withdrawn(api: Api) -> None:
    headers = await api.token()
    wrong = {**{name: BODY[name] for name in AGREEING}, "text_version": "old"}
    assert (await api.client.post("/consent", json=wrong, headers=headers)).json()["code"] == "consent_text_changed"
    unagreed = {**wrong, "agreed": False}
    assert (await api.client.post("/consent", json=unagreed, headers=headers)).status_code == 422
    wish = {**wrong, "text_version": TEXT_VERSION, "history_years": 3}
    receipt = (await api.client.post("/consent", json=wish, headers=headers)).json()
    assert (receipt["given_by"], receipt["choices"]["history_days"]) == ("API: test (a test)", 1095)
    chosen = (await api.client.get("/choices", headers=headers)).json()
    kept = {name: wish[name] for name in AGREEING[2:]}
    assert chosen["saved"] == kept
    words = (await api.client.get("/consent", headers=headers)).json()
    assert words["reviews_text"] not in receipt["text"]
    reviewed = (await api.client.post("/consent", json={**wish, "share_reviews": True}, headers=headers)).json()
    assert reviewed["text"] == f"{words['text']} {words['reviews_text']}"
    assert (await api.client.get("/choices", headers=headers)).json()["saved"]["share_reviews"] is True
    noted = (await api.client.post("/consent", json={**wish, "share_notes": True}, headers=headers)).json()
    assert noted["text"] == f"{words['text']} {words['notes_text']}"
    assert "whoever it was meant for" in noted["text"]
    assert (noted["choices"]["share_notes"], noted["counts"]["notes"]) == (True, 0)
    # An ATS that pushes tells of no teams, and the unversioned API takes no resumes: neither is agreed to.
    taught = {**wish, "access": "teams"}
    assert (await api.client.post("/consent", json=taught, headers=headers)).json()["code"] == "teams_not_told"
    filed = {**wish, "share_resumes": True}
    assert (await api.client.post("/consent", json=filed, headers=headers)).json()["code"] == "not_connected"
    async with api.database.connection() as connection:
        settings = {"organization": "1", "dialects": {"resumes": "rest"}}
        await save_credentials(connection, api.workspace, "linkedin", vault=api.vault, settings=settings, secrets={})
    receipt = (await api.client.post("/consent", json=filed, headers=headers)).json()
    assert receipt["text"] == f"{words['text']} {words['resumes_text']}"
    assert (receipt["choices"]["share_resumes"], receipt["counts"]["resumes"]) == (True, 0)
    outlook = (await api.client.get("/choices", params={"access": "teams"}, headers=headers)).json()
    assert (outlook["choices"]["access"], outlook["saved"]["access"]) == ("teams", "everybody")
    assert (outlook["teams"]["told"], outlook["teams"]["seats_linked"], outlook["resumes"]) == (False, 0, 0)
    tried = (await api.client.get("/choices", params={"history_years": "all"}, headers=headers)).json()
    assert (tried["choices"]["history_years"], tried["saved"]["history_years"]) == (None, 3)
    assert (await api.client.delete("/consent", headers=headers)).json() == {"done": True}
    assert (await api.client.delete("/consent", headers=headers)).json() == {"done": False}
    assert (await api.client.get("/consent", headers=headers)).json()["agreed"] is False


async def test_address_without_an_operation_is_answered_as_a_problem(api: Api) -> None:
    for path in ("/nothing", "/overview/", "/", "/seats/1/2/3"):
        for method in ("GET", "POST", "DELETE"):
            answer = await api.client.request(method, path)
            assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path
            assert answer.json()["code"] == "nothing_there"
    strange = await api.client.get("/overview", headers={"host": "evil.example"})
    assert (strange.status_code, strange.headers["content-type"]) == (400, "application/problem+json")


async def test_admin_cannot_make_a_token_that_does_more_than_an_admin(console: Console, workspace: int) -> None:
    admin = await console.member("ada", workspace, Role.ADMIN)
    assert 'value="people"' not in (await admin.get("/w/acme/api-access")).text
    answer = await post(admin, "/w/acme/api-access/make", page="/w/acme/api-access", label="x", scopes="people")
    assert "new-token" not in answer.text
    async with console.database.connection() as connection:
        assert await (await connection.execute("SELECT count(*) FROM api_token")).fetchone() == (0,)
