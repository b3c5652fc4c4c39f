"""What the desk asks and why, in an admin's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from landbridge.store.desk import Group

GROUPS: Mapping[Group, tuple[Promise, Promise]] = {
    "needs_email": (
        _("Exported, but no e-mail address"),
        _(
            "A recruiter exported these people to a job. LinkedIn tells no e-mail address, and the ATS takes nobody "
            "without one. Enter it, or say which candidate it is."
        ),
    ),
    "ambiguous": (
        _("More than one candidate fits"),
        _("The ATS has several candidates this person may be. Choose one; what comes later follows your choice."),
    ),
    "conflict": (
        _("Contact details that differ"),
        _("The person has shared contact details on LinkedIn that are not those of the ATS. Nothing was overwritten."),
    ),
    "unmatched": (
        _("Nobody in the ATS is known to be this person"),
        _(
            "They are placed by themselves as soon as the person is exported or LinkedIn finds the match. You need to "
            "do something only for those whom you want to have on a candidate now."
        ),
    ),
    "closed": (
        _("Closed their LinkedIn account"),
        _(
            "LinkedIn asks you to look whether you still have a reason to keep what was imported of these people. What "
            "they gave you in an application has a reason of its own."
        ),
    ),
    "trouble": (
        _("The ATS did not take it"),
        _("Each says what stood in the way. Nothing is lost; try again when that is done."),
    ),
}
SHORT: Mapping[Group, Promise] = {
    "needs_email": _("Need an e-mail"),
    "ambiguous": _("Several fit"),
    "conflict": _("Contact details"),
    "unmatched": _("Not matched"),
    "closed": _("Closed accounts"),
    "trouble": _("Not taken"),
}
REASONS: Mapping[str, tuple[Promise, Promise]] = {
    "needs_name": (_("No name"), _("LinkedIn told no first or last name. Enter it, or say which candidate it is.")),
    "needs_email": (_("Needs an e-mail"), _("Nobody knows an e-mail address of this person.")),
    "ambiguous": (_("Several fit"), _("More than one candidate of the ATS may be this person.")),
    "wrong_person": (_("Taken off"), _("Somebody said that this was on the wrong candidate.")),
    "candidate_gone": (_("Candidate deleted"), _("The candidate it was for is no longer in the ATS.")),
    "unmatched": (_("Not matched"), _("No candidate of the ATS is known to be this person.")),
    "differs": (_("Differs"), _("The ATS has other contact details than LinkedIn.")),
    "conflict": (
        _("Somebody else's address"),
        _("Another candidate of the ATS has this e-mail address. Merge the two there, or keep what you have."),
    ),
    "closed": (_("Account closed"), _("The person has closed the LinkedIn account.")),
    "job_unknown": (_("Job not found"), _("The ATS does not know the job any more, or takes nobody on it.")),
    "duplicate_made": (
        _("Second candidate"),
        _("The ATS has made a second candidate of this person. Merge the two there, then try again."),
    ),
    "refused": (_("Refused"), _("The ATS refused it as it is.")),
    "not_readable": (
        _("Candidate closed"),
        _("The ATS credential may not see the candidate. Let it see them there, then try again."),
    ),
    "not_permitted": (_("Not allowed"), _("The ATS credential lacks a permission. Grant it; this goes on by itself.")),
    "source_missing": (
        _("Source missing"),
        _("Add a candidate source called LinkedIn Recruiter to the ATS, then try again."),
    ),
    "ats_fails": (_("ATS failed"), _("The ATS failed for hours, and other calls worked.")),
    "outcome_unknown": (
        _("Look it up"),
        _("An answer was lost, and the notes cannot be read back. Look in the ATS whether the note is there."),
    ),
    "remove_by_hand": (
        _("Remove by hand"),
        _("A note has to go and only the ATS's own page can delete it: its number was never told."),
    ),
}
LACKING = _("The ATS credential lacks the permission %(permission)s. Grant it; this goes on by itself.")
DID: Mapping[str, Promise] = {
    "attach": _("attached"),
    "email": _("entered an e-mail address"),
    "create": _("had a candidate made"),
    "job": _("chose another job"),
    "dismiss": _("dismissed"),
    "again": _("had it tried again"),
    "replace": _("took LinkedIn's contact details"),
    "keep": _("kept the contact details"),
    "posted": _("saw the note in the ATS"),
    "not_posted": _("did not see the note in the ATS"),
    "removed": _("removed the note in the ATS"),
    "clear": _("deleted what was imported"),
    "take_off": _("took it off the candidate"),
}
ANSWERS: Mapping[str, Promise] = {
    "again": _("Try again"),
    "dismiss": _("Dismiss"),
    "replace": _("Take LinkedIn's"),
    "keep": _("Keep ours"),
    "posted": _("The note is there"),
    "not_posted": _("The note is not there"),
    "removed": _("I have deleted the note"),
}
SUGGESTIONS: Mapping[str, Promise] = {
    "same_email_and_name": _("same e-mail address and name"),
    "same_email": _("same e-mail address"),
    "same_name_on_job": _("same name, and on this job already"),
    "same_name": _("same name"),
    "offered": _("found in the ATS"),
}
KINDS = ("export", "inmail", "note", "contact", "closed")


def kinds_in_words(kinds: Mapping[Any, int]) -> str:
    """ "1 export, 2 InMails"."""
    return ", ".join(_kind(kind, kinds[kind]) for kind in KINDS if kinds.get(kind))


def _kind(kind: str, count: int) -> str:
    match kind:
        case "export":
            words = ngettext("%(count)d export", "%(count)d exports", count)
        case "inmail":
            words = ngettext("%(count)d InMail", "%(count)d InMails", count)
        case "note":
            words = ngettext("%(count)d note", "%(count)d notes", count)
        case "contact":
            words = ngettext("%(count)d set of contact details", "%(count)d sets of contact details", count)
        case _:
            words = ngettext("%(count)d notice", "%(count)d notices", count)
    return words % {"count": count}
