"""People who work in SmartRecruiters."""

from __future__ import annotations

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.moment import read_moment
from landbridge.records import User


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
