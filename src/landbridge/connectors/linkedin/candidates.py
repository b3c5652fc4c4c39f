"""Candidates: the mirror's people in LinkedIn's form."""

from __future__ import annotations

from datetime import datetime

import msgspec

from landbridge.connectors.linkedin import rules
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.linkedin.upsert import UpsertWriter
from landbridge.connectors.linkedin.wire import AddressWire, CandidateWire, PhoneWire, respelled
from landbridge.errors import CannotTranslateError
from landbridge.ports.destination import Entity, Held, Outgoing
from landbridge.records import Candidate, Kind

DECODER = msgspec.json.Decoder(Candidate)
NOWHERE = AddressWire()


def translate_candidate(
    candidate: Candidate, now: datetime, form: type[CandidateWire] = CandidateWire
) -> CandidateWire:
    """The whole candidate as LinkedIn takes it, or CannotTranslateError with a code of ``reasons``.

    A last change before the creation becomes the creation, because LinkedIn refuses the other order. Addresses that
    are placeholders or none at all are left out; without any other the candidate is held.
    """
    created = rules.created_millis(candidate.created_at, "created_at", now)
    return form(
        rules.text_of(candidate.first_name, "first_name", "first_name_missing"),
        rules.text_of(candidate.last_name, "last_name", "last_name_missing"),
        created,
        rules.modified_millis(candidate.updated_at, "updated_at", created, now),
        rules.emails_of(candidate.emails),
        _phones(candidate),
        _addresses(candidate),
        rules.url_of(candidate.profile_url, "profile_url", "profile_url_missing"),
        rules.web_address(candidate.linkedin_url) if candidate.linkedin_url else None,
        (candidate.company or "").strip() or None,
        (candidate.title or "").strip() or None,
    )


def _phones(candidate: Candidate) -> list[PhoneWire]:
    if not candidate.phones:
        return []
    return [
        PhoneWire(number, (phone.extension or "").strip() or None)
        for phone in candidate.phones
        if (number := phone.number.strip())
    ]


def _addresses(candidate: Candidate) -> list[AddressWire]:
    if not candidate.addresses:
        return []
    wired = [
        AddressWire(
            line1=address.line or None,
            city=address.city or None,
            geographic_area=address.region or None,
            postal_code=address.postal_code or None,
            country=address.country or None,
        )
        for address in candidate.addresses
    ]
    return [address for address in wired if address != NOWHERE]


class CandidateWriter(UpsertWriter):
    kind = Kind.CANDIDATE
    resource = "candidates"

    def __init__(self, client: LinkedInClient, dialect: Resource, organization: str) -> None:
        super().__init__(client, dialect, organization)
        self._form = respelled(CandidateWire, dialect.renames)

    def render(self, row: Outgoing, now: datetime) -> Entity | Held | None:
        if row.gone:
            return self.deletion(row)
        try:
            rules.id_of(row.key, "id")
            wire = translate_candidate(DECODER.decode(row.body), now, self._form)
        except CannotTranslateError as why:
            return Held(reason=why.code, detail=str(why))
        return self.upsertion(row, wire)
