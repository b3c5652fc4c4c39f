"""What the pages about people share: who is looked at, and with whose eyes."""

from __future__ import annotations

from msgspec import Struct

from landbridge.sandbox.linkedin.in_ats import InAts, KnownCandidate
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.records import Export
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.worlds.network import Member
from landbridge.sandbox.worlds.profile import Profile, profile_of


class Shown(Struct, frozen=True):
    """One member as a list or a profile shows them."""

    member: Member
    profile: Profile
    known: list[KnownCandidate]

    @property
    def name(self) -> str:
        return self.member.name or "Nameless member"

    @property
    def initials(self) -> str:
        words = self.name.split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


def in_ats_of(visit: Visit) -> InAts:
    """What the viewer may see of what ATSs have told."""
    delay = round(float(visit.linkedin.limits()["match_delay_seconds"]) * 1000)
    organization = visit.state.network.organization
    return InAts(visit.state, organization, visit.viewer.member.number, at=visit.at, ripe_at=visit.at - delay)


def shown_of(visit: Visit, member: Member, known: list[KnownCandidate] | None = None) -> Shown:
    return Shown(member, profile_of(member, visit.state.network.organization_name), known or [])


def member_of(visit: Visit) -> Member:
    """The member the path names; raises a 404 :class:`RefusalError` for nobody and for who has closed the account."""
    number = visit.path["member"]
    member = visit.state.directory.members.get(number)
    if member is None:
        raise RefusalError(404, "There is no such member.")
    if visit.linkedin.talent.accounts.is_closed(number):
        raise RefusalError(404, "This member has closed the account. Recruiter shows nothing of the profile any more.")
    return member


def exported_to(visit: Visit, export: Export) -> tuple[str, str]:
    """The names of the system and the job somebody was exported to."""
    child = visit.state.applications[export.client_id]
    posting = child.book(export.organization).postings.get(export.job)
    names = (one.name for one in child.integrations.values() if one.type == "ONE_CLICK_EXPORT" and one.name)
    return next(names, child.name), str(posting.fields.get("title", export.job)) if posting else export.job
