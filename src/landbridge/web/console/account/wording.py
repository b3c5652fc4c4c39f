"""Words for what machines call things: browsers, and acts in the activity."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The first that occurs counts: Edge calls itself Chrome as well, and Chrome Safari.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip

ACTS: Mapping[str, Promise] = {
    "signed_in": gettext_lazy("signed in"),
    "confirmed": gettext_lazy("confirmed who they are"),
    "account.claimed": gettext_lazy("became the first admin"),
    "account.closed": gettext_lazy("closed the account of"),
    "account.opened": gettext_lazy("opened the account of"),
    "password.changed": gettext_lazy("chose a new password"),
    "session.ended": gettext_lazy("signed another browser out"),
    "session.others_ended": gettext_lazy("signed all other browsers out"),
    "factor.added": gettext_lazy("added a second factor"),
    "factor.removed": gettext_lazy("removed a second factor"),
    "factor.codes_renewed": gettext_lazy("made new recovery codes"),
    "factor.refused": gettext_lazy("gave a wrong second factor"),
    "sso.linked": gettext_lazy("linked single sign-on"),
    "sso.unlinked": gettext_lazy("unlinked single sign-on"),
    "invitation.made": gettext_lazy("invited"),
    "invitation.withdrawn": gettext_lazy("withdrew the invitation of"),
    "invitation.accepted": gettext_lazy("accepted the invitation for"),
    "role.changed": gettext_lazy("changed the role of"),
    "member.removed": gettext_lazy("removed"),
    "desk.attach": gettext_lazy("attached what waited, at the"),
    "desk.email": gettext_lazy("entered an e-mail address, at the"),
    "desk.job": gettext_lazy("chose another job, at the"),
    "desk.create": gettext_lazy("had a candidate made, at the"),
    "desk.dismiss": gettext_lazy("dismissed what waited, at the"),
    "desk.again": gettext_lazy("had tried again what waited, at the"),
    "desk.replace": gettext_lazy("took LinkedIn's contact details, at the"),
    "desk.keep": gettext_lazy("kept the ATS's contact details, at the"),
    "desk.posted": gettext_lazy("saw the note in the ATS, at the"),
    "desk.not_posted": gettext_lazy("did not see the note in the ATS, at the"),
    "desk.removed": gettext_lazy("deleted the note in the ATS, at the"),
    "desk.clear": gettext_lazy("deleted what was imported of a closed account, at the"),
    "desk.take_off": gettext_lazy("took off a candidate what was placed, at the"),
    "desk.accepted": gettext_lazy("accepted every certain suggestion of the desk"),
    "desk.undone": gettext_lazy("took back a decision of the desk:"),
    "desk.policy": gettext_lazy("chose what becomes of exported people without an e-mail address"),
    "workspace.made": gettext_lazy("made the workspace"),
    "connection.saved": gettext_lazy("saved the connection with"),
    "ats.connected": gettext_lazy("connected the ATS"),
    "events.address_saved": gettext_lazy("said where events go"),
    "events.stopped": gettext_lazy("stopped the events"),
    "events.secret_made": gettext_lazy("made a new secret for events"),
    "panel.origins_named": gettext_lazy("said which pages may show the panel"),
    "pushes.opened": gettext_lazy("let an ATS of their own push"),
    "choices.changed": gettext_lazy("changed the choices"),
    "consent.given": gettext_lazy("agreed to what is shared"),
    "consent.withdrawn": gettext_lazy("withdrew the consent"),
    "contract.begun": gettext_lazy("began to add a contract"),
    "contract.given_up": gettext_lazy("gave up adding a contract"),
    "contract.added": gettext_lazy("requested the contract"),
    "contract.refused": gettext_lazy("was refused by LinkedIn's window"),
    "contract.paused": gettext_lazy("paused the contract"),
    "contract.resumed": gettext_lazy("let the contract go on"),
    "contract.named": gettext_lazy("named the contract"),
    "contract.disconnected": gettext_lazy("disconnected the contract"),
    "contract.reconnected": gettext_lazy("connected again the contract"),
    "contracts.taken_over": gettext_lazy("took over from Cross-System Awareness"),
    "linkedin.keys_saved": gettext_lazy("saved LinkedIn's keys"),
    "linkedin.secret_made": gettext_lazy("made a new secret for LinkedIn's application"),
    "handover.begun": gettext_lazy("began with a hand-over link"),
    "handover.made": gettext_lazy("made a hand-over link"),
    "handover.revoked": gettext_lazy("took all hand-over links back"),
    "seat.linked": gettext_lazy("said whose it is:"),
    "seat.unlinked": gettext_lazy("took the user away from"),
    "seat.confirmed": gettext_lazy("confirmed by LinkedIn's sign-in"),
    "seats.accepted": gettext_lazy("accepted all certain suggestions"),
    "sync.started": gettext_lazy("began or went on with the sync"),
    "sync.paused": gettext_lazy("paused the sync"),
    "token.made": gettext_lazy("made the API token"),
    "token.revoked": gettext_lazy("revoked the API token"),
}


def browser_of(agent: str) -> str:
    """ "Firefox on Linux" of a long line of other names."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if not browser:
        return _("Another program")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser


def act_words(code: str) -> str:
    """What somebody did, to be read after their name; a code nobody has written words for speaks for itself."""
    return str(ACTS.get(code) or code.replace("_", " ").replace(".", ": "))
