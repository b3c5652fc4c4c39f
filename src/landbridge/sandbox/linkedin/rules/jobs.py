"""A job as ``simpleJobPostings`` demands it: what the call refuses at once, and what only the task refuses later.

Sources: job-posting-api-schema, create-jobs, check-job-taskstatus.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from landbridge.sandbox.kernel import DAY_MS
from landbridge.sandbox.linkedin.choices import EXPIRE_DAYS
from landbridge.sandbox.linkedin.refusals import InvalidError

OPERATIONS: Final = {
    "v2": ("CREATE", "UPDATE", "RENEW", "CLOSE"),
    "rest": ("CREATE", "UPDATE", "RENEW", "CLOSE", "UPGRADE", "DOWNGRADE"),
}
AVAILABILITIES: Final = {
    "v2": ("PUBLIC", "PRIVATE_TO_ATS_INTEGRATION"),
    # The RSC extension was dropped from the versioned form in March 2025.
    "rest": ("PUBLIC", "INTERNAL"),
}
#: The field that names the company.
COMPANY: Final = {"v2": "integrationContext", "rest": "company"}
ID_LENGTH: Final = {"v2": 200, "rest": 75}
TITLE_LENGTH: Final = 200
DESCRIPTION_LENGTHS: Final = (100, 25_000)
SKILLS_LENGTH: Final = 4_000
LOCATIONS: Final = 7
WORKPLACES: Final = ("On-site", "Hybrid", "Remote")
EMPLOYMENT: Final = ("FULL_TIME", "PART_TIME", "CONTRACT", "INTERNSHIP", "TEMPORARY", "VOLUNTEER", "OTHER")
EXPERIENCE: Final = (
    "ENTRY_LEVEL", "MID_SENIOR_LEVEL", "DIRECTOR", "EXECUTIVE", "INTERNSHIP", "ASSOCIATE", "NOT_APPLICABLE",
)  # fmt: skip
COMPENSATION_TYPES: Final = (
    "BASE_SALARY", "TIPS", "COMMISSION", "PROFIT_SHARING", "STOCK_OPTIONS", "STOCK", "BONUS", "SIGN_ON_BONUS",
    "OVER_TIME", "OTHER",
)  # fmt: skip
COMPENSATION_PERIODS: Final = ("YEARLY", "MONTHLY", "SEMIMONTHLY", "BIWEEKLY", "WEEKLY", "DAILY", "HOURLY")
REQUIRED_TEXTS: Final = ("externalJobPostingId", "title", "description", "location", "companyApplyUrl")
OPTIONAL_TEXTS: Final = (
    "requisitionOwnerEmail", "requisitionOwnerFirstName", "requisitionOwnerLastName", "companyJobCode",
    "skillsDescription", "companyName", "companyPageUrl", "trackingPixelUrl", "posterEmail", "contract", "state",
    "countryCode", "postalCode", "partnerRequisitionId",
)  # fmt: skip
NOT_BLANK: Final = ("companyName", "companyPageUrl", "companyJobCode", "externalJobPostingId", "title")

ORGANIZATION: Final = re.compile(r"urn:li:organization:\d+")
_INDUSTRY = re.compile(r"urn:li:industry:\d+")
_TAG = re.compile(r"<\s*(?:/\s*)?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
ALLOWED_TAGS: Final = frozenset({"b", "strong", "u", "i", "br", "p", "ul", "li"})


def check_job(job: Mapping[str, Any], dialect: str, at: int) -> None:
    """What the create call refuses at once; raises the element's :class:`InvalidError`."""
    _check_id(job.get("externalJobPostingId"), dialect)
    _check_company(job, dialect)
    for name in REQUIRED_TEXTS:
        if job.get(name) is None:
            raise InvalidError(422, f"{name} is required")
    for name in (*REQUIRED_TEXTS, *OPTIONAL_TEXTS):
        value = job.get(name)
        if value is not None and not isinstance(value, str):
            raise InvalidError(422, f"{name} must be a string")
        if name in NOT_BLANK and value is not None and not value.strip():
            raise InvalidError(422, f"{name} must not be blank")
    _check_enums(job, dialect)
    _check_lengths(job)
    _check_lists(job, dialect)
    _check_times(job, dialect, at)
    _check_urls(job)
    _check_compensation(job.get("compensation"))


def _check_id(value: object, dialect: str) -> None:
    # Documented oddity: a value of the wrong JSON type is a server error here, not a validation error.
    if value is not None and not isinstance(value, str):
        raise InvalidError(500, "externalJobPostingId must be a string")
    if value is not None and len(value) > ID_LENGTH[dialect]:
        raise InvalidError(422, f"externalJobPostingId is longer than {ID_LENGTH[dialect]} characters")


def _check_company(job: Mapping[str, Any], dialect: str) -> None:
    company = job.get(COMPANY[dialect])
    if company is None:
        if not job.get("companyName") and not job.get("companyPageUrl"):
            raise InvalidError(400, f"the company is missing: send {COMPANY[dialect]}")
    elif not isinstance(company, str) or not ORGANIZATION.fullmatch(company):
        raise InvalidError(422, f"{COMPANY[dialect]} must be an organization URN")


def _check_enums(job: Mapping[str, Any], dialect: str) -> None:
    _one_of(job, "jobPostingOperationType", OPERATIONS[dialect], required=True)
    _one_of(job, "availability", AVAILABILITIES[dialect], required=dialect == "v2")
    _one_of(job, "employmentStatus", EMPLOYMENT)
    _one_of(job, "experienceLevel", EXPERIENCE)
    _one_of(job, "listingType", ("BASIC", "PREMIUM"))
    if job.get("listingType") == "PREMIUM" or job["jobPostingOperationType"] == "UPGRADE":
        raise InvalidError(402, "no job slot left for a premium job")
    for name in ("accessRestricted", "workRemoteAllowed", "showPosterInfo"):
        if job.get(name) is not None and not isinstance(job[name], bool):
            raise InvalidError(422, f"{name} must be a boolean")


def _one_of(job: Mapping[str, Any], name: str, allowed: tuple[str, ...], *, required: bool = False) -> None:
    value = job.get(name)
    if value is None:
        if required:
            raise InvalidError(422, f"{name} is required")
    elif value not in allowed:
        raise InvalidError(422, f"{name} must be one of {', '.join(allowed)}")


def _check_lengths(job: Mapping[str, Any]) -> None:
    if len(job["title"]) > TITLE_LENGTH:
        raise InvalidError(422, f"title is longer than {TITLE_LENGTH} characters")
    if len(job.get("skillsDescription") or "") > SKILLS_LENGTH:
        raise InvalidError(422, f"skillsDescription is longer than {SKILLS_LENGTH} characters")


def _check_lists(job: Mapping[str, Any], dialect: str) -> None:
    workplaces = _list(job, "workplaceTypes")
    if any(workplace not in WORKPLACES for workplace in workplaces):
        raise InvalidError(422, f"workplaceTypes must be one of {', '.join(WORKPLACES)}")
    if job.get("workplaceTypes") is not None and len(workplaces) != 1:
        raise InvalidError(400, "workplaceTypes takes exactly one value")
    if any(not isinstance(urn, str) or not _INDUSTRY.fullmatch(urn) for urn in _list(job, "industries")):
        raise InvalidError(422, "industries holds industry URNs")
    categories = _list(job, "categories")
    if len(categories) > 3 or not all(isinstance(code, str) for code in categories):
        raise InvalidError(422, "categories holds at most 3 codes of job functions")
    if _list(job, "alternateLocations") and dialect == "v2":
        raise InvalidError(422, "alternateLocations does not go with Recruiter System Connect")
    if len(_list(job, "alternateLocations")) > LOCATIONS:
        raise InvalidError(422, f"alternateLocations holds at most {LOCATIONS} locations")


def _list(job: Mapping[str, Any], name: str) -> list[Any]:
    value = job.get(name)
    if value is not None and not isinstance(value, list):
        raise InvalidError(422, f"{name} must be a list")
    return value or []


def _check_times(job: Mapping[str, Any], dialect: str, at: int) -> None:
    listed_at = job.get("listedAt")
    if listed_at is None:
        raise InvalidError(422, "listedAt is required", code="ERROR_INVALID_LISTED_AT_FIELD")
    if not _is_millis(listed_at) or listed_at > at:
        raise InvalidError(422, "listedAt must be epoch ms, not in the future", code="ERROR_INVALID_LISTED_AT_FIELD")
    expire_at = job.get("expireAt")
    soonest = at + (DAY_MS if dialect == "rest" else 0)
    if expire_at is not None and not (_is_millis(expire_at) and soonest < expire_at <= at + EXPIRE_DAYS * DAY_MS):
        later = "more than a day from now" if dialect == "rest" else "later than now"
        raise InvalidError(422, f"expireAt must be {later} and within {EXPIRE_DAYS} days")


def _is_millis(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _check_urls(job: Mapping[str, Any]) -> None:
    if not _is_url(job["companyApplyUrl"]):
        raise InvalidError(400, "companyApplyUrl must be a valid absolute URL")
    if job.get("trackingPixelUrl") is not None and not _is_url(job["trackingPixelUrl"]):
        raise InvalidError(422, "trackingPixelUrl must be a valid absolute URL")


def _is_url(value: str) -> bool:
    if any(character.isspace() for character in value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _check_compensation(compensation: object) -> None:
    if compensation is None:
        return
    entries = compensation.get("compensations") if isinstance(compensation, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InvalidError(422, "compensation holds a list named compensations")
    for entry in entries:
        _one_of(entry, "type", COMPENSATION_TYPES, required=True)
        _one_of(entry, "period", COMPENSATION_PERIODS, required=True)
        _check_amounts(entry.get("value"))


def _check_amounts(value: object) -> None:
    """Money is ``{amount, currencyCode}``, the amount a string; a range has two of them."""
    if not isinstance(value, dict) or not value.keys() & {"range", "exactAmount"}:
        raise InvalidError(422, "a compensation needs a value with range or exactAmount")
    bounds = value.get("range", {})
    if not isinstance(bounds, dict) or ("range" in value and bounds.keys() != {"start", "end"}):
        raise InvalidError(422, "a range has a start and an end")
    money = [*bounds.values(), *([value["exactAmount"]] if "exactAmount" in value else [])]
    for one in money:
        if not isinstance(one, dict) or not all(isinstance(one.get(name), str) for name in ("amount", "currencyCode")):
            raise InvalidError(422, "money is an amount, as a string, and a currencyCode")


def strip_tags(description: str) -> str:
    """The description as it is kept: tags LinkedIn does not allow are taken out, their text stays."""
    if "<" not in description:
        return description
    return _TAG.sub(lambda found: found[0] if found[1].lower() in ALLOWED_TAGS else "", description)


def task_failure(job: Mapping[str, Any]) -> str | None:
    """What the task refuses in a job the call accepted, as its error message."""
    length = len(strip_tags(job["description"]))
    shortest, longest = DESCRIPTION_LENGTHS
    if length < shortest:
        return f"FIELD_PROCESSOR_DESCRIPTION: the description is shorter than {shortest} characters"
    if length > longest:
        return f"FIELD_PROCESSOR_DESCRIPTION: the description is longer than {longest} characters"
    if not _is_location(job["location"], remote=job.get("workplaceTypes") == ["Remote"]):
        return "FIELD_PROCESSOR_LOCATION: the location could not be resolved"
    return None


def _is_location(location: str, *, remote: bool) -> bool:
    """``CITY, COUNTRY`` and the like; a bare country (or cluster) only for remote jobs."""
    parts = [part.strip() for part in location.split(",")]
    return all(parts) and (len(parts) > 1 or remote)
