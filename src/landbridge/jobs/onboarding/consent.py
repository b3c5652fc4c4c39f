"""Agreeing to what is shared with LinkedIn: the words, the choices, the receipt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from msgspec import Struct

from landbridge.connectors import CONNECTORS
from landbridge.connectors.linkedin.preview import SHARED, Shown, preview
from landbridge.connectors.linkedin.settings import read_settings
from landbridge.errors import LandbridgeError, SettingError
from landbridge.jobs import access
from landbridge.jobs.control import look_again, start_sync
from landbridge.jobs.queue import JobBell, ask, census_wish
from landbridge.jobs.wiring import FAR_SIDE, Works
from landbridge.records import Kind
from landbridge.store import access_lists, census, consents, seats
from landbridge.store.access_lists import Tally
from landbridge.store.census import Census
from landbridge.store.connections import load_ats_name
from landbridge.store.consents import Receipt
from landbridge.store.database import Connection, Database
from landbridge.store.tallies import load_tallies, totals
from landbridge.store.workspaces import Workspace, load_workspace, save_choices
from landbridge.sync.choices import LEAST_HISTORY, Choices, read_choices

log = structlog.get_logger(__name__)

# A new version for every change of a word: receipts say which one was read.
TEXT_VERSION = "2026-11"
TEXT = (
    "I recognize that data about our current and future jobs, candidates and applications, including those of the past "
    "within the history chosen here, is shared with LinkedIn for use in our company's LinkedIn Recruiter, that the "
    "fields shared are those listed on this page, and that I may agree to this on behalf of our company."
)
# Each agreed to on its own, and only then part of a receipt: one for each kind of ``Choices.shared_kinds``.
FURTHER_TEXTS: Mapping[Kind, str] = {
    Kind.FEEDBACK: (
        "I also recognize that what our people wrote and how they rated when they reviewed applications is shared, and "
        "that recruiters of our company with a seat read it in LinkedIn Recruiter."
    ),
    Kind.NOTE: (
        "I also recognize that the notes our people wrote on applications are shared, that the ATS does not tell whom "
        "a note was shared with, so that every note on an application may be among them, whoever it was meant for in "
        "the ATS, and that recruiters of our company with a seat read them in LinkedIn Recruiter."
    ),
    Kind.RESUME: (
        "I also recognize that the resumes people applied with are shared as files, and that recruiters of our company "
        "with a seat read them in LinkedIn Recruiter."
    ),
}
HISTORY_YEARS = (2, 3, 5)
# A small mirror is counted again for whoever reloads the page.
JUST_NOW = timedelta(seconds=5)


class Affected(Struct, frozen=True, kw_only=True):
    """How many records stay out by one choice."""

    candidates: int = 0
    applications: int = 0
    jobs: int = 0


class Outlook(Struct, frozen=True, kw_only=True):
    """What would be shared, and what each choice would take away from it. Counts are of what has been read so far."""

    census: Census
    by_history: dict[int, Affected]  # years to what is older
    confidential: Affected
    templates: int
    becoming_public: int  # open, public jobs: what "public" would show to everybody

    def shared(self, choices: Choices) -> dict[str, int]:
        """Roughly what is left: the parts that two choices both leave out are subtracted once per choice."""
        out = self.of_history(choices.history_days)
        hidden = self.confidential if choices.exclude_confidential else Affected()
        return {
            "jobs": max(self.census.jobs - self.templates - hidden.jobs, 0),
            "candidates": max(self.census.total("candidates") - out.candidates, 0),
            "applications": max(self.census.total("applications") - out.applications - hidden.applications, 0),
        }

    def of_history(self, days: int | None) -> Affected:
        if days is None:
            return Affected()
        return self.by_history.get(round(days / 365), Affected())


async def load_outlook(works: Works, workspace: int) -> Outlook:
    """The counts, taken anew where that is quick; else those of the last count, while a worker counts again."""
    now = works.clock.now()
    async with works.database.transaction() as connection:
        known = await census.load_census(connection, workspace)
        if census.is_stale(known, now, JUST_NOW) and await census.is_small(connection, workspace):
            known = await census.take_census(connection, workspace, now)
        elif census.is_stale(known, now):
            await ask(connection, [census_wish(workspace)])
    return _outlook(known or Census(), now)


def _outlook(found: Census, now: datetime) -> Outlook:
    by_history = {}
    for years in HISTORY_YEARS:
        oldest = now - timedelta(days=days_of(years))
        by_history[years] = Affected(
            candidates=found.older_than("candidates", oldest), applications=found.older_than("applications", oldest)
        )
    return Outlook(
        census=found,
        by_history=by_history,
        confidential=Affected(jobs=found.jobs_confidential, applications=found.applications_of_confidential),
        templates=found.jobs_template,
        becoming_public=found.jobs_public,
    )


def days_of(years: int) -> int:
    """A history of so many years, in days; two years are the least LinkedIn allows."""
    return max(365 * years, LEAST_HISTORY.days)


class SampleRecord(Struct, frozen=True, kw_only=True):
    key: str
    shown: Shown


async def load_samples(
    connection: Connection, workspace: Workspace, now: datetime, *, limit: int = 2
) -> dict[Kind, list[SampleRecord]]:
    """A few of the company's own records of each kind, as LinkedIn would get them."""
    availability = read_choices(workspace.choices).availability
    found = {}
    for kind in Kind:
        rows = await census.load_samples(connection, workspace.id, kind.value, limit=limit)
        found[kind] = [
            SampleRecord(
                key=row.key,
                shown=preview(kind, row.body, parent=row.parent, job=row.job, availability=availability, now=now),
            )
            for row in rows
        ]
    return found


def shared_fields(choices: Choices) -> Sequence[str]:
    """The codes of the fields that are shared, for the receipt."""
    return [one.code for one in SHARED if one.always or choices.shared_kinds.get(one.kind, False)]


async def check_resumes(works: Works, workspace: int) -> None:
    """Raises SettingError where the LinkedIn connection has no way for resumes, or is not there yet."""
    wiring = await works.wiring(workspace, FAR_SIDE)
    if read_settings(wiring, organization_known=False).generation("resumes") != "rest":
        hint = "Set the generation of the API to rest in the LinkedIn connection, or for resumes alone."
        raise SettingError(
            "Resumes travel in LinkedIn's versioned API only, and this connection uses the unversioned one for them.",
            code="resumes_need_rest",
            hint=hint,
        )


async def check_choices(works: Works, workspace: int, choices: Mapping[str, Any]) -> None:
    """Raises SettingError where hiring teams or resumes are chosen that are not told of, or have no way."""
    wanted = read_choices(choices)
    if wanted.access == "teams":
        async with works.database.connection() as connection:
            await access.check_teams(connection, workspace)
    if wanted.share_resumes:
        await check_resumes(works, workspace)


class Besides(Struct, frozen=True, kw_only=True):
    """What reviews, notes, resumes and access lists are about: counts of what has been read or connected so far.

    ``seats_linked`` of ``seats`` would see jobs by their hiring team; the others none. ``tells_teams``: whether the ATS
    tells who is on one.
    """

    reviews: int
    notes: int
    resumes: int
    seats: int
    seats_linked: int
    tells_teams: bool
    lists: Tally


async def load_besides(connection: Connection, workspace: int) -> Besides:
    people = await seats.count_seats(connection, workspace)
    ats = await load_ats_name(connection, workspace)
    read = await count_read(connection, workspace)
    return Besides(
        reviews=read[Kind.FEEDBACK],
        notes=read[Kind.NOTE],
        resumes=read[Kind.RESUME],
        seats=people.seats,
        seats_linked=people.linked,
        tells_teams=CONNECTORS[ats].tells_teams,
        lists=await access_lists.count(connection, workspace),
    )


async def agree(
    works: Works,
    workspace: int,
    *,
    by: str,
    choices: Mapping[str, Any],
    text: str = TEXT,
    further: Mapping[Kind, str] = FURTHER_TEXTS,
) -> Receipt:
    """Save the choices and the receipt, and let waiting records be looked at again.

    Where reviews, notes, resumes or hiring teams join, they are read. Agreeing again to the same changes nothing.
    Raises SettingError where the choices contradict LinkedIn's rules, or what the ATS can tell.
    """
    await check_choices(works, workspace, choices)
    outlook = await load_outlook(works, workspace)
    now = works.clock.now()
    async with works.database.transaction() as connection:
        before = (await load_workspace(connection, workspace)).choices
        after = {**before, **choices}
        await save_choices(connection, workspace, after)
        chosen = read_choices(after)
        joined = [kind for kind, shared in chosen.shared_kinds.items() if shared]
        read = await count_read(connection, workspace)
        receipt = await consents.give_consent(
            connection,
            workspace,
            by=by,
            text_version=TEXT_VERSION,
            text=" ".join([text, *(further[kind] for kind in joined)]),
            fields=shared_fields(chosen),
            choices=after,
            counts={
                **outlook.shared(chosen),
                **{kind.plural: read[kind] for kind in joined},
                **(await _count_teams(connection, workspace) if chosen.access == "teams" else {}),
            },
            now=now,
        )
        await JobBell(works.clock).ring(connection, workspace, list(Kind))
    if after != before:
        await look_again(works.database, workspace, states=("delivered", "held"), clock=works.clock)
    if newly_read(read_choices(before), chosen):
        await _read_again(works, workspace)
    return receipt


async def choose(works: Works, workspace: int, choices: Mapping[str, Any]) -> int | None:
    """Save choices before anybody agrees to them; how many records are looked at again. None: they were so already.

    Raises SettingError as ``agree`` does, and where somebody has agreed: other choices then want another receipt.
    """
    await check_choices(works, workspace, choices)
    async with works.database.transaction() as connection:
        before = (await load_workspace(connection, workspace)).choices
        after = {**before, **choices}
        if read_choices(after) == read_choices(before):
            return None
        if await consents.load_consent(connection, workspace) is not None:
            raise SettingError(
                "Somebody has agreed to what is shared, so other choices have to be agreed to as well.",
                code="choices_agreed",
            )
        await save_choices(connection, workspace, after)
    return await look_again(works.database, workspace, states=("delivered", "held", "quarantined"), clock=works.clock)


def newly_read(before: Choices, after: Choices) -> list[str]:
    """What is wanted of the ATS now and was not before: reviews, notes, resumes, teams."""
    joined = {
        "reviews": after.share_reviews and not before.share_reviews,
        "notes": after.share_notes and not before.share_notes,
        "resumes": after.share_resumes and not before.share_resumes,
        "teams": after.access == "teams" and before.access != "teams",
    }
    return [name for name, wanted in joined.items() if wanted]


async def _count_teams(connection: Connection, workspace: int) -> dict[str, int]:
    people = await seats.count_seats(connection, workspace)
    return {"seats": people.seats, "seats_linked": people.linked}


async def count_read(connection: Connection, workspace: int) -> Counter[Kind]:
    """Records read so far. Reviews, notes and resumes: none before somebody has agreed to share them."""
    return Counter({one.kind: one.total for one in totals(await load_tallies(connection, workspace))})


async def _read_again(works: Works, workspace: int) -> None:
    """Nothing but reading everything once more brings what belongs to applications that are here already.

    A reading under way goes on as it began, without them.
    """
    try:
        await start_sync(works, workspace, reread=True)
    except LandbridgeError as trouble:  # no ATS yet: its first reading brings them
        log.info("not_read_again", workspace=workspace, code=trouble.code)


async def withdraw(database: Database, workspace: int, *, by: str, now: datetime) -> bool:
    """From now on nothing is sent; what LinkedIn has stays there until the contract is disconnected."""
    async with database.transaction() as connection:
        return await consents.withdraw_consent(connection, workspace, by=by, now=now)
