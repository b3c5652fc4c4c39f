"""``developerApplicationsSecurity``: rotate the secret of an application. Source: application-secret-management."""

from __future__ import annotations

from typing import Any, Final

import orjson

from landbridge.sandbox.kernel import Answer, json_answer
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import DELETE_SECRET_ACTION, TWO_SECRETS_STATUS
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import parameter
from landbridge.sandbox.linkedin.state import DeveloperApplication

ROLL: Final = "rollDeveloperApplicationSecret"
CHILD: Final = "childDeveloperApplication"


def action(call: Call) -> Answer:
    """Roll a secret (the old one stays valid beside it), or delete the older of two."""
    name = parameter(call.query, "action")
    if name not in (ROLL, DELETE_SECRET_ACTION):
        raise RefusalError(400, "no such action")
    application = _application(call)
    if name == DELETE_SECRET_ACTION:
        return _delete_older(application)
    if application.older_secret is not None:
        raise RefusalError(TWO_SECRETS_STATUS, "two secrets are live: delete one first")
    return json_answer(200, {"value": {"client_secret": call.state.roll_secret(application)}})


def _application(call: Call) -> DeveloperApplication:
    """Its own caller, or the child the parent names."""
    urn = _wanted(call).get(CHILD)
    if urn is None:
        return call.application
    child = call.state.child_by_urn(urn) if isinstance(urn, str) else None
    if not call.application.parent:
        raise RefusalError(403, "only the parent rotates the secret of another application")
    if child is None:
        raise RefusalError(404, "no such child application")
    return child


def _wanted(call: Call) -> dict[str, Any]:
    try:
        wanted = orjson.loads(call.body or b"{}")
    except orjson.JSONDecodeError:
        raise RefusalError(400, "the body is not JSON") from None
    if not isinstance(wanted, dict) or wanted.keys() - {CHILD}:
        raise RefusalError(400, f"the body is {{}} or names {CHILD}")
    return wanted


def _delete_older(application: DeveloperApplication) -> Answer:
    if application.older_secret is None:
        raise RefusalError(TWO_SECRETS_STATUS, "the only secret cannot be deleted")
    application.older_secret = None
    return json_answer(200, {"value": {}})


V2: Final = Resource(
    name="secrets",
    generation="v2",
    path="developerApplicationsSecurity",
    methods={"action": action},
    parent=None,
)
