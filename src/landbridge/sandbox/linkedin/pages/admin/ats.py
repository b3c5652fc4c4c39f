"""``/recruiter/admin/ats``: which ATS may do what. Admins switch; everybody else sees how it stands."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from starlette.responses import Response

from landbridge.sandbox.linkedin.levels import COMPANY, LEVELS, Access, Level, access_of
from landbridge.sandbox.linkedin.pages.page import Page
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.state import DeveloperApplication

ADDRESS: Final = "/recruiter/admin/ats"


class Ats(Struct, frozen=True):
    """One ATS that asked for access, as the tab shows it."""

    name: str
    client_id: str
    accesses: tuple[Access, ...]


def show(visit: Visit) -> Response:
    return visit.show("admin/ats.html", systems=_systems(visit))


def switch(visit: Visit) -> Response:
    """One switch was pressed. What cannot be enabled is refused with its reason."""
    if not visit.viewer.admin:
        return visit.refuse(403, "For admins", f"{visit.viewer.name} is not an admin of this contract.")
    client_id, wanted = visit.form("client_id"), visit.form("status")
    ats = next((one for one in _systems(visit) if one.client_id == client_id), None)
    access = next((one for one in ats.accesses if one.level.name == visit.form("level")), None) if ats else None
    if ats is None or access is None or access.stand == "none" or wanted not in ("ENABLED", "DISABLED"):
        return visit.refuse(400, "Not possible", "Nobody has requested this access.")
    if wanted == "ENABLED" and access.obstacle:
        return visit.refuse(409, "Not possible yet", access.obstacle)
    for type_ in access.level.types:
        visit.linkedin.recruiter.set_status(access.context, type_, wanted, client_id)
    return visit.go(ADDRESS, notice=f"{access.level.title} of {ats.name} is {'on' if wanted == 'ENABLED' else 'off'}.")


def _systems(visit: Visit) -> list[Ats]:
    found = []
    for child in visit.state.children():
        accesses = tuple(access_of(child, level, _context(visit, level)) for level in LEVELS)
        if any(access.stand != "none" for access in accesses):
            found.append(Ats(_name(child, accesses), child.client_id, accesses))
    return found


def _context(visit: Visit, level: Level) -> str:
    return visit.state.network.organization if level is COMPANY else visit.viewer.contract.urn


def _name(child: DeveloperApplication, accesses: tuple[Access, ...]) -> str:
    """What the ATS calls its integrations, or the name of its application before that."""
    names = (one.name for access in accesses for one in access.integrations if one.name)
    return next(names, child.name)


PAGES: Final = (Page(ADDRESS, show), Page(ADDRESS, switch, method="POST"))
