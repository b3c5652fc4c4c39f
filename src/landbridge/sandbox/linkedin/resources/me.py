"""``me`` and ``userinfo``: who the member behind a 3-legged token is, with an id only this application knows them by.

Sources: bind-customer-users; OpenID Connect, which replaced ``r_liteprofile`` for new applications.
"""

from __future__ import annotations

from typing import Final

from landbridge.sandbox.kernel import Answer, json_answer
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.members import PERSON
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import parameter
from landbridge.sandbox.worlds.network import Member


def get(call: Call) -> Answer:
    """``?fields=id`` is what binding takes; the names come without it."""
    member = _member(call, "r_liteprofile", "me")
    shown = {
        "id": _id(call, member),
        "localizedFirstName": member.first_name,
        "localizedLastName": member.last_name,
    }
    wanted = parameter(call.query, "fields")
    fields = shown.keys() if wanted is None else wanted.split(",")
    return json_answer(200, {name: text for name, text in shown.items() if name in fields})


def get_claims(call: Call) -> Answer:
    """What the scopes beside ``openid`` open."""
    member = _member(call, "openid", "userinfo")
    claims: dict[str, object] = {"sub": _id(call, member)}
    if "profile" in call.scope:
        given, family = member.first_name, member.last_name
        claims |= {"name": f"{given} {family}", "given_name": given, "family_name": family}
    if "email" in call.scope and member.emails:
        claims |= {"email": member.emails[0], "email_verified": True}
    return json_answer(200, claims)


def _member(call: Call, scope: str, path: str) -> Member:
    assert call.member is not None
    if scope not in call.scope:
        raise RefusalError(403, f"Not enough permissions to access: GET /{path}", service_code=100)
    return call.state.directory.members[call.member]


def _id(call: Call, member: Member) -> str:
    return call.application.persons.urn(member.number).removeprefix(PERSON)


V2: Final = Resource(name="me", generation="v2", path="me", methods={"get": get}, parent=None, member=True)
USERINFO: Final = Resource(
    name="userinfo", generation="v2", path="userinfo", methods={"get": get_claims}, parent=None, member=True
)
