"""Where a contract stands, and what follows from LinkedIn's word about it. Pure.

adding ─► requested ─► configuring ─► waiting ─► enabled ◄─► disabled
  kept ─┘     │                                     │
              └─► refused                           └─► expired          any ─► disconnected ─► requested
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from msgspec import Struct

from landbridge.store.contracts import Contract, ContractState
from landbridge.store.integrations import ABSENT, ENABLED, Integration

CONTRACT_LEVEL = "CSA_API"
COMPANY_LEVEL = ("ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN")

# LinkedIn's words for what has ended are not documented; these are what other products of it say.
ENDED = frozenset({"EXPIRED", "TERMINATED", "INACTIVE", ABSENT})

# While somebody is at it news is expected any moment; a contract that rests is asked for to notice its end.
# 5,000 calls a day are allowed, and one call asks for all contracts of a workspace.
PACE = (
    (24, timedelta(seconds=5)),
    (60, timedelta(seconds=20)),
    (120, timedelta(minutes=1)),
    (240, timedelta(minutes=5)),
)
RARELY = timedelta(minutes=30)


class Levels(Struct, frozen=True, kw_only=True):
    """The two switches of Recruiter's ATS tab, as LinkedIn tells of them: its own words, by integration type."""

    company: dict[str, str]
    contract: str

    @property
    def company_enabled(self) -> bool:
        return bool(self.company) and all(status == ENABLED for status in self.company.values())

    @property
    def company_ended(self) -> bool:
        """Also where the company has got another id at LinkedIn: nothing is known of the one it had."""
        return bool(self.company) and all(status in ENDED for status in self.company.values())

    @property
    def contract_enabled(self) -> bool:
        return self.contract == ENABLED


def levels_of(contract: Contract, known: Iterable[Integration]) -> Levels:
    """What is known of both levels of one contract; what was never asked for is ABSENT."""
    status = {(one.context, one.type): one.status for one in known}
    organization, urn = contract.organization_urn or "", contract.urn or ""
    return Levels(
        company={type_: status.get((organization, type_), ABSENT) for type_ in COMPANY_LEVEL},
        contract=status.get((urn, CONTRACT_LEVEL), ABSENT),
    )


def next_state(state: ContractState, levels: Levels) -> tuple[ContractState, str]:
    """The state that LinkedIn's word leads to, and the code of the problem if there is one."""
    enabled = levels.company_enabled and levels.contract_enabled
    if state in {"adding", "kept", "refused", "disconnected"}:
        return state, ""
    if enabled:
        return "enabled", ""
    if state in {"requested", "configuring"}:
        return ("refused", "linkedin_not_requested") if levels.contract == ABSENT else (state, "")
    if state in {"enabled", "disabled", "expired"}:
        if levels.contract in ENDED:
            return "expired", "linkedin_contract_ended"
        if levels.company_ended:
            return "expired", "linkedin_company_ended"
        code = "linkedin_company_level_off" if not levels.company_enabled else "linkedin_contract_level_off"
        return "disabled", code
    return ("refused", "linkedin_not_requested") if levels.contract == ABSENT else ("waiting", "")


def next_look(state: ContractState, looks: int) -> timedelta | None:
    """How long until LinkedIn is asked again; None: not by itself."""
    if state in {"adding", "kept", "refused", "disconnected"}:
        return None
    if state in {"enabled", "expired"}:
        return RARELY
    return next((pause for most, pause in PACE if looks < most), RARELY)
