"""One-Click Export: which systems and jobs a recruiter can choose, and the export itself.

Sources: retrieve-exported-candidates, sync-acls (who sees which job).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

from msgspec import Struct

from landbridge.sandbox.linkedin.books import Posting
from landbridge.sandbox.linkedin.choices import EXPORT_REQUEST_HOURS, EXPORTS_PER_SEAT_AND_MONTH
from landbridge.sandbox.linkedin.postings import is_open_at
from landbridge.sandbox.linkedin.pushes import EXPORT
from landbridge.sandbox.linkedin.records import Export
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.state import DeveloperApplication
from landbridge.sandbox.linkedin.talent.desk import Desk
from landbridge.sandbox.linkedin.talent.type_ahead import jobs_of
from landbridge.sandbox.linkedin.visibility import view_of
from landbridge.sandbox.worlds.network import Seat


class System(Struct, frozen=True):
    """One ATS people can be exported to."""

    client_id: str
    name: str


class Target(Struct, frozen=True, kw_only=True):
    """One job of one system, as the type-ahead lists it. ``code`` is the requisition code, where the job has one."""

    client_id: str
    system: str
    job: str
    title: str
    code: str
    location: str


class Exports:
    """The exports of all seats."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def systems(self) -> list[System]:
        """Every ATS with One-Click Export enabled."""
        organization = self._desk.state.network.organization
        return [System(child.client_id, _name(child)) for child in self._desk.systems(organization)]

    def jobs(self, seat: str, text: str = "", client_id: str | None = None, most: int = 20) -> list[Target]:
        """Open jobs this recruiter may see whose title, id or code holds ``text``; titles that begin with it first."""
        holder, wanted = self._desk.seat(seat), text.strip().lower()
        fitting = [
            target
            for child in self._systems_for(holder)
            if client_id in (None, child.client_id)
            for target in islice(self._targets(child, holder, text), most)
        ]
        fitting.sort(key=lambda one: (not one.title.lower().startswith(wanted), one.title.lower(), one.job))
        return fitting[:most]

    def export(self, seat: str, member: int, job: str, client_id: str | None = None) -> Export:
        """Export a member to a job and push the news. Where no system is named, the first that has the job is meant."""
        holder, exported = self._desk.seat(seat), self._desk.member(member)
        if holder.lite:
            raise RefusalError(403, "Recruiter Lite cannot export to an ATS")
        if not self._systems_for(holder):
            raise RefusalError(403, "no system with One-Click Export is enabled")
        target = self._target(holder, job, client_id)
        if self.left(seat) <= 0:
            message = f"this seat has used its {EXPORTS_PER_SEAT_AND_MONTH} exports of the month"
            raise RefusalError(429, message)
        return self._announce(holder, exported.number, target)

    def left(self, seat: str) -> int:
        """How many exports this seat has left in this month (UTC)."""
        month = _month(self._desk.clock.ms())
        taken = sum(one.seat == seat and _month(one.at) == month for one in self._desk.records.exports.values())
        return EXPORTS_PER_SEAT_AND_MONTH - taken

    def of_member(self, member: int) -> list[Export]:
        return [export for export in self._desk.records.exports.values() if export.member == member]

    def _announce(self, seat: Seat, member: int, target: Target) -> Export:
        state, at = self._desk.state, self._desk.clock.ms()
        exports = state.talent.exports
        export = Export(
            request_id=f"exp-{len(exports) + 1:06d}",
            client_id=target.client_id,
            organization=state.network.organization,
            seat=seat.urn,
            member=member,
            job=target.job,
            at=at,
            expires_at=at + EXPORT_REQUEST_HOURS * 3_600_000,
        )
        exports[export.request_id] = export
        child = state.applications[target.client_id]
        self._desk.pushes.announce(child, EXPORT, export.request_id, export.expires_at)
        return export

    def _systems_for(self, seat: Seat) -> list[DeveloperApplication]:
        return [] if seat.lite else self._desk.systems(self._desk.state.network.organization)

    def _targets(self, child: DeveloperApplication, seat: Seat, text: str) -> Iterator[Target]:
        """Jobs that hold ``text``, in the order of the type-ahead."""
        state, at = self._desk.state, self._desk.clock.ms()
        state.tasks.settle(at)
        chosen = jobs_of(state, child, state.network.organization).find(text)
        return self._seen(child, seat, chosen, at)

    def _seen(self, child: DeveloperApplication, seat: Seat, jobs: Iterable[str], at: int) -> Iterator[Target]:
        """Those of these jobs that are there, open, and not hidden from who holds the seat."""
        organization = self._desk.state.network.organization
        book = child.books.get(organization)
        if book is None:
            return
        name, view = _name(child), view_of(child, organization, seat.member, "ONE_CLICK_EXPORT")
        for key in jobs:
            posting = book.postings.get(key)
            if posting is not None and is_open_at(posting, at) and view.shows(book, key):
                yield _target(child, name, key, posting)

    def _target(self, seat: Seat, job: str, client_id: str | None) -> Target:
        at = self._desk.clock.ms()
        self._desk.state.tasks.settle(at)
        for child in self._systems_for(seat):
            if client_id in (None, child.client_id):
                for target in self._seen(child, seat, [job], at):
                    return target
        raise RefusalError(404, "there is no such job, it is closed, or you may not see it")


def _target(child: DeveloperApplication, system: str, key: str, posting: Posting) -> Target:
    fields = posting.fields
    return Target(
        client_id=child.client_id,
        system=system,
        job=key,
        title=str(fields.get("title", "")),
        code=str(fields.get("companyJobCode", "")),
        location=str(fields.get("location", "")),
    )


def _name(child: DeveloperApplication) -> str:
    """The name the partner gave the integration, or that of the application."""
    names = (one.name for one in child.integrations.values() if one.type == "ONE_CLICK_EXPORT" and one.name)
    return next(names, child.name)


def _month(at: int) -> tuple[int, int]:
    instant = datetime.fromtimestamp(at / 1000, UTC)
    return instant.year, instant.month
