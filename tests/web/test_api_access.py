"""Operations × scopes × own and other workspace, walked unasked; and tokens as people handle them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx2
import pytest

from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.project import configure
from landbridge.store.secrets import Vault
from landbridge.store.tokens import Scope
from tests.conftest import settings_for
from tests.web.api import Api
from tests.web.conftest import Clock

# The operations are known once Django is configured; nothing is asked of this database.
configure(settings_for("postgresql://localhost/none"), "postgresql://localhost/none", secret_key="k" * 60)

from ninja import NinjaAPI  # noqa: E402 - needs Django's settings

from landbridge.web.api.access import MOST_CALLS, check_operations, scopes_of  # noqa: E402 - as above
from landbridge.web.api.document import API, document  # noqa: E402 - as above
from landbridge.web.console.access import UndeclaredRouteError  # noqa: E402 - as above

OPERATIONS = scopes_of(API)


@pytest.fixture
async def api(settings: Settings, database: Database, vault: Vault, clock: Clock) -> AsyncIterator[Api]:
    api = await Api(settings, database, vault, clock).open()
    yield api
    await api.client.aclose()


async def call(api: Api, operation: str, headers: dict[str, str], number: int = 2147483000) -> httpx2.Response:
    method, path = operation.split(" ")
    address = re.sub(r"\{\w+\}", str(number), path)
    body = {"records": [], "user": 2147483000}
    return await api.client.request(method, address, headers=headers, json=body if method == "POST" else None)


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
    """The other workspace has a job, a user, a seat and a contract; by their numbers nothing is found or changed."""
    other = await Api(api.settings, api.database, api.vault, api.clock, "globex").open()
    theirs = await other.token()
    await other.push("jobs", [{"id": "J-secret", "title": "Secret", "status": "open"}], theirs)
    await other.push("users", [{"id": "U-secret", "first_name": "Secret", "last_name": "Person"}], theirs)
    async with api.database.connection() as connection:
        cursor = await connection.execute(
            """INSERT INTO seat (workspace_id, contract, urn, first_name, last_name, admin, seen_at)
               VALUES (%s, 'urn:secret', 'urn:li:seat:1', 'Secret', 'Seat', false, now()) RETURNING id""",
            [other.workspace],
        )
        row = await cursor.fetchone()
        assert row is not None
        await connection.execute(
            """INSERT INTO contract (workspace_id, urn, name, state, added_by, added_at, changed_at)
               VALUES (%s, 'urn:li:contract:1', 'secret', 'enabled', 'x', now(), now())""",
            [other.workspace],
        )
        before = await (await connection.execute("SELECT count(*) FROM seat_link")).fetchone()
    ours = await api.token()
    for operation in OPERATIONS:
        answer = await call(api, operation, ours, row[0])
        assert "ecret" not in answer.text, operation
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
