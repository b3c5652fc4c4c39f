"""What the desk's pages show, put together from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from msgspec import Struct

from landbridge.store import desk, settled
from landbridge.store.database import Connection
from landbridge.store.desk import Case, Group
from landbridge.store.lookup import FoundCandidate, Suggested, load_candidates, suggest_candidates
from landbridge.store.settled import Decision, Placed
from landbridge.web.console.desk import wording


class Guess(Struct, frozen=True, kw_only=True):
    """A candidate somebody may be, and why that may be so. ``elsewhere``: LinkedIn knows it as another member."""

    candidate: FoundCandidate
    reason: Promise
    certain: bool
    elsewhere: bool


class Card(Struct, frozen=True, kw_only=True):
    """One case as a page shows it."""

    case: Case
    title: Promise | str
    why: Promise | str
    kinds: str
    guesses: tuple[Guess, ...]
    imported: str = ""

    @property
    def primary(self) -> str:
        return self.case.answers[0]

    @property
    def simple(self) -> list[tuple[str, Promise]]:
        """Answers that are no more than a button."""
        return [(answer, wording.ANSWERS[answer]) for answer in self.case.answers if answer in wording.ANSWERS]


class Section(Struct, frozen=True, kw_only=True):
    """One group of cases. ``more``: there are others behind these."""

    group: Group
    title: Promise
    text: Promise
    count: int
    cards: tuple[Card, ...]
    more: int | None


class Line(Struct, frozen=True, kw_only=True):
    decision: Decision
    did: Promise
    reason: Promise | str


async def cards_of(connection: Connection, workspace: int, cases: Sequence[Case]) -> tuple[Card, ...]:
    asking = [case for case in cases if case.reason in desk.WHO]
    guesses: dict[int, list[Guess]] = {}
    for one in await suggest_candidates(connection, workspace, asking):
        guesses.setdefault(one.number, []).append(_guess(one, asking))
    return tuple(_card(case, guesses.get(case.number, ())) for case in cases)


def _guess(one: Suggested, cases: Sequence[Case]) -> Guess:
    person = next((case.person_urn for case in cases if case.number == one.number), None)
    return Guess(
        candidate=one.candidate,
        reason=wording.SUGGESTIONS[one.reason],
        certain=one.certain,
        elsewhere=one.candidate.person_urn not in {None, person},
    )


def _card(case: Case, guesses: Sequence[Guess]) -> Card:
    title, why = wording.REASONS.get(case.reason, (case.reason, ""))
    if case.reason == "not_permitted" and case.lacking:
        why = wording.LACKING % {"permission": case.lacking}
    return Card(
        case=case,
        title=title,
        why=why,
        kinds=wording.kinds_in_words(case.kinds),
        guesses=tuple(guesses[:8]),
        imported=wording.kinds_in_words(case.imported),
    )


async def section_of(
    connection: Connection,
    workspace: int,
    group: Group,
    counts: Mapping[str, int],
    *,
    limit: int,
    before: int | None = None,
    named: str = "",
    seat: str | None = None,
) -> Section:
    cases = await desk.load_cases(
        connection, workspace, reasons=desk.GROUPS[group], limit=limit + 1, before=before, named=named, seat=seat
    )
    title, text = wording.GROUPS[group]
    return Section(
        group=group,
        title=title,
        text=text,
        count=sum(counts.get(reason, 0) for reason in desk.GROUPS[group]),
        cards=await cards_of(connection, workspace, cases[:limit]),
        more=cases[limit - 1].number if len(cases) > limit else None,
    )


async def lines_of(connection: Connection, workspace: int, *, before: int | None, limit: int) -> list[Line]:
    found = await settled.load_decisions(connection, workspace, before=before, limit=limit)
    return [_line(one) for one in found]


def _line(one: Decision) -> Line:
    title = wording.REASONS.get(one.reason)
    return Line(decision=one, did=wording.DID[one.did], reason=title[0] if title else "")


class PlacedLine(Struct, frozen=True, kw_only=True):
    placed: Placed
    kinds: str


async def placed_of(connection: Connection, workspace: int, *, limit: int) -> list[PlacedLine]:
    found = await settled.load_placed(connection, workspace, limit=limit)
    return [PlacedLine(placed=one, kinds=wording.kinds_in_words(one.kinds)) for one in found]


async def candidates_of(connection: Connection, workspace: int, keys: Sequence[str]) -> list[FoundCandidate]:
    return await load_candidates(connection, workspace, keys)
