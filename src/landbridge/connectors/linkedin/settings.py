"""What an admin tells us about the LinkedIn side."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

from landbridge.connectors.description import Field, Wiring
from landbridge.connectors.linkedin.dialects import NEWEST_VERSION, Generation, Override, Resource, resolve
from landbridge.connectors.linkedin.posting_state import Timing
from landbridge.connectors.linkedin.postings import Availability
from landbridge.errors import SettingError
from landbridge.http import check_base_url

API_URL = "https://api.linkedin.com"
AUTH_URL = "https://www.linkedin.com"
TOKEN_PATH = "/oauth/v2/accessToken"  # noqa: S105 - a path
CONSENT_PATH = "/oauth/v2/authorization"

MemberScope = Literal["r_liteprofile", "openid"]
Access = Literal["everybody", "teams"]  # who sees jobs in Recruiter: all of the company, or their hiring teams

# How soon after the upsert LinkedIn has matched a candidate is not documented.
MATCH_LOOKUP_DELAY = timedelta(minutes=15)

_ORGANIZATION = re.compile(r"urn:li:organization:[0-9]{1,19}")
_CONTRACT = re.compile(r"urn:li:contract:[0-9]{1,19}")
_VERSION = re.compile(r"20[0-9]{4}(\.[0-9]{2})?")

FIELDS = (
    Field(
        name="client_id",
        title="Client ID",
        help="Of the customer's own LinkedIn application (the child application), not of the partner's.",
    ),
    Field(name="client_secret", title="Client secret", help="Of the same application.", secret=True),
    Field(
        name="organization",
        title="Company on LinkedIn",
        help="As urn:li:organization:1337, or the number alone; the number of the company's LinkedIn page.",
        required=True,
    ),
    Field(
        name="contracts",
        title="Recruiter contracts",
        help="As urn:li:contract:7, several with commas between. Found out by the setup; rarely typed.",
    ),
    Field(
        name="parent_client_id",
        title="Partner's client ID",
        help="Of the ATS partner's LinkedIn application, which makes one application per customer.",
    ),
    Field(name="parent_client_secret", title="Partner's client secret", help="Of the same application.", secret=True),
    Field(
        name="dialect",
        title="Generation of the API",
        help="v2: unversioned. rest: versioned. Jobs and integrations stay on v2 in both.",
        default="v2",
        options=("v2", "rest"),
    ),
    Field(
        name="dialects",
        title="Generation by resource",
        help='Where one resource differs, as JSON: {"stages": "rest"}.',
    ),
    Field(
        name="version",
        title="Version of the API",
        help="LinkedIn-Version of the rest generation, as YYYYMM.",
        default=NEWEST_VERSION,
    ),
    Field(
        name="resources",
        title="Corrections to resources",
        help='Paths, key fields and limits that LinkedIn has told you differently, as JSON: {"stages": {"path": …}}.',
    ),
    Field(name="api_url", title="API address", help="Only for a sandbox or a gateway of your own.", default=API_URL),
    Field(name="auth_url", title="Sign-in address", help="Only for a sandbox.", default=AUTH_URL),
    Field(
        name="member_scope",
        title="Scope of a recruiter's sign-in",
        help="What this application may ask a member for, to confirm whose seat is whose. LinkedIn's page for this "
        "product says r_liteprofile; applications made since 2023 may have openid instead.",
        default="r_liteprofile",
        options=("r_liteprofile", "openid"),
    ),
    Field(
        name="task_first_look",
        title="Wait before a job's outcome is read",
        help="In seconds. LinkedIn asks for at least five minutes; only a sandbox allows less.",
        default="300",
    ),
    Field(
        name="match_lookup_delay",
        title="Wait before a match is read",
        help="In seconds, counted from the delivery of a candidate.",
        default="900",
    ),
)


class Settings(Struct, frozen=True, kw_only=True):
    organization: str
    client_id: str = ""
    client_secret: str = ""
    parent_client_id: str = ""
    parent_client_secret: str = ""
    contracts: tuple[str, ...] = ()
    dialect: Generation = "v2"
    dialects: Mapping[str, Generation] = {}
    version: str = NEWEST_VERSION
    resources: Mapping[str, Override] = {}
    api_url: str = API_URL
    auth_url: str = AUTH_URL
    member_scope: MemberScope = "r_liteprofile"
    availability: Availability = "PRIVATE"
    access: Access = "everybody"
    timing: Timing = Timing()
    match_lookup_delay: timedelta = MATCH_LOOKUP_DELAY

    def __repr__(self) -> str:
        return f"Settings({self.organization}, {self.dialect})"

    @property
    def token_url(self) -> str:
        return self.auth_url + TOKEN_PATH

    def generation(self, name: str) -> Generation:
        """The generation chosen for a resource."""
        return self.dialects.get(name, self.dialect)

    def resource(self, name: str) -> Resource:
        """The resource in the generation chosen for it, with what settings correct."""
        return resolve(name, self.generation(name), version=self.version, override=self.resources.get(name))


def resources_of(stored: Mapping[str, Any]) -> Callable[[str], Resource]:
    """How each resource is used, by its name, from the connection's settings alone: for plans, which sign in nowhere.

    Raises SettingError where they make no sense.
    """
    dialects = _json(_parsed(stored.get("dialects") or {}, "dialects"), dict[str, Generation], "dialects")
    dialect: Generation = _json(stored.get("dialect") or "v2", Generation, "dialect")
    overrides = _json(_parsed(stored.get("resources") or {}, "resources"), dict[str, Override], "resources")
    return lambda name: resolve(name, dialects.get(name, dialect), override=overrides.get(name))


def read_settings(wiring: Wiring, *, organization_known: bool = True) -> Settings:
    """Make settings of what a form or a file gave. Raises SettingError naming the field, never its value.

    ``organization_known`` False: for steps before an admin has chosen a contract, from which the company follows.
    """
    given = {name: value for name, value in {**wiring.settings, **wiring.secrets}.items() if value not in (None, "")}
    organization = given.get("organization") or wiring.workspace.get("organization_urn") or ""
    return Settings(
        organization=_urn(str(organization), "organization", _ORGANIZATION)
        if organization or organization_known
        else "",
        client_id=_text(given, "client_id"),
        client_secret=_text(given, "client_secret"),
        parent_client_id=_text(given, "parent_client_id"),
        parent_client_secret=_text(given, "parent_client_secret"),
        contracts=_contracts(given.get("contracts", ())),
        dialect=_json(given.get("dialect", "v2"), Generation, "dialect"),
        dialects=_json(_parsed(given.get("dialects", {}), "dialects"), dict[str, Generation], "dialects"),
        version=_version(_text(given, "version", NEWEST_VERSION)),
        resources=_json(_parsed(given.get("resources", {}), "resources"), dict[str, Override], "resources"),
        api_url=check_base_url(_text(given, "api_url", API_URL)),
        auth_url=check_base_url(_text(given, "auth_url", AUTH_URL)),
        member_scope=_json(given.get("member_scope", "r_liteprofile"), MemberScope, "member_scope"),
        availability=_json(wiring.choices.get("availability", "PRIVATE"), Availability, "availability"),
        access=_json(wiring.choices.get("access", "everybody"), Access, "access"),
        timing=Timing(first_look=_seconds(given, "task_first_look", Timing().first_look)),
        match_lookup_delay=_seconds(given, "match_lookup_delay", MATCH_LOOKUP_DELAY),
    )


def _text(given: Mapping[str, Any], name: str, default: str = "") -> str:
    value = given.get(name, default)
    if not isinstance(value, str):
        raise SettingError(f"{name} has to be text")
    return value.strip() or default


def _urn(value: str, name: str, form: re.Pattern[str]) -> str:
    """A URN; the bare number is completed."""
    value = value.strip()
    urn = f"urn:li:{name}:{value}" if value.isascii() and value.isdigit() else value
    if not form.fullmatch(urn):
        raise SettingError(f"the {name} is missing or no URN", hint=f"Give it as urn:li:{name}:1337.")
    return urn


def _contracts(value: object) -> tuple[str, ...]:
    pieces = value.split(",") if isinstance(value, str) else value
    if not isinstance(pieces, list | tuple):
        raise SettingError("the contracts are no list", hint="Give them as urn:li:contract:7, with commas between.")
    return tuple(_urn(str(piece), "contract", _CONTRACT) for piece in pieces if str(piece).strip())


def _version(value: str) -> str:
    if not _VERSION.fullmatch(value):
        raise SettingError(
            "the version of the API is no month", hint=f"Give it as YYYYMM, for example {NEWEST_VERSION}."
        )
    return value


def _parsed(value: object, name: str) -> object:
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        raise SettingError(f"{name} is no JSON") from None


def _json(value: object, kind: Any, name: str) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise SettingError(f"{name} cannot be used", hint="See the help beside the field.") from None


def _seconds(given: Mapping[str, Any], name: str, default: timedelta) -> timedelta:
    try:
        seconds = float(given.get(name, default.total_seconds()))
    except (TypeError, ValueError):
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise SettingError(f"{name} is no number of seconds up to a day")
    return timedelta(seconds=seconds)
