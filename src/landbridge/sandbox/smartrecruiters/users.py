"""``user-api``: the people who work in SmartRecruiters."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, ok, present
from landbridge.sandbox.smartrecruiters.paging import instant_of, is_after, limit_of, next_link, page_id, place_in
from landbridge.sandbox.smartrecruiters.payload import body_of
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.company import SYSTEM_ROLES, User
from landbridge.sandbox.worlds.moment import iso

DEFAULT_LIMIT = 100
SHORTEST_SEARCH = 3


def list_users(state: State, call: Call) -> Answer:
    limit = limit_of(call, DEFAULT_LIMIT)
    page = call.value("pageId")
    first = int(place_in("users", page)) if page else 0
    found = _matching(state, call)
    rows = found[first : first + limit]
    body: dict[str, Any] = {"limit": limit, "content": [user_row(user) for user in rows]}
    call.records = len(rows)
    if first + limit >= len(found):
        return ok(body)
    body["nextPageId"] = page_id("users", str(first + limit))
    answer = ok(body)
    answer.headers = next_link(call, body["nextPageId"])
    return answer


def _matching(state: State, call: Call) -> list[User]:
    words, updated = (call.value("q") or "").lower(), instant_of(call, "updatedAfter")
    if words and len(words) < SHORTEST_SEARCH:
        raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, "q needs at least 3 characters")
    found = state.world.users
    if words:
        found = [user for user in found if words in f"{user.first_name} {user.last_name} {user.email or ''}".lower()]
    if updated is not None:
        found = [user for user in found if is_after(user.updated, updated)]
    return found


def read_me(state: State, call: Call) -> Answer:
    """Both credentials belong to the administrator, who is the first user."""
    call.records = 1
    return ok(user_row(state.world.users[0]))


def read_user(state: State, call: Call) -> Answer:
    user = _find(state, call.arguments[0])
    call.records = 1
    return ok(user_row(user))


def _find(state: State, user_id: str) -> User:
    user = state.users_by_id.get(user_id)
    if user is None:
        raise RefusalError(404, "USER_NOT_FOUND", "there is no such user")
    return user


def switch(state: State, call: Call) -> Answer:
    """``PUT`` activates a user, ``DELETE`` deactivates one; sign-ins of the pages follow."""
    user = _find(state, call.arguments[0])
    active = call.method == "PUT"
    if user.active != active:
        user.active, user.updated = active, state.clock.ms()
        state.changed()
        if not active:
            state.noted("USER_ACCOUNT_DEACTIVATED", state.administrator, ("USER", user.id))
    return Answer(status=choices.STATUS_OF_EMPTY_ANSWERS)


class UserIds(msgspec.Struct):
    """The body of ``POST /access-groups/{id}/users``."""

    ids: Annotated[list[str], msgspec.Meta(min_length=1, max_length=5000)]


def list_access_groups(state: State, call: Call) -> Answer:
    rows = [{"id": group_id, "name": name} for group_id, name in state.access_groups.items()]
    call.records = len(rows)
    return ok({"totalFound": len(rows), "content": rows})


def add_to_group(state: State, call: Call) -> Answer:
    group, wish = _group(state, call), body_of(call, UserIds)
    if not state.users_by_id.keys() >= set(wish.ids):
        raise RefusalError(404, "USER_NOT_FOUND", "there is no such user")
    state.group_members[group] = state.group_members.get(group, frozenset()) | set(wish.ids)
    state.changed()
    return Answer(status=choices.STATUS_OF_EMPTY_ANSWERS)


def take_from_group(state: State, call: Call) -> Answer:
    group, user = _group(state, call), _find(state, call.arguments[1])
    state.group_members[group] = state.group_members.get(group, frozenset()) - {user.id}
    state.changed()
    return Answer(status=choices.STATUS_OF_EMPTY_ANSWERS)


def _group(state: State, call: Call) -> str:
    if call.arguments[0] not in state.access_groups:
        raise RefusalError(*choices.ACCESS_GROUP_UNKNOWN, "there is no such access group")
    return call.arguments[0]


def list_roles(_: State, call: Call) -> Answer:
    call.records = len(SYSTEM_ROLES)
    return ok({"content": [_role(role) for role in SYSTEM_ROLES]})


def _role(role: str) -> dict[str, str]:
    return {"id": role, "name": role.capitalize()}


def user_row(user: User) -> dict[str, object]:
    row = present(
        {
            "id": user.id,
            "email": user.email,
            "firstName": user.first_name,
            "lastName": user.last_name,
            "systemRole": _role(user.role),
            "active": user.active,
            "updatedOn": iso(user.updated),
            "language": {"code": user.language},
        }
    )
    return {**row, "externalData": None, "ssoIdentifier": None, "ssoLoginMode": None}
