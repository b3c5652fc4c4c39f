"""What an admin tells us about a SmartRecruiters account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Struct

from landbridge.connectors.description import Field
from landbridge.errors import SettingError
from landbridge.http import Allowance, check_base_url

Strategy = Literal["progressive", "naive", "report"]

BASE_URL = "https://api.smartrecruiters.com"
TOKEN_PATH = "/identity/oauth/token"  # noqa: S105 - a path
# No field of the API holds the address at which a person opens; this is the form seen most often.
PROFILE_URL = "https://www.smartrecruiters.com/app/people/candidates/{candidateId}"

# https://developers.smartrecruiters.com/docs/rate-limiting: per credential, and GET /candidates alone one at a time.
CANDIDATE_LIST = "candidates"
ALLOWANCES: Mapping[str, Allowance] = {
    "": Allowance(rate=10, per=timedelta(seconds=1), in_flight=8),
    CANDIDATE_LIST: Allowance(in_flight=1),
}
# The same page advises clients to wait at least this long for an answer.
TIMEOUT = timedelta(seconds=128)

FIELDS = (
    Field(
        name="api_key",
        title="API key",
        help="From Credential Manager; it reaches all that its maker reaches. Leave empty when you use OAuth.",
        secret=True,
    ),
    Field(
        name="client_id",
        title="OAuth client ID",
        help="From Credential Manager: a credential of type OAuth client ID with the scopes the check names.",
    ),
    Field(name="client_secret", title="OAuth client secret", help="Shown once, when it is made.", secret=True),
    Field(
        name="base_url",
        title="API address",
        help="Only for a sandbox or a gateway of your own.",
        default=BASE_URL,
    ),
    Field(
        name="token_url",
        title="Token address",
        help=f"Where OAuth tokens come from; empty: {TOKEN_PATH} at the API address.",
    ),
    Field(
        name="plain_http",
        title="Allow http://",
        help="Only for a sandbox on another machine of a network you trust: credentials then travel unencrypted.",
        default="no",
        options=("no", "yes"),
    ),
    Field(
        name="profile_url",
        title="Profile link",
        help="How a candidate's page opens; {candidateId} stands for the candidate.",
        required=True,
        default=PROFILE_URL,
    ),
    Field(
        name="company",
        title="Company identifier",
        help="As in the address of your career page; only told apart, never needed to read.",
    ),
    Field(
        name="strategy",
        title="Way of reading",
        help="progressive: lists first, details after. naive: everything about each record at once, which takes "
        "longer until the first ones arrive. report: applications from a report of yours.",
        default="progressive",
        options=("progressive", "naive", "report"),
    ),
    Field(name="report_id", title="Report", help="The id of the report that lists all applications (CSV)."),
    Field(
        name="report_columns",
        title="Columns of the report",
        help='Which column holds what, as JSON: {"application_id": "Application ID", …}.',
    ),
    Field(
        name="extra_fields",
        title="More about candidates",
        help="Also read phone, place, employer, job title and LinkedIn address: better matches, one more call per "
        "candidate, and more than the consent names.",
        default="no",
        options=("no", "yes"),
    ),
    Field(
        name="notes_shown",
        title="Notes to share",
        help="Where the workspace shares notes. public: only those SmartRecruiters calls PUBLIC. all: every one. "
        "What either word means, SmartRecruiters does not say.",
        default="public",
        options=("public", "all"),
    ),
)


class ReportColumns(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The heads of the report's columns; an empty name: the report has no such column."""

    application_id: str = "Application ID"
    candidate_id: str = "Candidate ID"
    job_id: str = "Job ID"
    status: str = "Application Status"
    sub_status: str = ""
    source: str = ""
    rejection_reason: str = ""
    created_at: str = ""
    status_changed_at: str = ""


class Settings(Struct, frozen=True, kw_only=True):
    base_url: str
    token_url: str
    profile_url: str
    api_key: str = ""
    client_id: str = ""
    client_secret: str = ""
    company: str = ""
    strategy: Strategy = "progressive"
    report_id: str = ""
    report_columns: ReportColumns = ReportColumns()
    extra_fields: bool = False
    plain_http: bool = False
    notes_shown: Literal["public", "all"] = "public"
    reviews: bool = False  # a choice of the workspace, not of the connection
    notes: bool = False  # likewise
    resumes: bool = False  # likewise
    teams: bool = False  # whether hiring teams are read; follows from a choice of the workspace as well

    def __repr__(self) -> str:
        return f"Settings({self.base_url}, {self.strategy})"

    def profile_link(self, candidate_id: str) -> str:
        return self.profile_url.replace("{candidateId}", quote(candidate_id, safe=""))


def read_settings(
    settings: Mapping[str, Any], secrets: Mapping[str, str], choices: Mapping[str, Any] | None = None
) -> Settings:
    """Make settings of what a form or a file gave, under the workspace's choices.

    Raises SettingError naming the field, never its value.
    """
    given = {name: value for name, value in {**settings, **secrets}.items() if value is not None and value != ""}
    plain_http = _yes(given.get("plain_http", "no"))
    base_url = check_base_url(_text(given, "base_url", BASE_URL), allow_plain=plain_http)
    found = Settings(
        base_url=base_url,
        token_url=check_base_url(_text(given, "token_url", base_url + TOKEN_PATH), allow_plain=plain_http),
        profile_url=_profile_url(_text(given, "profile_url", PROFILE_URL)),
        api_key=_text(given, "api_key"),
        client_id=_text(given, "client_id"),
        client_secret=_text(given, "client_secret"),
        company=_text(given, "company"),
        strategy=_strategy(_text(given, "strategy", "progressive")),
        report_id=_text(given, "report_id"),
        report_columns=_report_columns(given.get("report_columns")),
        extra_fields=_yes(given.get("extra_fields", "no")),
        plain_http=plain_http,
        notes_shown=_notes_shown(_text(given, "notes_shown", "public")),
        reviews=(choices or {}).get("share_reviews") is True,
        notes=(choices or {}).get("share_notes") is True,
        resumes=(choices or {}).get("share_resumes") is True,
        teams=(choices or {}).get("access") == "teams",
    )
    _check_together(found)
    return found


def _check_together(settings: Settings) -> None:
    if bool(settings.client_id) != bool(settings.client_secret):
        raise SettingError("an OAuth client needs both its id and its secret", code="smartrecruiters_credential")
    if not (settings.api_key or settings.client_id):
        raise SettingError(
            "SmartRecruiters has no credential yet",
            code="smartrecruiters_credential",
            hint="Give an API key, or an OAuth client ID with its secret.",
        )
    if settings.strategy == "report" and not settings.report_id:
        raise SettingError("reading from a report needs the report's id", hint="Name the report or read progressively.")


def _text(given: Mapping[str, Any], name: str, default: str = "") -> str:
    value = given.get(name, default)
    if not isinstance(value, str):
        raise SettingError(f"{name} has to be text")
    return value.strip() or default


def _yes(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in {"yes", "true", "1", "on"})


def _strategy(value: str) -> Strategy:
    match value:
        case "progressive" | "naive" | "report":
            return value
        case _:
            raise SettingError("the way of reading is progressive, naive or report")


def _notes_shown(value: str) -> Literal["public", "all"]:
    match value:
        case "public" | "all":
            return value
        case _:
            raise SettingError("the notes to share are public or all")


def _profile_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "{candidateId}" not in value:
        raise SettingError("the profile link is a web address with {candidateId} in it")
    return value


def _report_columns(value: object) -> ReportColumns:
    try:
        given = msgspec.json.decode(value) if isinstance(value, str) else value or {}
        columns = msgspec.convert(given, ReportColumns)
    except msgspec.DecodeError:
        columns = None
    if columns is None or not (columns.application_id and columns.candidate_id and columns.job_id and columns.status):
        raise SettingError(
            "the columns of the report are not usable",
            hint='As JSON, for example {"application_id": "Application ID"}; ids and status are needed.',
        )
    return columns
