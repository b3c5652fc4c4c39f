"""A whole world: one company with its jobs and candidates, and LinkedIn's side of the same people."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from landbridge.sandbox.worlds.company import Company, User
from landbridge.sandbox.worlds.job import Job
from landbridge.sandbox.worlds.network import Network
from landbridge.sandbox.worlds.person import Application, Candidate


class World(Struct, kw_only=True):
    """``jobs``, ``candidates`` and ``applications`` are by id, in the order of their making.

    ``restless`` is how many candidates change while the candidate list is being read (0 in a plain world).
    """

    name: str
    seed: int
    size: int
    now: datetime
    anchor: int  # where the world's own history ends, epoch ms
    company: Company
    users: list[User]
    jobs: dict[str, Job]
    candidates: dict[str, Candidate]
    applications: dict[str, Application]
    network: Network
    restless: int = 0
