"""The OpenAPI document tells what is served, and nothing made from it makes the sandbox stumble.

The run in the test suite is short and always the same. A longer one: STORM=500 in the environment.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from landbridge.sandbox import Sandbox
from landbridge.sandbox.smartrecruiters.openapi import smartrecruiters_document
from landbridge.sandbox.smartrecruiters.routes import ROUTES

EXAMPLES = int(os.environ.get("STORM", "3"))
STORM = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
HALVES = 2


@pytest.mark.slow
@pytest.mark.timeout(60 + 60 * EXAMPLES)
@pytest.mark.parametrize("half", range(HALVES))
def test_calls_made_from_the_document_get_answers_it_tells_of(half: int) -> None:
    # Here and not above: loading it takes seconds, which would be every worker's.
    import schemathesis
    from schemathesis import checks
    from schemathesis.core.result import Ok
    from schemathesis.specs.openapi import checks as openapi_checks

    sandbox = Sandbox(candidates=12)
    headers = {"X-SmartToken": sandbox.smartrecruiters.keys.api_key}
    wanted = (
        checks.not_a_server_error,
        openapi_checks.status_code_conformance,
        openapi_checks.response_schema_conformance,
    )
    schema = schemathesis.openapi.from_asgi("/_sandbox/openapi.json", sandbox.smartrecruiters)
    for found in list(schema.get_all_operations())[half::HALVES]:
        assert isinstance(found, Ok)

        def storm(case: Any) -> None:
            case.validate_response(case.call(headers=headers), checks=wanted, headers=headers)

        STORM(given(case=found.ok().as_strategy())(storm))()


def test_every_route_stands_in_the_document() -> None:
    sandbox = Sandbox(candidates=2)
    paths = smartrecruiters_document(sandbox.smartrecruiters.state)["paths"]
    told = {operation["operationId"] for path in paths.values() for operation in path.values()}
    assert told == {route.operation for route in ROUTES}
