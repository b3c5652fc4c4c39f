"""From a path and a method to the resource and its handler, and who may call it."""

from __future__ import annotations

from typing import Final

from landbridge.sandbox.kernel import Rule
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.calls import Request, restli_method
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.resources import (
    applications,
    candidates,
    configurations,
    integrations,
    job_outcomes,
    jobs,
    provisioning,
    stages,
)
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.state import DeveloperApplication

RESOURCES: Final = (
    provisioning.V2,
    integrations.V2,
    integrations.REST,
    configurations.V2,
    configurations.REST,
    jobs.V2,
    jobs.REST,
    *job_outcomes.RESOURCES,
    candidates.V2,
    candidates.REST,
    applications.V2,
    applications.REST,
    stages.V2,
    stages.REST,
)
ROUTES: Final = {f"{resource.generation}/{resource.path}": resource for resource in RESOURCES}
NO_PERMISSION: Final = 100


def find_resource(path: str) -> tuple[Resource, tuple[str, ...]]:
    """The resource behind ``/v2/collection``, ``/v2/collection/{key}`` or ``/v2/collection/{key}/child``, and the
    still-encoded key. Raises a 404 :class:`RefusalError`."""
    segments = path.strip("/").split("/")
    name = "/".join([*segments[:2], *segments[3:]])
    resource = ROUTES.get(name) if 2 <= len(segments) <= 4 else None
    takes_key = resource is not None and (len(segments) != 3 or "partial_update" in resource.methods)
    if resource is None or not takes_key:
        raise RefusalError(404, "no such resource")
    return resource, tuple(segments[2:3])


def choose_method(request: Request, resource: Resource, *, with_key: bool) -> str:
    """The Rest.li method of the call; raises 403 (a POST that does not say it) or 405."""
    method = restli_method(request, request.query)
    if method is None and request.method == "POST":
        if "create" not in resource.methods:
            raise _not_permitted("CREATE", resource, audit.NO_METHOD)
        # Single creates and updates by path need no header: the official samples send none.
        method = "partial_update" if with_key else "create"
    if method is None or method not in resource.methods:
        raise RefusalError(405, f"{method or request.method} is not supported here")
    return method


def check_permission(application: DeveloperApplication, resource: Resource, method: str) -> None:
    """Provisioning is the parent's, everything else the children's."""
    if application.parent != resource.parent:
        raise _not_permitted(method.upper(), resource, audit.WRONG_APPLICATION)


def _not_permitted(method: str, resource: Resource, rule: Rule) -> RefusalError:
    message = f"Not enough permissions to access: {method} /{resource.path}"
    return RefusalError(403, message, service_code=NO_PERMISSION, rule=rule, finding=resource.path)
