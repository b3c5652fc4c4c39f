"""Is a reason for holding a record back true of the record? Judged from the ATS's own data alone.

One function per reason code that can be judged so. Codes of records that LinkedIn has refused are LinkedIn's word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from landbridge.cli.demo.ats import Company
from landbridge.cli.demo.check import Seen
from landbridge.cli.demo.linkedin import Network
from landbridge.cli.demo.words import is_address, is_web_address, letters, one_line, plain

Excuse = Callable[[Seen], bool]

DAY = 86_400_000
SHORTEST_AD = 100
# Words typed where a form demands an address, and domains that lead nowhere.
PLACEHOLDER = re.compile(
    r"^(no[-_.]?e?[-_.]?mail|no-?reply|do-?not-?reply|unknown|none|n/?a|null|nil|missing|placeholder|dummy|fake|test)"
    r"|@(.*\.)?(invalid|localhost|local|no-?email|placeholder)(\.|$)|^x+@|^a+@|^0+@",
    re.IGNORECASE,
)


def excuses(company: Company, network: Network, now: int, documented: Collection[str]) -> Mapping[str, Excuse]:
    """By reason code. ``documented`` are all codes the reference explains; any other is no excuse at all."""
    known: dict[str, Excuse] = dict.fromkeys(documented, _taken_at_its_word)
    known.update(_about_values(now))
    known.update(_about_others(company, network))
    return known


def _taken_at_its_word(_: Seen) -> bool:
    return True


def _about_values(now: int) -> dict[str, Excuse]:
    return {
        "id_unusable": lambda record: not re.fullmatch(r"[A-Za-z0-9._-]{1,75}", record.key),
        "title_missing": lambda record: not record.facts["title"],
        "description_too_short": lambda record: len(letters(_text(record, "words"))) < SHORTEST_AD,
        "location_unusable": _has_no_place,
        "apply_url_missing": lambda record: not any(is_web_address(url) for url in _list(record, "urls")),
        "listed_time_missing": lambda record: not any(_usable(at, now) for at in _list(record, "times")),
        "job_not_published": lambda record: record.facts["state"] == "draft",
        "excluded_template": lambda record: record.facts["template"] is True,
        "job_title_missing": lambda record: not record.facts["job_title"],
        "email_missing": lambda record: not record.facts["email"],
        "email_invalid": lambda record: not is_address(_text(record, "email")),
        "email_placeholder": lambda record: bool(PLACEHOLDER.search(_text(record, "email"))),
        "first_name_missing": lambda record: not record.fields["firstName"],
        "last_name_missing": lambda record: not record.fields["lastName"],
        "created_time_missing": lambda record: _list(record, "times")[0] is None,
        "time_before_1970": lambda record: any(at is not None and at <= 0 for at in _list(record, "times")),
        "time_in_future": lambda record: any(at is not None and at > now + DAY for at in _list(record, "times")),
        "stage_name_missing": lambda record: _text(record, "stage").lower() in {"", "not available"},
    }


def _about_others(company: Company, network: Network) -> dict[str, Excuse]:
    def job_is_template(record: Seen) -> bool:
        job = company.jobs.get(_text(record, "job"))
        return job is not None and job.facts["template"] is True

    return {
        "waits_for_job": lambda record: record.facts["job"] not in network.jobs,
        "waits_for_candidate": lambda record: record.facts["candidate"] not in network.candidates,
        "waits_for_application": lambda record: record.facts["application"] not in network.applications,
        "excluded_job": job_is_template,
    }


def _has_no_place(record: Seen) -> bool:
    """Neither a city with its region or country, nor a postal code with its country, nor remote with a country."""
    location = record.facts["location"]
    if not isinstance(location, Mapping):
        return True
    city, region, postal = (one_line(location.get(name)) for name in ("city", "region", "postalCode"))
    country = plain(location.get("country")) or plain(location.get("countryCode"))
    return not ((city and (region or country)) or (postal and country) or (location.get("remote") and country))


def _usable(at: object, now: int) -> bool:
    return isinstance(at, int) and 0 < at <= now


def _text(record: Seen, name: str) -> str:
    return str(record.facts.get(name) or "")


def _list(record: Seen, name: str) -> list[Any]:
    found = record.facts[name]
    return found if isinstance(found, list) else []
