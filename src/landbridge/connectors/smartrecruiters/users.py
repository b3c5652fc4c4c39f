"""People who work in SmartRecruiters."""

from __future__ import annotations

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.client import SmartRecruiters
from landbridge.connectors.smartrecruiters.identifier import is_usable
from landbridge.connectors.smartrecruiters.moment import read_moment
from landbridge.errors import NotPermittedError, RecordError, SignInRejectedError, SurpriseError
from landbridge.records import User

# So many colleagues are kept in memory; those of a company who write are few.
MOST_KNOWN = 10_000


def translate_user(user: wire.User) -> User:
    """Pure. A user of whom nothing is said is taken for active."""
    role = user.system_role
    return User(
        id=user.id,
        first_name=(user.first_name or "").strip(),
        last_name=(user.last_name or "").strip(),
        email=(user.email or "").strip() or None,
        role=(role and (role.name or role.id)) or user.role,
        active=user.active is not False,
        updated_at=read_moment(user.updated_on),
    )


class Colleagues:
    """Those who wrote reviews and notes, each read once. A name is not worth losing what they wrote for."""

    def __init__(self, account: SmartRecruiters) -> None:
        self._account = account
        self._known: dict[str, User | None] = {}

    async def find(self, user_id: str | None) -> User | None:
        if not user_id or not is_usable(user_id):
            return None
        if user_id not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[user_id] = await self._read(user_id)
        return self._known[user_id]

    async def _read(self, user_id: str) -> User | None:
        try:
            return translate_user(await self._account.user(user_id))
        except (RecordError, NotPermittedError, SignInRejectedError, SurpriseError):
            return None
