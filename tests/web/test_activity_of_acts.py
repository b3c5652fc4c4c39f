"""Everything that somebody does is in the activity: each route that takes a form is walked, and leaves its line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import landbridge.web
from landbridge.sandbox.linkedin.older import OlderCustomer, make_older_customer
from landbridge.store.memberships import Role
from landbridge.store.project import configure
from landbridge.store.seats import load_seats
from tests.conftest import settings_for
from tests.web.onboarding import ORIGIN, TOKEN, Onboarding
from tests.web.people import acts_of, join

# The routes are known once Django is configured; nothing is asked of this database.
configure(settings_for("postgresql://localhost/none"), "postgresql://localhost/none", secret_key="k" * 60)

from django.urls import reverse  # noqa: E402 - needs Django's settings

from landbridge.web.console.access import Access, Who, routes  # noqa: E402 - as above
from landbridge.web.console.account.wording import ACTS  # noqa: E402 - as above
from landbridge.web.urls import urlpatterns  # noqa: E402 - as above

# Forms that decide nothing, and why. Signing in and second factors leave their lines by signals of allauth.
DECIDE_NOTHING = {
    "ats-check": "tries what is saved",
    "consent-look": "shows what choices would mean",
    "contract-reload": "asks LinkedIn",
    "connect-users-refresh": "reads seats and users",
    "sync-compare": "compares both sides",
    "events-test": "sends an event that says it is a test",
    "sign-out": "ends one's own session",
    "account": "the reader's own zone and name",
    "sso": "leads to the issuer",
    "join-sso": "leads to the issuer",
}
ELSEWHERE = {
    # test_sign_in, test_account, test_single_sign_on, test_join
    "account_login", "mfa_authenticate", "mfa_login_webauthn", "account_reauthenticate", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes",
    "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn", "sign-in", "password", "welcome", "join",
    "events-save", "events-rotate",  # want an ATS that answers
    "sso-link", "end-session", "end-other-sessions", "close-account", "open-account",
}  # fmt: skip

At = dict[str, object]


def unsafe() -> set[str]:
    """The names of all routes that take forms of people."""
    found = set()
    for _, pattern in routes(urlpatterns):
        access = getattr(pattern.callback, "access", None)
        if isinstance(access, Access) and access.changes not in {None, Who.MACHINE}:
            found.add(str(pattern.name))
    return found


class Walk:
    """Does one thing after the other, and remembers what each left in the activity."""

    def __init__(self, onboarding: Onboarding) -> None:
        self.onboarding = onboarding
        self.done: set[str] = set()

    async def do(self, route: str, page: str, act: str, at: At | None = None, /, **fields: str) -> str:
        """Send the form of ``page``, a path below the workspace or a whole one; what was answered."""
        client = self.onboarding.client
        inside = self.is_inside(route)
        where = {**({"workspace": "acme"} if inside else {}), **(at or {})}
        before = len(await acts_of(self.onboarding.database))
        shown = await client.get(page if page.startswith("/") else f"/w/acme/{page}")
        token = TOKEN.search(shown.text)
        assert token, (route, shown.status_code)
        answer = await client.post(
            reverse(route, kwargs=where),
            data={"csrfmiddlewaretoken": token[1], **fields},
            headers={"origin": ORIGIN},
        )
        assert answer.status_code in {200, 302}, (route, answer.status_code, answer.text[:1500])
        new = [code for _, code, _, _ in (await acts_of(self.onboarding.database))[before:]]
        assert new == [act], f"{route} left {new}, not {act}"
        self.done.add(route)
        return answer.text

    def is_inside(self, route: str) -> bool:
        return any(pattern.name == route and whole.startswith("w/") for whole, pattern in routes(urlpatterns))


async def test_every_form_leaves_its_line_in_the_activity(onboarding: Onboarding) -> None:
    walk = Walk(onboarding)
    await connect(walk)
    await add_and_end_a_contract(walk)
    await give_seats_and_roles(walk)
    await open_and_close(walk)
    await take_over_and_push(walk)
    # The desk and the panel have walks of their own.
    missing = {name for name in unsafe() if not name.startswith(("desk-", "panel-"))}
    missing -= walk.done | DECIDE_NOTHING.keys() | ELSEWHERE
    assert not missing, f"walk these here, or say why they leave no line: {sorted(missing)}"


async def connect(walk: Walk) -> None:
    key = walk.onboarding.sandbox.smartrecruiters.credentials()["api_key"]
    await walk.do("workspace-new", "/workspaces", "workspace.made", name="Another")
    await walk.do("ats-save", "ats", "ats.connected", way="api_key", api_key=key)
    await walk.do("consent-give", "consent", "consent.given", availability="PRIVATE", history="0", agreed="on")
    ready = walk.onboarding.sandbox.linkedin.credentials()["parent"]
    keys = {name: ready[name] for name in ("client_id", "client_secret")}
    await walk.do("contract-keys", "contracts", "linkedin.keys_saved", kind="parent", **keys)


async def add_and_end_a_contract(walk: Walk) -> None:
    onboarding = walk.onboarding
    await walk.do("contract-add", "contracts", "contract.begun")
    await walk.do("contract-refused", "contracts/window", "contract.refused", code="linkedin_lite")
    await walk.do("contract-give-up", "contracts", "contract.given_up")
    number, organization = onboarding.request()
    typed = {"contract": number, "organization": organization}
    await walk.do("contract-finish", "contracts/window", "contract.added", **typed)
    one: At = {"number": (await onboarding.the_contract()).id}
    page = f"contracts/{one['number']}"
    onboarding.switch_on()
    await onboarding.ask_linkedin(await onboarding.the_contract())
    await walk.do("contract-name", page, "contract.named", one, name="Europe")
    await walk.do("contract-pause", page, "contract.paused", one, paused="yes")
    await walk.do("contract-pause", page, "contract.resumed", one, paused="no")
    await walk.do("contract-disconnect", page, "contract.disconnected", one)
    urns = f"urn:li:organization:{organization}", f"urn:li:contract:{number}"
    told = json.dumps([{"integrationContext": urn} for urn in urns])
    await walk.do("contract-told", "contracts/window", "contract.added", requested=told)
    await walk.do("contract-disconnect", page, "contract.disconnected", one)
    await walk.do("contract-reconnect", page, "contract.reconnected", one)
    await hand_over(walk, page, one, typed, told)


async def hand_over(walk: Walk, page: str, one: At, typed: dict[str, str], told: str) -> None:
    """Whoever has the link is in the activity too, though without an account."""
    link = await walk.do("contract-hand-over", "contracts", "handover.made")
    token = re.search(r"/handover/([\w-]+)", link)
    assert token
    guest: At = {"token": token[1]}
    window = f"/handover/{token[1]}"
    await walk.do("contract-disconnect", page, "contract.disconnected", one)
    await walk.do("handover-start", window, "handover.begun", guest)
    await walk.do("handover-refused", window, "contract.refused", guest, code="linkedin_not_admin")
    await walk.do("handover-told", window, "contract.added", guest, requested=told)
    await walk.do("contract-disconnect", page, "contract.disconnected", one)
    await walk.do("handover-finish", window, "contract.added", guest, **typed)
    assert (await acts_of(walk.onboarding.database))[-1][0] == "hand-over link"
    await walk.do("contract-hand-over-revoke", "contracts", "handover.revoked")


async def give_seats_and_roles(walk: Walk) -> None:
    onboarding = walk.onboarding
    await onboarding.ask_linkedin(await onboarding.the_contract())
    await onboarding.send("connect-users/refresh", "connect-users")
    await walk.do("connect-users-accept", "connect-users", "seats.accepted")
    async with onboarding.database.connection() as connection:
        seats, _ = await load_seats(connection, 1)
        linked = next(seat for seat in seats if seat.user)
    at: At = {"seat": linked.id}
    page = f"connect-users/{linked.id}"
    await walk.do("connect-user-unlink", page, "seat.unlinked", at)
    await walk.do("connect-user-link", page, "seat.linked", at, user=str(linked.user))
    shown = await walk.do("invite", "people", "invitation.made", label="Bo", role="viewer")
    assert "/join/" in shown
    async with onboarding.database.connection() as connection:
        found = await (await connection.execute("SELECT max(id) FROM invitation")).fetchone()
        assert found is not None
        cursor = await connection.execute(
            """INSERT INTO auth_user (username, password, first_name, last_name, email, is_superuser, is_staff,
                                      is_active, date_joined)
               VALUES ('cy', '!', '', '', '', false, false, true, now()) RETURNING id"""
        )
        person = await cursor.fetchone()
        assert person is not None
        await join(connection, 1, person[0], Role.VIEWER, onboarding.clock.now)
    await walk.do("withdraw-invitation", "people", "invitation.withdrawn", {"number": found[0]})
    await walk.do("set-role", "people", "role.changed", {"number": person[0]}, role="admin")
    await walk.do("remove-member", "people", "member.removed", {"number": person[0]})


async def open_and_close(walk: Walk) -> None:
    onboarding = walk.onboarding
    await walk.do("make-token", "api-access", "token.made", label="script", scopes="read")
    async with onboarding.database.connection() as connection:
        found = await (await connection.execute("SELECT max(id) FROM api_token")).fetchone()
    assert found is not None
    await walk.do("revoke-token", "api-access", "token.revoked", {"number": found[0]})
    await walk.do("sync-start", "sync", "sync.started")
    await walk.do("sync-pause", "sync", "sync.paused")
    await walk.do("consent-withdraw", "consent", "consent.withdrawn")


async def take_over_and_push(walk: Walk) -> None:
    """In a workspace of their own: one that pushes, with keys of the older integration."""
    older = make_older_customer(walk.onboarding.sandbox.linkedin.state, OlderCustomer(foreign_id="older"))
    another: At = {"workspace": "another"}
    contract = next(context for context, _, _ in older.integrations).rpartition(":")[2]
    # The contract is free again once the first workspace has disconnected it.
    one: At = {"number": (await walk.onboarding.the_contract()).id}
    await walk.do("contract-disconnect", f"contracts/{one['number']}", "contract.disconnected", one)
    keys = {"client_id": older.client_id, "client_secret": older.client_secret, "contracts": contract}
    await walk.do("move-take-over", "/w/another/move", "contracts.taken_over", another, **keys)
    await walk.do("take-pushes", "/w/another/api-access", "pushes.opened", another)


NOTED = re.compile(r'(?:\bnote\(|\bact=)\s*"([a-z_.]+)"')


def test_every_act_has_words() -> None:
    found = {
        code for file in Path(landbridge.web.__file__).parent.rglob("*.py") for code in NOTED.findall(file.read_text())
    }
    assert len(found) > 30
    assert found - ACTS.keys() == set()


@pytest.mark.parametrize("name", sorted(DECIDE_NOTHING.keys() | ELSEWHERE))
def test_exceptions_are_routes_that_there_are(name: str) -> None:
    assert name in unsafe()
