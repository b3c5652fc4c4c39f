"""Worlds are made here: the same name, seed and size give the same world, to the byte."""

from __future__ import annotations

from datetime import UTC, datetime

from landbridge.sandbox.worlds.applying import let_people_apply
from landbridge.sandbox.worlds.company import found_company, hire_users
from landbridge.sandbox.worlds.directory import link_network
from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.hiring import MIN_JOBS, open_jobs
from landbridge.sandbox.worlds.moment import anchor_before
from landbridge.sandbox.worlds.outreach import spoil_outreach
from landbridge.sandbox.worlds.spoiled_jobs import JOB_ODDITIES, spoil_jobs
from landbridge.sandbox.worlds.spoiled_people import spoil_people
from landbridge.sandbox.worlds.world import World

WORLDS = ("plain", "hostile")


def make_world(name: str, seed: int, candidates: int, now: datetime | None = None) -> World:
    """The world ``name`` ("plain" or "hostile") with that many candidates. Raises ValueError for an unknown name.

    ``now`` (aware, default: this moment) only decides the year in which the world's history ends, so that the same
    name, seed and size give the same bytes for a year.
    """
    if name not in WORLDS:
        raise ValueError(f"there is no world {name!r}: choose one of {', '.join(WORLDS)}")
    if candidates < 0:
        raise ValueError("a world cannot have less than no candidates")
    now = now or datetime.now(UTC)
    return _make(name, seed, candidates, now)


def _make(name: str, seed: int, size: int, now: datetime) -> World:
    anchor = anchor_before(now)
    hostile = name == "hostile"

    def draw(subject: str) -> Draw:
        # Each subject has its own stream: one more draw for jobs does not give everybody another name.
        return Draw(name, seed, size, subject)

    company = found_company(draw("company"))
    users = hire_users(draw("users"), size, anchor)
    # A hostile world needs a job for each way in which a job can be odd, and healthy ones besides.
    least = 2 * len(JOB_ODDITIES) if hostile else MIN_JOBS
    hiring = open_jobs(draw("jobs"), company, len(users), size, anchor, least)
    if hostile:
        spoil_jobs(draw("odd jobs"), hiring.jobs, anchor)
    people = let_people_apply(draw("people"), hiring.openings, size, anchor)
    network = link_network(draw("network"), draw("outreach"), company, users, people, anchor)
    if hostile:
        spoil_people(draw("odd people"), people, anchor)
        network = spoil_outreach(network)
    return World(
        name=name,
        seed=seed,
        size=size,
        now=now,
        anchor=anchor,
        company=company,
        users=users,
        jobs={job.id: job for job in hiring.jobs},
        candidates={person.id: person for person in people},
        applications={application.id: application for person in people for application in person.applications},
        network=network,
        restless=min(20, size // 25) if hostile else 0,
    )
