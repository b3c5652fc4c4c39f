"""Calls made up from the API's own OpenAPI document: none makes it fail, none is answered otherwise than promised.

The run in the test suite is short and always the same. A longer one: STORM=200 before the command.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from landbridge.jobs.pushing import open_door
from landbridge.jobs.queue import JobBell
from landbridge.jobs.wiring import Works
from landbridge.settings import Settings
from landbridge.store.database import Database
from landbridge.store.journal import CallJournal
from landbridge.store.secrets import Vault
from landbridge.store.tokens import Scope, make_token
from landbridge.store.workspaces import create_workspace
from landbridge.web.rooms import machine_time
from tests.browser.console import ConsoleThread

MOST_OPERATIONS = 200
EXAMPLES = int(os.environ.get("STORM", "5"))
STORM = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def prepared(console: ConsoleThread, own: Settings) -> list[str]:
    """Tokens of a workspace that takes pushes: several, because each has its share of a minute."""

    async def make(database: Database, vault: Vault) -> list[str]:
        now = machine_time()
        async with database.transaction() as connection:
            workspace = await create_workspace(connection, slug="acme", name="Acme", foreign_id="acme", now=now)
        async with CallJournal(database) as journal:
            works = Works(own, database, vault, journal, JobBell())
            await open_door(works, workspace)
            await works.close()
        async with database.transaction() as connection:
            return [
                await make_token(connection, workspace, label=f"{n}", scopes=tuple(Scope), by="x", now=now)
                for n in range(MOST_OPERATIONS)
            ]

    return console.ask(make)


@pytest.mark.timeout(120 + 60 * EXAMPLES)
def test_calls_made_from_the_document_get_answers_it_tells_of(settings: Settings) -> None:
    # Here and not above: loading it takes seconds, which would be every worker's.
    import schemathesis
    from schemathesis.core.result import Ok
    from schemathesis.specs.openapi import checks as openapi_checks

    def nothing_fails(_context: Any, response: Any, _case: Any) -> None:
        """LinkedIn and the ATS cannot be reached from here, and an answer that says so is no failure."""
        away = response.status_code == 503 and response.json()["code"] in {"unreachable", "timed_out", "unavailable"}
        assert response.status_code < 500 or away, response.text

    wanted = (
        nothing_fails,
        openapi_checks.status_code_conformance,
        openapi_checks.content_type_conformance,
        openapi_checks.response_schema_conformance,
    )
    with ConsoleThread(settings) as console:
        tokens = prepared(console, settings)
        schema = schemathesis.openapi.from_url(f"{console.url}/api/v1/openapi.json")
        operations = list(schema.get_all_operations())
        assert 45 < len(operations) <= MOST_OPERATIONS
        for token, found in zip(tokens, operations, strict=False):
            assert isinstance(found, Ok)
            headers = {"Authorization": f"Bearer {token}"}

            def storm(case: Any) -> None:
                case.validate_response(case.call(headers=headers), checks=wanted, headers=headers)  # noqa: B023 - called before the next round

            for mode in schemathesis.GenerationMode:
                STORM(given(case=found.ok().as_strategy(generation_mode=mode))(storm))()
