"""What the console's pages show besides their lists, by the JSON API: the way, what came and went, one candidate."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

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
    """With a desk full of cases, and a seat that may be one user's."""
    api = await Api(settings, database, vault, clock).open(pushes=False)
    async with database.transaction() as connection:
        await fill_desk(connection, api.workspace, clock.now)
        await connection.execute(
            """
            INSERT INTO ats_user (workspace_id, key, first_name, last_name, email, active, seen_at)
            VALUES (%s, 'u1', 'Lena', 'Moss', 'lena@acme.example', true, %s)
            """,
            [api.workspace, clock.now],
        )
        await connection.execute(
            """
            INSERT INTO delivery (record_id, workspace_id, kind, state, reason, priority, changed_at)
            SELECT id, workspace_id, kind, CASE WHEN key = 'a2' THEN 'held' ELSE 'due' END,
                   CASE WHEN key = 'a2' THEN 'waits_for_candidate' ELSE '' END, 1, %s FROM record
            """,
            [clock.now],
        )
    yield api
    await api.client.aclose()


async def test_pages_facts_are_told_without_the_contents_of_records(api: Api) -> None:
    headers = await api.token([Scope.READ])

    async def see(path: str, **params: str) -> tuple[Any, str]:
        answer = await api.client.get(path, params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json(), answer.text

    way, _ = await see("/way")

    assert [(one["title"], one["state"]) for one in way["steps"]][:2] == [
        ("Connect your ATS", "now"),
        ("Agree to what is shared", "later"),
    ]
    assert "/w/acme/connect-users" in str(way["tasks"])
    assert "/w/acme/desk" in str(way["tasks"])

    flows, text = await see("/flows")
    assert {("in", "export", "desk"), ("out", "candidate", "due")} <= {
        (one["way"], one["kind"], one["state"]) for one in flows["flows"]
    }
    assert "Lena Moss" in text  # whose seat it is, the list of seats tells as well
    assert "Okafor" not in text

    incoming, _ = await see("/incoming")
    assert incoming["changes"] == {"way": "not_begun", "every_s": 900.0, "every_told_s": 900.0}
    assert (incoming["pace"]["slower"], incoming["pace"]["promised_s"]) == (False, 1800.0)

    one, text = await see("/candidate", key="c2")
    assert one["candidate"]["state"] == "due"
    assert "waits_for_candidate" in text
    assert "Train manager, Berlin" in text
    assert "Sato" not in text
    assert (await api.client.get("/candidate", params={"key": "c9"}, headers=headers)).status_code == 404

    sync, _ = await see("/sync")
    assert {"candidates", "jobs"} <= {one["resource"] for one in sync["ahead"]}


async def test_links_let_whoever_holds_a_seat_confirm_it(api: Api) -> None:
    headers = await api.token([Scope.SEATS, Scope.READ])
    [seat] = (await api.client.get("/seats", headers=headers)).json()["seats"]
    told = await api.client.post(f"/seats/{seat['id']}/confirmations", headers=headers)
    [link] = told.json()["links"]
    assert link["name"] == "Lena Moss"
    page = await api.client.get(link["link"])
    assert page.status_code == 200
    assert "Lena Moss" in page.text
    assert "API: test (a test)" in page.text
