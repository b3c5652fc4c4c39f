"""What became of posted jobs: ``simpleJobPostingTasks``, read in batches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from msgspec import Raw, Struct

from landbridge.connectors.linkedin import restli
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.errors import RejectedError
from landbridge.http import Call
from landbridge.http.decoding import decode_json

_CODE = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")
# Codes of the list on LinkedIn's page that say more than "failed". The prose around them is not kept.
REASON_OF_CODE = {
    "MISSING_INDUSTRY_CODES": "job_industry_missing",
    "MISSING_JOB_CAMPAIGN": "job_company_unusable",
    "MISSING_SOURCE_DOMAIN": "job_company_unusable",
    "FIELD_PROCESSOR_COMPANY": "job_company_unusable",
}


class Verdict(Struct, frozen=True, kw_only=True):
    """``missing``: LinkedIn does not know the task (any more). ``reason`` is set where a code tells more."""

    state: Literal["succeeded", "failed", "elsewhere", "open", "missing"]
    reason: str = ""
    detail: str = ""


class _Task(Struct, rename="camel"):
    status: str | None = None
    error_message: str | None = None


MISSING = Verdict(state="missing")
OPEN = Verdict(state="open")


async def read_tasks(client: LinkedInClient, dialect: Resource, urns: Sequence[str]) -> list[Verdict]:
    """One verdict per task, in order. A malformed URN makes LinkedIn refuse the whole call, so that is split."""
    if not urns:
        return []
    keys = [{restli.SIMPLE: urn} for urn in urns]
    call = Call(
        method="GET",
        path=dialect.path,
        route=dialect.path,
        query=restli.Keys(keys, dialect.protocol).query,
        headers={**dialect.headers, "x-restli-method": "batch_get"},
        records=len(urns),
        allowance="tasks",
    )
    try:
        answer = await client.send(call)
    except RejectedError:
        if len(urns) == 1:
            return [MISSING]
    else:
        return [_verdict(found) for found in restli.read_entities(answer, keys)]
    half = len(urns) // 2
    return [*await read_tasks(client, dialect, urns[:half]), *await read_tasks(client, dialect, urns[half:])]


def _verdict(found: Raw | restli.Fault | None) -> Verdict:
    if found is None:
        return OPEN  # not mentioned: ask again; a task that stays silent is given up in time
    if isinstance(found, restli.Fault):
        return MISSING if found.status in {400, 404} else OPEN
    task = decode_json(found, _Task)
    if task.status == "SUCCEEDED":
        return Verdict(state="succeeded")
    if task.status == "PROCESSED":
        return Verdict(state="elsewhere", detail=_codes(task))
    if task.status == "FAILED":
        codes = _codes(task)
        reason = next((REASON_OF_CODE[code] for code in codes.split() if code in REASON_OF_CODE), "")
        return Verdict(state="failed", reason=reason, detail=codes)
    return OPEN


def _codes(task: _Task) -> str:
    """The codes in an error message. Its prose may quote the job, so it goes no further."""
    return " ".join(dict.fromkeys(_CODE.findall((task.error_message or "")[:2_000])))[:200]
