"""The candidates of a plain world and their applications, about 1.5 for each."""

from __future__ import annotations

from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.hiring import Opening
from landbridge.sandbox.worlds.moment import DAY, HOUR, MINUTE
from landbridge.sandbox.worlds.person import Application, Candidate
from landbridge.sandbox.worlds.steps import LEAD, PATH, REJECTED, WITHDRAWN, Step, pack
from landbridge.sandbox.worlds.vocabulary import FIRST_NAMES, LAST_NAMES, MAIL_DOMAINS, PLACES

REASONS = 4  # how many reasons for rejection, and for withdrawal, a company has
SOURCES = 7


def let_people_apply(draw: Draw, openings: list[Opening], count: int, anchor: int) -> list[Candidate]:
    return [_candidate(draw, number, openings, anchor) for number in range(count)]


def _candidate(draw: Draw, number: int, openings: list[Opening], anchor: int) -> Candidate:
    first, last = draw.pick(FIRST_NAMES), draw.pick(LAST_NAMES)
    candidate = Candidate(
        id=draw.uuid(),
        first_name=first.text,
        last_name=last.text,
        # The number keeps addresses apart however often a name comes up.
        email=f"{first.slug}.{last.slug}{number}@{draw.pick(MAIL_DOMAINS)}",
        created=0,
        updated=0,
        place=draw.between(0, len(PLACES) - 1),
        trait=draw.between(0, 1_000_000_000),
        internal=draw.chance(0.04),
    )
    applied = [_application(draw, candidate.id, opening, anchor) for opening in _openings(draw, openings)]
    candidate.applications = tuple(application for application, _ in applied)
    candidate.created = min([moments[0] for _, moments in applied])
    updated = max([moments[-1] for _, moments in applied])
    candidate.updated = updated + (draw.between(1, 200) * MINUTE if draw.chance(0.3) else 0)
    return candidate


def _openings(draw: Draw, openings: list[Opening]) -> list[Opening]:
    """One opening for most people, two for three in ten, three for one in ten; never the same one twice."""
    chance = draw.share()
    wanted = 1 if chance < 0.6 else 2 if chance < 0.9 else 3
    found: list[Opening] = []
    for _ in range(wanted):
        # Squaring lets some jobs draw many more people than others.
        opening = openings[int(draw.share() ** 2 * len(openings))]
        if opening not in found:
            found.append(opening)
    return found


def _application(draw: Draw, candidate_id: str, opening: Opening, anchor: int) -> tuple[Application, list[int]]:
    """The application, and when it moved."""
    created = draw.between(opening.start, opening.end)
    moments, steps = _history(draw, created, anchor)
    step = steps[-1]
    refused = step is REJECTED or step is WITHDRAWN
    application = Application(
        id=draw.uuid(),
        candidate_id=candidate_id,
        job_id=opening.job.id,
        created=created,
        step=step,
        kept=pack(moments, steps),
        source=draw.between(0, SOURCES - 1),
        reason=draw.between(0, REASONS - 1) if refused and draw.chance(0.7) else None,
        starts=moments[-1] + 30 * DAY if step is PATH[-1] else None,
    )
    return application, moments


def _history(draw: Draw, created: int, anchor: int) -> tuple[list[int], list[Step]]:
    """From applying up to some step of the path; about half of those not hired are rejected or withdraw."""
    reached = int(draw.share() ** 2 * len(PATH))
    steps = [LEAD, *PATH[: reached + 1]] if draw.chance(0.08) else list(PATH[: reached + 1])
    if steps[-1] is not PATH[-1] and draw.chance(0.5):
        steps.append(REJECTED if draw.chance(0.75) else WITHDRAWN)
    moments: list[int] = []
    at = created
    for _ in steps:
        moments.append(at)
        at += draw.between(1, 6) * DAY + draw.between(1, 600) * MINUTE
        if at > anchor - HOUR:
            # Whoever is short of time hurries, so that no history ends after the world does.
            at = min(moments[-1] + draw.between(1, 9) * 1000, anchor)
    return moments, steps
