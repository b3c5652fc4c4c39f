"""Rows of lists, decoded one by one: a bad one is reported and its neighbours go on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from msgspec import Raw

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.identifier import is_usable
from landbridge.errors import SurpriseError
from landbridge.http.decoding import decode_json
from landbridge.http.evidence import shape_of
from landbridge.ports.source import Refused
from landbridge.records import Kind

Row = TypeVar("Row", wire.CandidateRow, wire.JobRow, wire.User, wire.Review, wire.Attachment)


def decode_rows(rows: Iterable[Raw], kind: type[Row], of: Kind) -> tuple[list[Row], list[Refused]]:
    """The rows that can be read and have an id that can be worked with, and what became of the others."""
    good: list[Row] = []
    refused: list[Refused] = []
    for raw in rows:
        try:
            row = decode_json(raw, kind)
        except SurpriseError:
            refused.append(Refused(kind=of, key="", reason="unreadable", detail=shape_of(bytes(raw))))
            continue
        if is_usable(row.id):
            good.append(row)
        else:
            refused.append(Refused(kind=of, key="", reason="unusable_id"))
    return good, refused
