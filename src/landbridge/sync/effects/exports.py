"""One-Click Export: the person becomes a candidate on the chosen job, or a known candidate gets one job more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from msgspec import structs

from landbridge.errors import ExistsError, MissingError, TryLaterError
from landbridge.ports.ats import Exporter, Known, NewPerson
from landbridge.ports.source import Page
from landbridge.records import Kind
from landbridge.records.incoming import ExportedPerson
from landbridge.store.arrivals import Due
from landbridge.store.matches import set_by_hand
from landbridge.store.mirror import newest_turn
from landbridge.sync import mirror
from landbridge.sync.budget import Urgency
from landbridge.sync.effects.contacts import add
from landbridge.sync.effects.credit import credit, exporter_of
from landbridge.sync.effects.finding import by_emails, emails_of, keys_of, the_one
from landbridge.sync.effects.working import DeskError, Working, marker_of, once
from landbridge.sync.failpoints import MERGED, EffectName, pass_by

SOURCE = "LinkedIn Recruiter"
MOST_READS = 5
LIVE = mirror.Arrival(pass_name="live", of=Kind.CANDIDATE, priority=Urgency.LIVE)  # noqa: S106 - no password


async def take(working: Working, arrival: Due) -> str | None:
    """The candidate's key, when candidate and application are there and in the mirror. Raises DeskError."""
    person = _as_said(msgspec.convert(arrival.body, ExportedPerson), arrival)
    if not person.job_id:
        raise DeskError("job_unknown")
    known = None if "create" in (arrival.choice or {}) else await _find(working, arrival, person)
    by = await exporter_of(working, arrival)
    try:
        if known is None:
            candidate = await _create(working, arrival, person, person.job_id, by)
        else:
            candidate = await _attach(working, arrival, known, person.job_id, by)
    except MissingError:
        raise DeskError("job_unknown", known.key if known else None) from None
    await _read_back(working, arrival, candidate, person.job_id)
    await credit(working, arrival, candidate, person.job_id, by)
    return candidate


async def create(working: Working, arrival: Due) -> str:
    """Make a candidate of somebody who wrote or was written about, as a person has said on the desk."""
    said = (arrival.choice or {})["create"]
    person = ExportedPerson(
        id=arrival.far_id, integration_context="", job_id=said["job"], person_urn=arrival.person_urn,
        first_name=said["first_name"], last_name=said["last_name"],
    )  # fmt: skip
    try:
        candidate = await _create(working, arrival, person, said["job"])
    except MissingError:
        raise DeskError("job_unknown") from None
    await _read_back(working, arrival, candidate, said["job"])
    return candidate


def _as_said(person: ExportedPerson, arrival: Due) -> ExportedPerson:
    """With the name and the job that a person has entered."""
    choice = arrival.choice or {}
    said = choice.get("create", {})
    return structs.replace(
        person,
        first_name=said.get("first_name") or person.first_name,
        last_name=said.get("last_name") or person.last_name,
        job_id=said.get("job") or choice.get("job") or person.job_id,
    )


async def _find(working: Working, arrival: Due, person: ExportedPerson) -> Known | None:
    """Whom the ATS has already: by the person's URN, the profile's address, then e-mail.

    LinkedIn tells nobody of a match it makes, and it is asked in turns: recruiters may export somebody whom they see to
    be in the ATS before we have heard of it. So it is asked once more before anybody is made anew.
    """
    keys = await keys_of(working, arrival)
    if not keys and arrival.person_urn:
        await working.ask_namesakes(person.first_name, person.last_name)
        keys = await keys_of(working, arrival)
    if keys:
        known = await working.writing.read_candidate(the_one(keys))
        if known is None:
            raise DeskError("candidate_gone")
        return known
    found: list[Known] = []
    if person.profile_url:
        found = list(await working.writing.find_by_profile(person.profile_url, person.first_name, person.last_name))
    found = found or await by_emails(working, await _emails(working, arrival, person))
    if len(found) > 1:
        raise DeskError("ambiguous", facts={"candidates": [known.key for known in found]})
    return found[0] if found else None


async def _emails(working: Working, arrival: Due, person: ExportedPerson) -> list[str]:
    """A person's word first, then what the member has shared, then what the workspace's policy says."""
    entered = _entered(arrival)
    if entered:
        return [entered]
    found = await emails_of(working, arrival)
    if not found and working.address and person.person_urn:
        own = marker_of(working, "address", person.person_urn).lower()
        return [working.address.replace("{id}", own)]
    return found


def _entered(arrival: Due) -> str:
    """The address that a person has entered on the desk."""
    said = arrival.choice or {}
    return str(said.get("email") or said.get("create", {}).get("email") or "")


async def _create(working: Working, arrival: Due, person: ExportedPerson, job: str, by: Exporter | None = None) -> str:
    emails = await _emails(working, arrival, person)
    if not emails and working.writing.is_email_needed:
        raise DeskError("needs_email")
    if not (person.first_name and person.last_name):
        raise DeskError("needs_name")
    wanted = NewPerson(
        first_name=person.first_name,
        last_name=person.last_name,
        email=next(iter(emails), None),
        profile_url=person.profile_url,
        location=person.location,
        title=person.title or person.headline,
        employer=next(iter(person.employers), None),
    )

    async def look() -> str | None:
        return await _whose(working, wanted.email or "", wanted.last_name, job)

    async def act(key: str) -> str:
        try:
            return await working.writing.create_candidate(wanted, job, SOURCE, by=by, key=key)
        except ExistsError:
            # Somebody of this identity is on the job: the same person, as the ATS sees it.
            found = await look()
            if found is None:
                raise
            return found

    marker = marker_of(working, "export", arrival.far_id, job)
    made = await once(working, arrival, EffectName.CREATE, marker, "", act=act, look=look)
    assert made is not None
    return made


async def _whose(working: Working, email: str, last_name: str, job: str) -> str | None:
    """The candidate of this identity who is on the job."""
    for known in await working.writing.find_by_email(email):
        if known.last_name.lower() == last_name.lower() and await working.writing.is_on_job(known.key, job):
            return known.key
    return None


async def _attach(working: Working, arrival: Due, known: Known, job: str, by: Exporter | None) -> str:
    if await working.writing.is_on_job(known.key, job):
        return known.key
    if not known.email and working.writing.is_email_needed:
        if not _entered(arrival):
            raise DeskError("needs_email", known.key)
        await add(working, arrival, known.key, _entered(arrival), None)
        known = structs.replace(known, email=_entered(arrival))

    async def look() -> str | None:
        return known.key if await working.writing.is_on_job(known.key, job) else None

    async def act(key: str) -> str:
        try:
            return await working.writing.attach_to_job(known, job, SOURCE, by=by, key=key)
        except ExistsError:
            return known.key

    marker = marker_of(working, "attach", arrival.far_id, job)
    made = await once(working, arrival, EffectName.ATTACH, marker, known.key, act=act, look=look)
    if made != known.key:
        # The candidate was renamed between our look and our call, so the ATS saw somebody else.
        raise DeskError("duplicate_made", made)
    return known.key


async def _read_back(working: Working, arrival: Due, candidate: str, job: str) -> None:
    """Into the mirror at once, and from there to LinkedIn: the person shows as "In ATS", and is known by the URN.

    Raises TryLaterError where others have merged something newer again and again while it was read.
    """
    for _ in range(MOST_READS):
        async with working.database.connection() as connection:
            turn = await newest_turn(connection, working.workspace)
        pages = await working.writing.read_back(candidate, job)
        if not await _merge(working, arrival, candidate, pages, turn):
            pass_by(MERGED)
            return
    raise TryLaterError("the candidate changes all the time", retry_after=timedelta(seconds=1))


async def _merge(working: Working, arrival: Due, candidate: str, pages: Sequence[Page], turn: int) -> bool:
    """Whether some of it was overtaken by a newer state while it was read."""
    now = working.clock.now()
    async with working.database.transaction() as connection:
        merged = await mirror.merge(connection, working.workspace, pages, structs.replace(LIVE, turn=turn), now)
        if arrival.person_urn:
            await set_by_hand(connection, working.workspace, candidate, arrival.person_urn, now=now)
        await working.bell.ring(connection, working.workspace, merged.kinds, urgent=merged.urgent)
    return bool(merged.overtaken)
