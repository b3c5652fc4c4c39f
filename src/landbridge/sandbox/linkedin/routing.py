"""From a path and a method to the resource and its handler, and who may call it."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from landbridge.sandbox.kernel import Rule
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.calls import Request, restli_method
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.resources import (
    acls,
    applications,
    attachments,
    candidates,
    closed_profiles,
    configurations,
    conversation_events,
    feedback,
    integrations,
    job_outcomes,
    jobs,
    mail_stubs,
    me,
    notes,
    prospect_notes,
    provisioning,
    requests,
    seats,
    secrets,
    stages,
)
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.singles import serves, takes_key
from landbridge.sandbox.linkedin.state import DeveloperApplication

RESOURCES: Final = (
    provisioning.V2,
    secrets.V2,
    me.V2,
    me.USERINFO,
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
    *stages.RESOURCES,
    *notes.RESOURCES,
    *feedback.RESOURCES,
    *attachments.RESOURCES,
    *acls.RESOURCES,
    *requests.RESOURCES,
    *seats.RESOURCES,
    conversation_events.V2,
    *mail_stubs.RESOURCES,
    prospect_notes.V2,
    closed_profiles.V2,
)
ROUTES: Final = {f"{resource.generation}/{resource.path}": resource for resource in RESOURCES}
NO_PERMISSION: Final = 100


class Target(Struct, frozen=True):
    """What a path names: a resource, the still-encoded keys above it, and the one at its end."""

    resource: Resource
    parents: tuple[str, ...]
    key: str | None


def find_target(path: str) -> Target:
    """``/v2/collection``, ``/v2/collection/{key}``, ``/v2/collection/{key}/child`` and ``.../child/{key}``.

    Raises a 404 :class:`RefusalError`.
    """
    segments = path.strip("/").split("/")
    name = "/".join([*segments[:2], *segments[3:4]])
    resource = ROUTES.get(name) if 2 <= len(segments) <= 5 else None
    key = segments[-1] if len(segments) in (3, 5) else None
    if resource is None or (key is not None and not takes_key(resource)):
        raise RefusalError(404, "no such resource")
    return Target(resource, tuple(segments[2:3]) if len(segments) > 3 else (), key)


def choose_method(request: Request, resource: Resource, *, with_key: bool) -> str:
    """The Rest.li method of the call; raises 403 (a POST that does not say it) or 405."""
    method = restli_method(request, with_key=with_key)
    if method is None and request.method == "POST":
        if "create" not in resource.methods:
            raise _not_permitted("CREATE", resource, audit.NO_METHOD)
        # Single creates and updates by path need no header: the official samples send none.
        method = "partial_update" if with_key else "create"
    if method is None or not serves(resource, method, with_key=with_key):
        raise RefusalError(405, f"{method or request.method} is not supported here")
    return method


def check_permission(application: DeveloperApplication, resource: Resource, method: str, *, member: bool) -> None:
    """Provisioning is the parent's, a secret is everybody's own, everything else is the children's.

    ``member`` says whether the token speaks for a member: only ``me`` asks for that.
    """
    if member != resource.member:
        raise _not_permitted(method.upper(), resource, audit.WRONG_TOKEN)
    if resource.parent is not None and application.parent != resource.parent:
        raise _not_permitted(method.upper(), resource, audit.WRONG_APPLICATION)


def _not_permitted(method: str, resource: Resource, rule: Rule) -> RefusalError:
    message = f"Not enough permissions to access: {method} /{resource.path}"
    return RefusalError(403, message, service_code=NO_PERMISSION, rule=rule, finding=resource.path)
