"""What the credential may do, found out by trying."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.candidates import job_ids
from landbridge.connectors.smartrecruiters.client import NOT_READABLE, SmartRecruiters
from landbridge.connectors.smartrecruiters.settings import Settings
from landbridge.errors import (
    LandbridgeError,
    MissingError,
    NeedsPersonError,
    NotPermittedError,
    RecordError,
    RejectedError,
    SettingError,
    SignInRejectedError,
    SurpriseError,
)
from landbridge.http import Clock
from landbridge.http.decoding import decode_json
from landbridge.ports.source import Access

# What was found to work is taken to work for this long, so that many closed records do not cost a probe each.
TRUSTED_FOR = timedelta(minutes=1)
SAMPLES = 5
NOBODY = "00000000-0000-4000-8000-000000000000"


class Permission(StrEnum):
    """The value is what the admin reads: what it is for, and the scope's name in Credential Manager."""

    JOBS = "Jobs (jobs_read)"
    CANDIDATES = "Candidates (candidates_read)"
    APPLICATIONS = "Job applications (job_applications_read)"
    HISTORY = "Status history (candidate_status_read)"
    USERS = "Users (users_read)"
    SOURCES = "Configuration (configuration_read)"
    REVIEWS = "Reviews (reviews_read)"
    NOTES = "Notes (messages_read, of an administrator)"
    REPORTS = "Reports (reporting_read)"


class WritePermission(StrEnum):
    """What writing takes. None can be tried without writing; the value is what the admin reads, as above."""

    CREATE = "Candidates (candidates_create)"
    MANAGE = "Candidates (candidates_manage)"
    NOTE = "Messages (messages_write)"
    NOTES = "Messages (messages_read)"
    UNNOTE = "Messages (messages_manage)"


class Permissions:
    """Tells a credential that lacks a permission from a record that is closed to it: the API answers both alike."""

    def __init__(self, account: SmartRecruiters, settings: Settings, clock: Clock) -> None:
        self._account = account
        self._settings = settings
        self._clock = clock
        self._granted_at: dict[Permission, datetime] = {}
        self._one_at_a_time = asyncio.Lock()

    @property
    def needed(self) -> tuple[Permission, ...]:
        unneeded = set() if self._settings.strategy == "report" else {Permission.REPORTS}
        unneeded |= set() if self._settings.reviews else {Permission.REVIEWS}
        unneeded |= set() if self._settings.notes else {Permission.NOTES}
        return tuple(permission for permission in Permission if permission not in unneeded)

    async def explain(self, error: NeedsPersonError, permission: Permission) -> LandbridgeError:
        """What a refused record read means: RejectedError for the one record, or ``error`` for the connection."""
        if "permission" in error.facts:
            return error  # explained by an inner read already
        async with self._one_at_a_time:
            last = self._granted_at.get(permission)
            trusted = last is not None and self._clock.now() - last < TRUSTED_FOR
            if trusted or await self.denied(permission) is None:
                return RejectedError("the credential may not see this record", code=NOT_READABLE, facts=error.facts)
            error.facts["permission"] = permission.value
            return error

    async def explain_write(
        self, refused: NotPermittedError | SignInRejectedError, permission: Permission | WritePermission
    ) -> NeedsPersonError:
        """What a refused call of the writing means: NotPermittedError for it, or ``refused`` for the whole credential.

        Which status SmartRecruiters answers where a permission is missing is not documented. Raises TryLaterError.
        """
        if isinstance(refused, SignInRejectedError) and await self.denied(Permission.CANDIDATES) is not None:
            return refused
        facts = {**refused.facts, "permission": permission.value}
        return NotPermittedError("the credential may not write this", hint=refused.hint, facts=facts)

    async def denied(self, permission: Permission) -> NeedsPersonError | None:
        """Try a permission; None: it is there. Raises TryLaterError, SurpriseError."""
        refusal: NeedsPersonError | None = None
        for probe in await self._probes(permission):
            refusal = await _refusal_of(probe)
            if refusal is None:
                self._granted_at[permission] = self._clock.now()
                break
        return refusal

    async def _probes(self, permission: Permission) -> Sequence[Callable[[], Awaitable[object]]]:
        account = self._account
        match permission:
            case Permission.JOBS:
                return [lambda: account.jobs(limit=1)]
            case Permission.CANDIDATES:
                return [lambda: account.candidates(limit=1)]
            case Permission.APPLICATIONS:
                return [lambda: account.job_application(NOBODY)]
            case Permission.HISTORY:
                return [partial(account.history, *pair) for pair in await self._samples()]
            case Permission.USERS:
                return [lambda: account.users(limit=1)]
            case Permission.SOURCES:
                return [lambda: account.source(NOBODY)]
            case Permission.REVIEWS:
                return [partial(account.reviews, *pair) for pair in await self._samples()]
            case Permission.NOTES:
                return [partial(account.messages, *pair, limit=1) for pair in await self._samples()]
            case Permission.REPORTS:
                return [lambda: account.report(self._settings.report_id)]

    async def _samples(self) -> list[tuple[str, str]]:
        """Candidates with a job each, at least one pair. One person may be closed to us; that all of the first few are
        says that the permission is missing."""
        try:
            rows = (await self._account.candidates(limit=SAMPLES)).content
            people = [decode_json(row, wire.CandidateRow) for row in rows]
        except (NeedsPersonError, SurpriseError):
            people = []
        return [(person.id, job_id) for person in people for job_id in job_ids(person)[:1]] or [(NOBODY, NOBODY)]


async def _refusal_of(probe: Callable[[], Awaitable[object]]) -> NeedsPersonError | None:
    try:
        await probe()
    except (MissingError, RecordError):
        return None  # it looked, so it may look
    except NeedsPersonError as refusal:
        return refusal
    return None


async def check_access(account: SmartRecruiters, permissions: Permissions) -> Access:
    """Try everything the sync needs. Raises SettingError, SignInRejectedError, TryLaterError."""
    await _check_address(account)
    refusals = {permission: await permissions.denied(permission) for permission in permissions.needed}
    missing = [permission for permission, refusal in refusals.items() if refusal is not None]
    if len(missing) == len(refusals):
        # Nothing at all is allowed: that is the credential, not its permissions.
        raise next((each for each in refusals.values() if isinstance(each, SignInRejectedError)), refusals[missing[0]])  # type: ignore[misc]
    return Access(
        company=await _company(account),
        counts=await _counts(account, missing),
        missing=tuple(permission.value for permission in missing),
    )


async def _check_address(account: SmartRecruiters) -> None:
    try:
        await account.jobs(limit=1)
    except NeedsPersonError:
        return  # it answers in SmartRecruiters' way; what it refuses is found out next
    except (RejectedError, SurpriseError):
        pass
    else:
        return
    raise SettingError(
        "what answers at the API address is not SmartRecruiters",
        code="smartrecruiters_address",
        hint="Check the API address of the connection.",
    )


async def _company(account: SmartRecruiters) -> str | None:
    try:
        company = await account.company()
    except (NeedsPersonError, RecordError, SurpriseError):
        return None  # nice to show, not needed
    return company.name or company.identifier


async def _counts(account: SmartRecruiters, missing: Sequence[Permission]) -> dict[str, int]:
    totals: dict[str, int | None] = {}
    if Permission.JOBS not in missing:
        totals["jobs"] = (await account.jobs(limit=1)).total_found
    if Permission.CANDIDATES not in missing:
        totals["candidates"] = (await account.candidates(limit=1)).total_found
    return {name: total for name, total in totals.items() if total is not None}
