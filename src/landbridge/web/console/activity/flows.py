"""What came and went, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from landbridge.store.database import Connection
from landbridge.store.flows import Flow, load_flows

SHOWN = 15
NAMES = {
    ("in", "export"): _("Exported in Recruiter"),
    ("in", "inmail"): _("InMail"),
    ("in", "note"): _("Prospect note"),
    ("in", "contact"): _("Contact details shared"),
    ("in", "closed"): _("LinkedIn account closed"),
    ("out", "candidate"): _("Candidate changed in the ATS"),
    ("out", "application"): _("Application changed in the ATS"),
    ("out", "job"): _("Job changed in the ATS"),
}
GONE = {
    "candidate": _("Candidate deleted in the ATS"),
    "application": _("Application deleted in the ATS"),
    "job": _("Job closed in the ATS"),
}
# Where it landed: the tone of its badge and its words, by way and state.
LANDED = {
    ("in", "done"): ("good", _("In the ATS")),
    ("in", "due"): ("busy", _("On its way")),
    ("in", "desk"): ("wait", _("Waits on the desk")),
    ("in", "set_aside"): ("held", _("Set aside")),
    ("out", "delivered"): ("good", _("On LinkedIn")),
    ("out", "due"): ("busy", _("On its way")),
    ("out", "pending"): ("busy", _("LinkedIn looks at it")),
    ("out", "gone"): ("good", _("Removed from LinkedIn")),
    ("out", "held"): ("held", _("Not sent")),
    ("out", "quarantined"): ("bad", _("Refused by LinkedIn")),
}
DONE_WITH = {"inmail": _("A note in the ATS"), "note": _("A note in the ATS"), "export": _("A candidate in the ATS")}


class Shown(Struct, frozen=True):
    """One line: what it is and where it landed. ``on_desk``: somebody can settle it there."""

    flow: Flow
    what: Promise
    tone: str
    where: Promise

    @property
    def on_desk(self) -> bool:
        return self.flow.state == "desk"


async def newest_flows(connection: Connection, workspace: int) -> list[Shown]:
    return [_shown(flow) for flow in await load_flows(connection, workspace, most=SHOWN)]


def _shown(flow: Flow) -> Shown:
    what = GONE[flow.kind] if flow.state == "gone" else NAMES[flow.way, flow.kind]
    tone, where = LANDED[flow.way, flow.state]
    if flow.way == "in" and flow.state == "done":
        where = DONE_WITH.get(flow.kind, where)
    return Shown(flow, what, tone, where)
