"""The two levels on which an ATS is given access, as the widget requests them and an admin switches them.

Sources: the sample collection (which integrations there are), help pages of ATS vendors (two rows, two switches).
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from landbridge.sandbox.linkedin.choices import COMPANY_INTEGRATIONS, CONTRACT_INTEGRATIONS, ENABLING_NEEDS_A_NAME
from landbridge.sandbox.linkedin.rules.configurations import CALLBACK_URL
from landbridge.sandbox.linkedin.state import DeveloperApplication, Integration

LevelName = Literal["company", "contract"]
#: ``none``: not requested; ``requested``: the partner has not done its part; ``ready``: it has; the others: switched.
Stand = Literal["none", "requested", "ready", "enabled", "disabled"]


class Level(Struct, frozen=True):
    """``bundle`` is what a page offers it as in ``data-supported-bundled-integration-types``."""

    name: LevelName
    title: str
    gives: str
    types: tuple[str, ...]
    bundle: str


COMPANY: Final = Level(
    "company",
    "Company-level access",
    "Export of profiles to the ATS, the in-ATS indicator, and member profiles inside the ATS.",
    COMPANY_INTEGRATIONS,
    "RECRUITER_SYSTEM_CONNECT_COMPANY",
)
CONTRACT: Final = Level(
    "contract",
    "Contract-level access",
    "Seats, InMails, notes and shared contact details of this contract.",
    CONTRACT_INTEGRATIONS,
    "RECRUITER_SYSTEM_CONNECT_CONTRACT",
)
LEVELS: Final = (COMPANY, CONTRACT)


class Access(Struct, frozen=True):
    """One level of one ATS for one organization or contract (``context``)."""

    level: Level
    context: str
    integrations: tuple[Integration, ...]

    @property
    def stand(self) -> Stand:
        statuses = {integration.status for integration in self.integrations}
        if len(self.integrations) < len(self.level.types):
            return "none"
        if statuses == {"ENABLED"}:
            return "enabled"
        if "DISABLED" in statuses:
            return "disabled"
        return "ready" if self.named else "requested"

    @property
    def named(self) -> bool:
        """Whether the partner has given every integration its name, which is its answer to the request."""
        return all(integration.name for integration in self.integrations)

    @property
    def obstacle(self) -> str:
        """Why it cannot be switched on yet; "" where it can."""
        if ENABLING_NEEDS_A_NAME and not self.named:
            return "The ATS has not answered the request yet: its integrations have no names."
        export = [one for one in self.integrations if one.type == "ONE_CLICK_EXPORT"]
        if any(CALLBACK_URL not in one.configurations for one in export):
            return "The ATS has not told yet where to send notifications: CALLBACK_URL is not set."
        return ""


def access_of(application: DeveloperApplication, level: Level, context: str) -> Access:
    found = (application.integrations.get((context, type_, "RECRUITER")) for type_ in level.types)
    return Access(level, context, tuple(one for one in found if one is not None))
