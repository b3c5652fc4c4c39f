"""The integrations of a customer: their state, their names and their settings.

Data may be sent only once the customer's Recruiter admin has enabled them inside LinkedIn Recruiter; no call does
that. Source: LinkedIn's pages on customer configuration and on integration types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

import msgspec
from msgspec import Raw, Struct

from landbridge.connectors.linkedin import restli
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.linkedin.refusals import unknown_resource
from landbridge.errors import MissingError, RejectedError
from landbridge.http import Call
from landbridge.http.decoding import decode_json

COMPANY_TYPES = ("ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN")  # context: the organization
CONTRACT_TYPE = "CSA_API"  # context: one Recruiter contract
TENANT = "RECRUITER"

ENABLED = "ENABLED"
# The only value of the viewer settings. Without it, and without access lists, nobody with a seat sees anything.
EVERYBODY = "ALL_PRODUCT_USERS"
ABSENT = "ABSENT"  # ours: nobody has requested this integration yet


class IntegrationKey(Struct, frozen=True):
    context: str
    type: str

    def fields(self, dialect: Resource) -> dict[str, str]:
        return {
            "integrationContext": self.context,
            "integrationType": self.type,
            "tenantType": TENANT,
            **dialect.constants,
        }


class Integration(Struct, frozen=True, kw_only=True):
    """``status`` is LinkedIn's word as it came; any other than ENABLED means: send no data."""

    key: IntegrationKey
    status: str
    name: str = ""

    @property
    def enabled(self) -> bool:
        return self.status == ENABLED


class _Integration(Struct, rename="camel"):
    # The name of the status field is not documented: a catalogue says one, the widget's example the other.
    status: str | None = None
    onboarding_status: str | None = None
    integration_name: str | None = None


class _ChangedIntegration(_Integration):
    integration_context: str = ""
    integration_type: str = ""


class _Changed(Struct):
    elements: list[_ChangedIntegration] = []


def integrations_of(organization: str, contracts: Sequence[str] = ()) -> list[IntegrationKey]:
    """The four of Recruiter System Connect: three of the company, one of each contract."""
    company = [IntegrationKey(organization, type_) for type_ in COMPANY_TYPES]
    return company + [IntegrationKey(contract, CONTRACT_TYPE) for contract in contracts]


def _calls(wanted: Sequence[IntegrationKey], dialect: Resource) -> Iterator[Sequence[IntegrationKey]]:
    most = dialect.limits.records_per_call
    return (wanted[start : start + most] for start in range(0, len(wanted), most))


async def read_integrations(
    client: LinkedInClient, dialect: Resource, wanted: Sequence[IntegrationKey]
) -> list[Integration]:
    """The state of each integration, in the order asked; one that nobody requested comes back as ABSENT."""
    found: list[Integration] = []
    for some in _calls(wanted, dialect):
        found += await _read_some(client, dialect, some)
    return found


async def _read_some(client: LinkedInClient, dialect: Resource, wanted: Sequence[IntegrationKey]) -> list[Integration]:
    keys = [key.fields(dialect) for key in wanted]
    call = Call(
        method="GET",
        path=dialect.path,
        route=dialect.path,
        query=restli.Keys(keys, dialect.protocol).query,
        headers={**dialect.headers, "x-restli-method": "batch_get"},
        records=len(keys),
        allowance="integrations",
    )
    try:
        answer = await client.send(call)
    except MissingError as unknown:
        raise unknown_resource(unknown) from unknown
    return [_integration(key, raw) for key, raw in zip(wanted, restli.read_entities(answer, keys), strict=True)]


def _integration(key: IntegrationKey, raw: Raw | restli.Fault | None) -> Integration:
    if not isinstance(raw, Raw):
        return Integration(key=key, status=ABSENT)
    found = decode_json(raw, _Integration)
    return Integration(
        key=key, status=found.status or found.onboarding_status or "UNKNOWN", name=found.integration_name or ""
    )


async def read_changed(client: LinkedInClient, dialect: Resource, request_id: str) -> list[Integration]:
    """The integrations that a push told about, by its request id; none where the id can no longer be read."""
    call = Call(
        method="GET",
        path=dialect.path,
        route=dialect.path,
        query=f"q=request&requestId={quote(request_id, safe='')}",
        headers=dialect.headers,
        allowance="integrations",
        accepts=frozenset({400, 404}),  # too old, or never given to this application
    )
    answer = await client.send(call)
    found = answer.decode(_Changed).elements if answer.ok else []
    return [
        Integration(
            key=IntegrationKey(one.integration_context, one.integration_type),
            status=one.status or one.onboarding_status or "UNKNOWN",
            name=one.integration_name or "",
        )
        for one in found
    ]


async def name_integrations(
    client: LinkedInClient, dialect: Resource, wanted: Sequence[IntegrationKey], name: str
) -> None:
    """Give integrations the name by which the Recruiter admin finds them. Raises RejectedError naming which failed."""
    for some in _calls(wanted, dialect):
        await _name_some(client, dialect, some, name)


async def _name_some(client: LinkedInClient, dialect: Resource, wanted: Sequence[IntegrationKey], name: str) -> None:
    keys = restli.Keys([key.fields(dialect) for key in wanted], dialect.protocol)
    body = msgspec.json.encode({"patch": {"$set": {"integrationName": name}}})
    answer = await client.send(
        Call(
            method="POST",
            path=dialect.path,
            route=dialect.path,
            query=keys.query,
            headers={**dialect.headers, "x-restli-method": "batch_partial_update"},
            content=keys.entities([body] * len(wanted)),
            content_type="application/json",
            records=len(wanted),
            allowance="integrations",
            repeatable=True,
        )
    )
    _raise_for([key.type for key in wanted], restli.read_statuses(answer, keys))


async def configure_integration(
    client: LinkedInClient,
    integrations: Resource,
    configurations: Resource,
    key: IntegrationKey,
    values: Mapping[str, str],
) -> None:
    """Set configuration values of one integration. Raises RejectedError naming which failed."""
    parent = restli.encode_path_key(key.fields(integrations), integrations.protocol)
    keys = restli.Keys([{restli.SIMPLE: name} for name in values], configurations.protocol)
    bodies = [msgspec.json.encode({"configurationValue": {"string": value}}) for value in values.values()]
    answer = await client.send(
        Call(
            method="PUT",
            path=configurations.path.replace("{parent}", parent),
            route=configurations.path,
            query=keys.query,
            headers={**configurations.headers, "x-restli-method": "batch_update"},
            content=keys.entities(bodies),
            content_type="application/json",
            records=len(values),
            allowance="integrations",
        )
    )
    _raise_for(list(values), restli.read_statuses(answer, keys))


async def clear_configuration(
    client: LinkedInClient, integrations: Resource, configurations: Resource, key: IntegrationKey, name: str
) -> None:
    """Delete one configuration value; one that is not there is no error. Raises RejectedError."""
    parent = restli.encode_path_key(key.fields(integrations), integrations.protocol)
    keys = restli.Keys([{restli.SIMPLE: name}], configurations.protocol)
    answer = await client.send(
        Call(
            method="DELETE",
            path=configurations.path.replace("{parent}", parent),
            route=configurations.path,
            query=keys.query,
            headers={**configurations.headers, "x-restli-method": "batch_delete"},
            records=1,
            allowance="integrations",
        )
    )
    (status,) = restli.read_statuses(answer, keys)
    if not (isinstance(status, restli.Fault) and status.status == 404):
        _raise_for([name], [status])


def _raise_for(names: Sequence[str], statuses: Sequence[int | restli.Fault | None]) -> None:
    failed = {name: status for name, status in zip(names, statuses, strict=True) if not isinstance(status, int)}
    if failed:
        details = [f"{name} ({fault.detail if fault else 'not mentioned'})" for name, fault in failed.items()]
        raise RejectedError(
            f"LinkedIn refused: {', '.join(details)}",
            code="linkedin_configuration_refused",
            hint="An admin requests the integrations in the widget first; after that, try again.",
        )
