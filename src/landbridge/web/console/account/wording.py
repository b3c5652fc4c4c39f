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
