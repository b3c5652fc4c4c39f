"""Bringing a customer onto LinkedIn: its own application, its integrations' names and settings.

Source: LinkedIn's pages on the Provisioning API and on customer configuration.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Struct, field

from landbridge.connectors.linkedin.access import VIEWERS
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.integrations import (
    EVERYBODY,
    IntegrationKey,
    configure_integration,
    integrations_of,
    name_integrations,
)
from landbridge.connectors.linkedin.settings import Settings
from landbridge.errors import NeedsPersonError, SettingError
from landbridge.http import Call

PATH = "/v2/provisionedApplications"
SECURITY_PATH = "/v2/developerApplicationsSecurity"
LONGEST_NAME = 50
FORBIDDEN_WORD = "linkedin"


class ChildPlan(Struct, frozen=True, kw_only=True):
    """The application a customer is to have. ``domains`` are origins that may show LinkedIn's widgets."""

    foreign_id: str
    name: str
    description: str
    domains: tuple[str, ...]
    callbacks: tuple[str, ...] = ()


class Child(Struct, frozen=True, kw_only=True):
    """A customer's application. LinkedIn tells the secret once, at its making; after that it is None."""

    urn: str
    client_id: str
    client_secret: str | None = None
    domains: tuple[str, ...] = ()
    callbacks: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Child({self.urn})"


class _Credentials(Struct):
    client_id: str
    client_secret: str | None = None


class _Application(Struct, rename="camel"):
    key: str
    credentials: _Credentials
    valid_js_sdk_domains: list[str] = []
    callback_urls: list[str] = field(default_factory=list, name="oauth2AuthorizedCallbackUrls")

    def child(self) -> Child:
        return Child(
            urn=self.key,
            client_id=self.credentials.client_id,
            client_secret=self.credentials.client_secret,
            domains=tuple(self.valid_js_sdk_domains),
            callbacks=tuple(self.callback_urls),
        )


class _Applications(Struct):
    elements: list[_Application] = []


class _NewSecret(Struct):
    client_secret: str


class _Rolled(Struct):
    value: _NewSecret


def child_name(ats: str, customer: str) -> str:
    """``{ATS} - {customer}`` as LinkedIn's page asks, at most 50 characters, without the word it forbids."""
    name = " ".join(f"{ats} - {customer}".split())
    while (place := name.lower().find(FORBIDDEN_WORD)) >= 0:
        name = name[:place] + name[place + len(FORBIDDEN_WORD) :]
    return " ".join(name.split())[:LONGEST_NAME].strip()


async def ensure_child(parent: LinkedInClient, plan: ChildPlan) -> Child:
    """Find the customer's application or have it made. Calling again changes nothing.

    Save the answer at once: only a new application comes with its secret.
    """
    _check_plan(plan)
    found = await find_child(parent, plan.foreign_id)
    if found is None:
        # None again: another process was quicker, so by now it can be found.
        found = await _make_child(parent, plan) or await find_child(parent, plan.foreign_id)
    if found is None:
        raise NeedsPersonError(
            "LinkedIn says the customer has an application and does not show it",
            code="linkedin_child_hidden",
            hint="Ask LinkedIn's partner support which application carries this foreign id.",
        )
    if found.client_secret is None:
        await _update_child(parent, found, plan)
    return found


async def _update_child(parent: LinkedInClient, found: Child, plan: ChildPlan) -> None:
    """Bring origins and redirect addresses up to date; a list given replaces the one there."""
    if set(found.domains) != set(plan.domains):
        await save_domains(parent, found.urn, plan.domains)
    if set(found.callbacks) != set(plan.callbacks):
        await _patch_child(parent, found.urn, "oauth2AuthorizedCallbackUrls", plan.callbacks)


async def find_child(parent: LinkedInClient, foreign_id: str) -> Child | None:
    query = f"q=credentialsByUniqueForeignId&uniqueForeignId={quote(foreign_id, safe='')}"
    answer = await parent.send(Call(method="GET", path=PATH, route=PATH, query=query, allowance="provisioning"))
    elements = answer.decode(_Applications).elements
    return elements[0].child() if elements else None


async def _make_child(parent: LinkedInClient, plan: ChildPlan) -> Child | None:
    """The new application; None where one with this foreign id is there already (409)."""
    body = {
        "uniqueForeignId": plan.foreign_id,
        "name": plan.name,
        "description": plan.description,
        "oauth2AuthorizedCallbackUrls": list(plan.callbacks),
        "validJsSdkDomains": list(plan.domains),
    }
    answer = await parent.send(msgspec.structs.replace(_post(PATH, body), accepts=frozenset({409})))
    return answer.decode(_Application).child() if answer.ok else None


def _check_plan(plan: ChildPlan) -> None:
    if not 0 < len(plan.name) <= LONGEST_NAME or FORBIDDEN_WORD in plan.name.lower():
        raise SettingError('the application\'s name is empty, over 50 characters or contains "LinkedIn"')
    if not plan.foreign_id or not plan.description:
        raise SettingError("the application needs a foreign id and a description")
    for domain in plan.domains:
        _check_origin(domain)


def _check_origin(domain: str) -> None:
    parts = urlsplit(domain)
    if parts.scheme not in {"http", "https"} or not parts.hostname or domain != f"{parts.scheme}://{parts.netloc}":
        raise SettingError("a widget domain is no origin", hint="Give it as https://host, without a slash at the end.")


async def save_domains(parent: LinkedInClient, urn: str, domains: Sequence[str]) -> None:
    """The full list of origins that may show LinkedIn's widgets; it replaces the one there."""
    for domain in domains:
        _check_origin(domain)
    await _patch_child(parent, urn, "validJsSdkDomains", domains)


async def _patch_child(parent: LinkedInClient, urn: str, name: str, values: Sequence[str]) -> None:
    call = _post(f"{PATH}/{quote(urn, safe=':')}", {"patch": {"$set": {name: list(values)}}})
    headers = {"x-restli-method": "partial_update"}
    await parent.send(msgspec.structs.replace(call, route=f"{PATH}/{{key}}", headers=headers, repeatable=True))


async def roll_secret(parent: LinkedInClient, urn: str) -> str:
    """A second secret for the child, for when the first is lost; at most two live side by side."""
    call = _post(SECURITY_PATH, {"childDeveloperApplication": urn})
    headers = {"x-restli-method": "action", "X-RestLi-Protocol-Version": "2.0.0"}
    call = msgspec.structs.replace(call, query="action=rollDeveloperApplicationSecret", headers=headers)
    return (await parent.send(call)).decode(_Rolled).value.client_secret


async def set_up_integrations(
    child: LinkedInClient, settings: Settings, *, name: str, callback_url: str, contracts: Sequence[str]
) -> None:
    """Name all four integrations and set what has to be set before an admin can enable them.

    ``callback_url`` must be of this customer alone. Raises RejectedError where the admin has not requested them yet.
    """
    integrations, configurations = settings.resource("integrations"), settings.resource("configurations")
    await name_integrations(child, integrations, integrations_of(settings.organization, contracts), name)
    settings_of = {"ONE_CLICK_EXPORT": {"CALLBACK_URL": callback_url}, "IN_ATS_INDICATOR": {}}
    if settings.access == "everybody":
        for type_, setting in VIEWERS.items():
            settings_of[type_][setting] = EVERYBODY
    for type_, values in settings_of.items():
        if values:
            key = IntegrationKey(settings.organization, type_)
            await configure_integration(child, integrations, configurations, key, values)


def _post(path: str, body: object) -> Call:
    return Call(
        method="POST",
        path=path,
        route=path,
        content=msgspec.json.encode(body),
        content_type="application/json",
        allowance="provisioning",
    )
