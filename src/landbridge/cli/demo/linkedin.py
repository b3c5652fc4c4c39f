"""What is on LinkedIn, from the LinkedIn sandbox's own records, in the names of v2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from landbridge.cli.demo.check import Seen

Row = Mapping[str, Any]


class Network(Struct, frozen=True):
    """LinkedIn's side, by kind and key."""

    jobs: dict[str, Seen]
    candidates: dict[str, Seen]
    applications: dict[str, Seen]
    stages: dict[str, Seen]


def see(dumps: Mapping[str, Iterable[Row]], client_id: str) -> Network:
    """Only what belongs to this child application."""
    mine = {kind: [row for row in rows if row["clientId"] == client_id] for kind, rows in dumps.items()}
    return Network(
        jobs=_seen(mine["jobs"], "externalJobPostingId"),
        candidates=_seen(mine["candidates"], "atsCandidateId"),
        applications=_seen(mine["applications"], "atsJobApplicationId"),
        stages=_seen(mine["stages"], "stageId"),
    )


def _seen(rows: Iterable[Row], key: str) -> dict[str, Seen]:
    return {row[key]: Seen(key=row[key], fields=row) for row in rows}
