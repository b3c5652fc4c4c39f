"""The OpenAPI document tells what is served, and nothing made from it makes the sandbox stumble.

The run in the test suite is short and always the same. A longer one: make storm STORM=200.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.openapi import linkedin_document
from landbridge.sandbox.linkedin.routing import RESOURCES

SCOPES = "r_liteprofile openid email"
EXAMPLES = int(os.environ.get("STORM", "2"))
#: Parts that can run beside each other.
PARTS = 4
STORM = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Shore:
    """A sandbox with everything enabled, and a token of each application."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(candidates=8)
        linkedin = self.sandbox.linkedin
        network = linkedin.state.network
        for kind in ("IN_ATS_INDICATOR", "PROFILE_PLUGIN"):
            linkedin.recruiter.set_status(network.organization, kind, "ENABLED")
        linkedin.recruiter.set_status(network.contracts[0].urn, "CSA_API", "ENABLED")
        at = self.sandbox.clock.ms()
        self.child = linkedin.tokens.issue(linkedin.state.child.client_id, at, 2**20)
        self.parent = linkedin.tokens.issue(linkedin.state.parent.client_id, at, 2**20)
        self.member = linkedin.tokens.issue(
            linkedin.state.child.client_id, at, 2**20, member=network.people[0].member, scope=SCOPES
        )

    def token(self, path: str) -> str:
        if path in ("/v2/me", "/v2/userinfo"):
            return self.member
        return self.parent if path.startswith("/v2/provisionedApplications") else self.child


@pytest.mark.slow
@pytest.mark.timeout(60 + 60 * EXAMPLES)
@pytest.mark.parametrize("part", range(PARTS))
def test_calls_made_from_the_document_get_answers_it_tells_of(part: int) -> None:
    # Here and not above: loading it takes seconds, which would be every worker's.
    import schemathesis
    from schemathesis import checks
    from schemathesis.core.result import Ok
    from schemathesis.specs.openapi import checks as openapi_checks

    shore = Shore()
    wanted = (
        checks.not_a_server_error,
        openapi_checks.status_code_conformance,
        openapi_checks.content_type_conformance,
        openapi_checks.response_schema_conformance,
    )
    schema = schemathesis.openapi.from_asgi("/_sandbox/openapi.json", shore.sandbox.linkedin)
    for found in list(schema.get_all_operations())[part::PARTS]:
        assert isinstance(found, Ok)
        operation = found.ok()
        headers = {"Authorization": f"Bearer {shore.token(operation.path)}"}

        def storm(case: Any) -> None:
            call_and_check(case, headers, wanted)  # noqa: B023 - called before the next round

        STORM(given(case=operation.as_strategy())(storm))()


def call_and_check(case: Any, headers: dict[str, str], wanted: tuple[Any, ...]) -> None:
    case.validate_response(case.call(headers=headers), checks=wanted, headers=headers)


def test_every_resource_and_method_stands_in_the_document() -> None:
    names = {operation["operationId"] for path in linkedin_document()["paths"].values() for operation in path.values()}
    for resource in RESOURCES:
        mine = [name for name in names if name.startswith(f"{resource.generation}_{resource.name}_")]
        missing = [method for method in resource.methods if not any(method in name for name in mine)]
        assert not missing, resource.path


@pytest.mark.parametrize(
    "resource", [one for one in RESOURCES if "batch_update" in one.methods], ids=lambda one: one.path
)
def test_schema_of_a_batch_update_is_that_of_what_checks_it(resource: Any) -> None:
    parent, _, child = resource.path.partition("/")
    path = f"/{resource.generation}/{parent}" + (f"/{{parentKey}}/{child}" if child else "")
    body = linkedin_document()["paths"][path]["put"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["entities"]
