"""Which candidate another one was merged into. No event tells of merges; the audit trail does.

Sources: the help page about merging candidates (the master keeps its id, applications and notes of the other move over,
and the trail shows one line for each of the two), and the reference of the Audit API. What joins the two lines is not
documented, so the master is taken for known only where it is the only one that its author merged at that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.client import SmartRecruiters
from landbridge.connectors.smartrecruiters.identifier import is_usable
from landbridge.connectors.smartrecruiters.moment import read_moment
from landbridge.errors import NotPermittedError, RecordError, SignInRejectedError, SurpriseError

MERGED_AWAY: Final = "CANDIDATE_DELETED_DUE_TO_MERGE"
MERGED_INTO: Final = "CANDIDATE_PROFILE_UPDATED_DUE_TO_MERGE"
# Both lines are written by one act.
TOGETHER: Final = timedelta(seconds=5)


class Merges:
    """Asks the trail. Only a credential of an administrator may; without one every merge looks like a deletion."""

    def __init__(self, account: SmartRecruiters) -> None:
        self._account = account
        self._refused = False

    async def successor(self, candidate_id: str) -> str:
        """Whom this candidate, who is no more, was merged into; "" where nobody, or where that cannot be known.

        Raises TryLaterError.
        """
        if self._refused:
            return ""
        try:
            lines = await self._account.audit(MERGED_AWAY, candidate_id)
            own = next((line for line in lines if line.entity_id == candidate_id), None)
            if own is None:
                return ""
            return _the_one(own, await self._account.audit(MERGED_INTO))
        except (NotPermittedError, SignInRejectedError):
            self._refused = True
            return ""
        except (RecordError, SurpriseError):
            return ""


def _the_one(own: wire.AuditLine, others: Sequence[wire.AuditLine]) -> str:
    at = read_moment(own.event_date)
    found = {
        other.entity_id
        for other in others
        if other.entity_id and other.author_id == own.author_id and _is_together(at, read_moment(other.event_date))
    }
    one = found.pop() if len(found) == 1 else ""
    return one if one and is_usable(one) else ""


def _is_together(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= TOGETHER
