"""The desk by the JSON API: the same cases, the same answers, and the same word for whoever comes second."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.tokens import Scope
from tests.web.api import Api
from tests.web.conftest import Clock
from tests.web.desk_sample import fill_desk


@pytest.fixture
async def api(settings: Settings, database: Database, vault: Vault, clock: Clock) -> AsyncIterator[Api]:
    api = await Api(settings, database, vault, clock).open(pushes=False)
    yield api
    await api.client.aclose()


async def test_cases_are_listed_answered_and_taken_back(api: Api, clock: Clock) -> None:
    headers, reading = await api.token([Scope.DESK]), await api.token([Scope.READ])
    async with api.database.transaction() as connection:
        numbers = await fill_desk(connection, api.workspace, clock.now)
    counts = (await api.client.get("/desk/counts", headers=reading)).json()
    assert counts["groups"] == {
        "needs_email": 1, "ambiguous": 1, "unmatched": 1, "conflict": 1, "closed": 1, "trouble": 1
    }  # fmt: skip
    assert counts["certain"] == 1
    assert (await api.client.get("/desk", headers=reading)).status_code == 403
    listed = (await api.client.get("/desk", params={"limit": 2}, headers=headers)).json()
    assert [case["group"] for case in listed["cases"]] == ["closed", "trouble"]
    older = (await api.client.get("/desk", params={"before": listed["before"]}, headers=headers)).json()
    assert [case["reason"] for case in older["cases"]] == ["differs", "unmatched", "ambiguous", "needs_email"]
    ambiguous = older["cases"][2]
    assert [(one["candidate"]["key"], one["certain"]) for one in ambiguous["suggestions"]] == [
        ("c2", True),
        ("c3", False),
    ]
    found = (await api.client.get("/desk/candidates", params={"named": "oka"}, headers=headers)).json()
    assert [one["key"] for one in found["candidates"]] == ["c1"]

    address = f"/desk/{numbers['3']}/answer"
    stale = await api.client.post(address, json={"did": "dismiss", "stamp": "older"}, headers=headers)
    assert (stale.status_code, stale.json()["code"]) == (409, "desk_changed")
    unfit = await api.client.post(address, json={"did": "clear"}, headers=headers)
    assert (unfit.status_code, unfit.json()["code"]) == (422, "desk_unfit")
    wrong = await api.client.post(address, json={"did": "attach", "candidate": "c9"}, headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "desk_candidate")
    said = await api.client.post(address, json={"did": "attach", "candidate": "c1"}, headers=headers)
    assert (said.json()["status"], said.json()["elements"]) == ("done", 2)
    again = await api.client.post(address, json={"did": "attach", "candidate": "c1"}, headers=headers)
    assert again.json()["status"] == "same"
    second = await api.client.post(address, json={"did": "dismiss"}, headers=headers)
    assert (second.status_code, second.json()["code"]) == (409, "desk_taken")
    assert (await api.client.get(f"/desk/{numbers['3']}", headers=headers)).status_code == 404

    assert (await api.client.post("/desk/accept", headers=headers)).json() == {"accepted": 1}
    many = await api.client.post("/desk/all", json={"group": "conflict", "did": "keep"}, headers=headers)
    assert many.json() == {"settled": 1, "left": 0}
    decided = (await api.client.get("/desk/decisions", headers=headers)).json()["decisions"]
    assert [one["did"] for one in decided] == ["keep", "attach", "attach"]
    back = await api.client.post(f"/desk/decisions/{said.json()['decision']}/undo", headers=headers)
    assert (back.json()["status"], back.json()["elements"]) == ("done", 2)


async def test_policy_and_exports(api: Api, clock: Clock) -> None:
    headers, reading = await api.token([Scope.DESK]), await api.token([Scope.READ])
    async with api.database.transaction() as connection:
        await fill_desk(connection, api.workspace, clock.now)
    assert (await api.client.get("/desk/policy", headers=reading)).json() == {"address": "", "again": 0}
    wrong = await api.client.put("/desk/policy", json={"address": "one@acme.example"}, headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "export_address")
    chosen = await api.client.put("/desk/policy", json={"address": "in+{id}@acme.example"}, headers=headers)
    assert chosen.json() == {"address": "in+{id}@acme.example", "again": 1}
    told = (await api.client.get("/desk/exports", headers=reading)).json()
    assert told == {
        "per_seat": 300,
        "seats": [{"seat": "urn:li:seat:1", "name": "Lena Moss", "count": 3, "left": 297, "near": False}],
    }
