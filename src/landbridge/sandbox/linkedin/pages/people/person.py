"""``/recruiter/people/{member}``: a profile, what the ATS knows, and what recruiters wrote."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from starlette.responses import Response

from landbridge.sandbox.linkedin.pages.page import Page
from landbridge.sandbox.linkedin.pages.people.looking import exported_to, in_ats_of, member_of, shown_of
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.records import Export

ADDRESS: Final = "/recruiter/people/{member:int}"


class ShownExport(Struct, frozen=True):
    """One export of this member: to which job of which system, and what became of it."""

    export: Export
    title: str
    system: str
    by: str


def show(visit: Visit) -> Response:
    member, seat, talent = member_of(visit), visit.viewer.seat.urn, visit.linkedin.talent
    in_ats = in_ats_of(visit)
    exports = [_shown(visit, export) for export in talent.exports.of_member(member.number)]
    return visit.show(
        "people/person.html",
        person=shown_of(visit, member, in_ats.read(member.number)),
        systems=in_ats.systems,
        notes=talent.notes.visible(seat, member.number)[::-1],
        threads=talent.inmails.about(seat, member.number)[::-1],
        exports=exports[::-1],
        can_export=bool(talent.exports.systems()),
        authors={holder.urn: visit.state.directory.members[holder.member].name for holder in visit.state.network.seats},
    )


def _shown(visit: Visit, export: Export) -> ShownExport:
    system, title = exported_to(visit, export)
    seat = next(seat for seat in visit.state.network.seats if seat.urn == export.seat)
    return ShownExport(export, title, system, visit.state.directory.members[seat.member].name)


PAGES: Final = (Page(ADDRESS, show),)
