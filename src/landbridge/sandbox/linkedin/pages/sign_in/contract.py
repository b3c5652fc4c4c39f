"""``/recruiter/contract``: which contract to work on. Asked once after sign-in, and not at all where there is one."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from landbridge.sandbox.linkedin.pages.page import MEMBER, Page
from landbridge.sandbox.linkedin.pages.sign_in.sign_in import HOME
from landbridge.sandbox.linkedin.pages.viewer import why_no_recruiter
from landbridge.sandbox.linkedin.pages.visit import Visit, own_path

ADDRESS: Final = "/recruiter/contract"


def show(visit: Visit) -> Response:
    reason = why_no_recruiter(visit.viewer)
    if reason is not None:
        return visit.refuse(403, "No access to Recruiter", reason)
    wanted = own_path(visit.query("next"), HOME)
    if visit.viewer.desk is not None:
        return visit.go(wanted)
    return visit.show("sign_in/contract.html", next=wanted)


def choose(visit: Visit) -> Response:
    """A contract once chosen stays until sign-out."""
    if visit.viewer.desk is None:
        wanted = visit.form("contract")
        if wanted not in {desk.contract.urn for desk in visit.viewer.open_desks}:
            return visit.refuse(400, "Not your contract", "This person has no seat to work with on that contract.")
        visit.session.contract = wanted
    return visit.go(own_path(visit.form("next"), HOME))


PAGES: Final = (Page(ADDRESS, show, MEMBER), Page(ADDRESS, choose, MEMBER, "POST"))
