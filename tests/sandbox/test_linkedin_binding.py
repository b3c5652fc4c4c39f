"""Binding an ATS user to a member: consent in the browser, the code, the token, the id; and introspection."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import pytest

from tests.sandbox.linkedin_caller import Caller, candidate

BACK = "https://rsc.example.org/bind"
PAGE = "/oauth/v2/authorization"


@pytest.fixture
def child(linkedin: Caller) -> dict[str, str]:
    """The ready child, with a place its members can be sent back to."""
    linkedin.sandbox.linkedin.state.child.callback_urls = [BACK]
    return dict(linkedin.sandbox.linkedin.credentials()["child"])


def asked(child: dict[str, str], **changes: str) -> str:
    """The address of the page; a change to nothing leaves the parameter out."""
    wanted = {
        "response_type": "code",
        "client_id": child["client_id"],
        "redirect_uri": BACK,
        "scope": "r_liteprofile",
        "state": "s p/&=1",
        **changes,
    }
    return f"{PAGE}?{urlencode({name: text for name, text in wanted.items() if text})}"


def sent_back(answer: httpx2.Response) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    location = answer.headers["location"]
    assert location.startswith(BACK)
    return dict(parse_qsl(urlsplit(location).query))


async def consent(linkedin: Caller, url: str, person: int = 0, /, **changes: str) -> httpx2.Response:
    human = linkedin.sandbox.linkedin.credentials()["people"][person]
    form = {"login": human["login"], "password": human["password"], "decision": "allow", **changes}
    return await linkedin.http.post(url, data=form)


async def exchange(linkedin: Caller, child: dict[str, str], code: str, **changes: str) -> httpx2.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": child["client_id"],
        "client_secret": child["client_secret"],
        "redirect_uri": BACK,
        **changes,
    }
    return await linkedin.http.post("/oauth/v2/accessToken", data={name: text for name, text in form.items() if text})


async def bind(linkedin: Caller, child: dict[str, str], person: int = 0) -> str:
    """A member's token."""
    code = sent_back(await consent(linkedin, asked(child), person))["code"]
    linkedin.http.cookies.clear()
    return str((await exchange(linkedin, child, code)).json()["access_token"])


async def introspect(linkedin: Caller, child: dict[str, str], token: str, /, **changes: str) -> httpx2.Response:
    form = {"client_id": child["client_id"], "client_secret": child["client_secret"], "token": token, **changes}
    return await linkedin.http.post("/oauth/v2/introspectToken", data=form)


async def test_member_is_bound_by_the_id_the_application_knows_them_by(linkedin: Caller, child: dict[str, str]) -> None:
    page = await linkedin.http.get(asked(child))
    assert page.status_code == 200
    assert "Sandbox ATS" in page.text
    back = sent_back(await consent(linkedin, asked(child), 1))
    assert back["state"] == "s p/&=1"
    answer = await exchange(linkedin, child, back["code"])
    assert {"expires_in": 5_184_000, "scope": "r_liteprofile"}.items() <= answer.json().items()
    linkedin.token = answer.json()["access_token"]
    me = (await linkedin.send("GET", "/v2/me", "fields=id")).json()
    expected = linkedin.sandbox.linkedin.credentials()["people"][1]["person"]
    assert me == {"id": expected.removeprefix("urn:li:person:")}
    assert not linkedin.broken_rules()


async def test_person_has_another_id_for_another_child(linkedin: Caller, child: dict[str, str]) -> None:
    other = linkedin.sandbox.linkedin.state.add_application("tenant-7")
    other.callback_urls = [BACK]
    ids = []
    for application in (child, {"client_id": other.client_id, "client_secret": other.client_secret}):
        linkedin.token = await bind(linkedin, application)
        ids.append((await linkedin.send("GET", "/v2/me", "fields=id")).json()["id"])
    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"client_id": "77nobody"}, 401),
        ({"redirect_uri": "https://rsc.example.org/bind/"}, 401),
        ({"redirect_uri": "https://elsewhere.example.org/bind"}, 401),
        ({"redirect_uri": f"{BACK}#x"}, 401),
        ({"redirect_uri": f"{BACK}?a=\r\nset-cookie: x"}, 401),
        ({"redirect_uri": ""}, 401),
        ({"scope": "r_everything"}, 401),
        ({"scope": ""}, 401),
        ({"response_type": "token"}, 400),
        ({"code_challenge": "x", "code_challenge_method": "S512"}, 400),
        ({"redirect_uri": f"{BACK}?tenant=7"}, 200),
        ({"state": ""}, 200),
        ({"state": '"><script>'}, 200),
    ],
)
async def test_page_tells_what_is_wrong_and_never_redirects(
    linkedin: Caller, child: dict[str, str], changes: dict[str, str], status: int
) -> None:
    answer = await linkedin.http.get(asked(child, **changes))
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert "<script" not in answer.text


async def test_query_of_the_redirect_address_is_kept(linkedin: Caller, child: dict[str, str]) -> None:
    back = sent_back(await consent(linkedin, asked(child, redirect_uri=f"{BACK}?tenant=7")))
    assert back.keys() == {"tenant", "code", "state"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"decision": "cancel", "password": ""}, "user_cancelled_login"),
        ({"decision": "cancel"}, "user_cancelled_authorize"),
    ],
)
async def test_refusal_goes_back_with_its_error_and_the_state(
    linkedin: Caller, child: dict[str, str], changes: dict[str, str], error: str
) -> None:
    back = sent_back(await consent(linkedin, asked(child), **changes))
    assert (back["error"], back["state"]) == (error, "s p/&=1")
    assert back["error_description"]
    assert "code" not in back


async def test_wrong_password_shows_the_page_again(linkedin: Caller, child: dict[str, str]) -> None:
    answer = await consent(linkedin, asked(child), login='"><b>x', password="guess")
    assert answer.status_code == 401
    assert "do not belong together" in answer.text
    assert "<b>x" not in answer.text


async def test_page_is_skipped_while_signed_in_and_the_token_lives(linkedin: Caller, child: dict[str, str]) -> None:
    back = sent_back(await consent(linkedin, asked(child)))
    assert (await linkedin.http.get(asked(child))).status_code == 200
    await exchange(linkedin, child, back["code"])
    assert sent_back(await linkedin.http.get(asked(child)))["code"] != back["code"]
    linkedin.advance(60 * 86_400)
    assert (await linkedin.http.get(asked(child))).status_code == 200


async def test_who_signed_in_elsewhere_allows_without_a_password(linkedin: Caller, child: dict[str, str]) -> None:
    people = linkedin.sandbox.linkedin.state.network.people
    await linkedin.http.post("/login", data={"login": people[1].login, "password": people[1].password})
    assert "You are signed in as" in (await linkedin.http.get(asked(child))).text
    foreign = await linkedin.http.post(
        asked(child), data={"decision": "allow"}, headers={"origin": "https://e.example"}
    )
    assert foreign.status_code == 403
    back = sent_back(await linkedin.http.post(asked(child), data={"decision": "allow"}))
    assert (await exchange(linkedin, child, back["code"])).status_code == 200
    refused = sent_back(await linkedin.http.post(asked(child), data={"decision": "cancel"}))
    assert refused["error"] == "user_cancelled_authorize"


async def test_somebody_else_signs_in_on_the_same_page(linkedin: Caller, child: dict[str, str]) -> None:
    await consent(linkedin, asked(child), 1)
    other = await linkedin.http.post(asked(child), data={"decision": "other"})
    assert (other.status_code, "Password" in other.text) == (200, True)
    assert (await linkedin.http.post(asked(child), data={"decision": "allow"})).status_code == 401
    back = sent_back(await consent(linkedin, asked(child), 2))
    linkedin.token = (await exchange(linkedin, child, back["code"])).json()["access_token"]
    me = (await linkedin.send("GET", "/v2/me", "fields=id")).json()["id"]
    assert linkedin.sandbox.linkedin.credentials()["people"][2]["person"].endswith(me)


async def test_code_works_once(linkedin: Caller, child: dict[str, str]) -> None:
    code = sent_back(await consent(linkedin, asked(child)))["code"]
    assert (await exchange(linkedin, child, code)).status_code == 200
    again = await exchange(linkedin, child, code)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_request")


@pytest.mark.parametrize(("seconds", "status"), [(1799, 200), (1800, 400)])
async def test_code_lives_thirty_minutes(linkedin: Caller, child: dict[str, str], seconds: float, status: int) -> None:
    code = sent_back(await consent(linkedin, asked(child)))["code"]
    linkedin.advance(seconds)
    assert (await exchange(linkedin, child, code)).status_code == status


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code": "AQTmadeup"}, 401, "invalid_request"),
        ({"code": ""}, 400, "invalid_request"),
        ({"client_id": ""}, 400, "invalid_request"),
        ({"client_secret": ""}, 400, "invalid_request"),
        ({"redirect_uri": ""}, 400, "invalid_request"),
        ({"redirect_uri": f"{BACK}?x=1"}, 400, "invalid_redirect_uri"),
        ({"client_secret": "wrong"}, 401, "invalid_client_id"),
        ({"client_id": "77nobody"}, 400, "invalid_client_id"),
        ({"grant_type": "refresh_token"}, 400, "invalid_request"),
    ],
)
async def test_bad_exchange_gets_its_documented_error(
    linkedin: Caller, child: dict[str, str], changes: dict[str, str], status: int, error: str
) -> None:
    code = sent_back(await consent(linkedin, asked(child)))["code"]
    answer = await exchange(linkedin, child, **{"code": code, **changes})
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_code_of_one_child_is_nothing_to_another(linkedin: Caller, child: dict[str, str]) -> None:
    other = linkedin.sandbox.linkedin.state.add_application("tenant-7")
    code = sent_back(await consent(linkedin, asked(child)))["code"]
    answer = await exchange(linkedin, child, code, client_id=other.client_id, client_secret=other.client_secret)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_redirect_uri")


S256 = base64.urlsafe_b64encode(hashlib.sha256(b"a-verifier").digest()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("challenge", "verifier", "status"),
    [
        ({"code_challenge": S256, "code_challenge_method": "S256"}, "a-verifier", 200),
        ({"code_challenge": S256, "code_challenge_method": "S256"}, "another", 400),
        ({"code_challenge": S256, "code_challenge_method": "S256"}, "", 400),
        ({"code_challenge": "a-verifier"}, "a-verifier", 200),
        ({"code_challenge": "a-verifier"}, "another", 400),
        ({}, "a-verifier", 200),
    ],
)
async def test_verifier_has_to_fit_the_challenge_where_one_was_sent(
    linkedin: Caller, child: dict[str, str], challenge: dict[str, str], verifier: str, status: int
) -> None:
    code = sent_back(await consent(linkedin, asked(child, **challenge)))["code"]
    assert (await exchange(linkedin, child, code, code_verifier=verifier)).status_code == status


async def test_each_token_is_good_for_its_own_calls_only(linkedin: Caller, child: dict[str, str]) -> None:
    assert (await linkedin.send("GET", "/v2/me", "fields=id")).status_code == 403
    linkedin.token = await bind(linkedin, child)
    assert (await linkedin.put_candidates({"C1": candidate()})).status_code == 403
    assert linkedin.broken_rules() == {"wrong_token"}


async def test_introspection_tells_the_life_of_a_token(linkedin: Caller, child: dict[str, str]) -> None:
    now = linkedin.sandbox.clock.ms() // 1000
    expected: dict[str, Any] = {
        "active": True,
        "status": "active",
        "client_id": child["client_id"],
        "created_at": now,
        "authorized_at": now,
        "expires_at": now + 1800,
        "auth_type": "2L",
    }
    assert (await introspect(linkedin, child, linkedin.token)).json() == expected
    member = (await introspect(linkedin, child, await bind(linkedin, child))).json()
    assert (member["auth_type"], member["scope"], member["expires_at"]) == ("3L", "r_liteprofile", now + 5_184_000)
    linkedin.advance(1800)
    assert (await introspect(linkedin, child, linkedin.token)).json()["status"] == "expired"


async def test_revoked_token_is_refused_and_said_to_be_revoked(linkedin: Caller, child: dict[str, str]) -> None:
    linkedin.sandbox.linkedin.tokens.forget(child["client_id"])
    answer = await linkedin.put_candidates({"C1": candidate()})
    assert (answer.status_code, answer.json()["serviceErrorCode"]) == (401, 65601)
    told = (await introspect(linkedin, child, linkedin.token)).json()
    assert (told["active"], told["status"]) == (False, "revoked")


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"client_id": "77nobody"}, 400), ({"client_secret": "wrong"}, 401), ({"token": "AQXmadeup"}, 400)],
)
async def test_bad_introspection_gets_its_documented_error(
    linkedin: Caller, child: dict[str, str], changes: dict[str, str], status: int
) -> None:
    assert (await introspect(linkedin, child, linkedin.token, **changes)).status_code == status


async def test_token_of_another_application_is_just_not_active(linkedin: Caller, child: dict[str, str]) -> None:
    parents = (await linkedin.fetch_token("parent")).json()["access_token"]
    answer = await introspect(linkedin, child, parents)
    assert (answer.status_code, answer.json()) == (200, {"active": False})


async def test_journal_keeps_no_code_state_or_password(linkedin: Caller, child: dict[str, str]) -> None:
    code = sent_back(await consent(linkedin, asked(child)))["code"]
    await exchange(linkedin, child, code)
    told = str(linkedin.sandbox.linkedin.journal.entries())
    password = linkedin.sandbox.linkedin.credentials()["people"][0]["password"]
    assert not [secret for secret in (code, "s p/&=1", "s+p%2F", password) if secret in told]


async def approve(linkedin: Caller, **wanted: bool) -> None:
    answer = await linkedin.http.post("/_sandbox/approvals", json=wanted)
    assert answer.status_code == 200, answer.text


async def refresh(linkedin: Caller, child: dict[str, str], refresh_token: str, **changes: str) -> httpx2.Response:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": child["client_id"],
        "client_secret": child["client_secret"],
        **changes,
    }
    return await linkedin.http.post("/oauth/v2/accessToken", data={name: text for name, text in form.items() if text})


async def test_approved_application_refreshes_until_a_year_after_the_consent(
    linkedin: Caller, child: dict[str, str]
) -> None:
    await approve(linkedin, refresh_tokens=True)
    first = (await exchange(linkedin, child, sent_back(await consent(linkedin, asked(child)))["code"])).json()
    assert first["refresh_token_expires_in"] == 365 * 86_400
    linkedin.advance(100 * 86_400)
    second = (await refresh(linkedin, child, first["refresh_token"])).json()
    assert (second["expires_in"], second["scope"]) == (5_184_000, "r_liteprofile")
    assert (second["refresh_token"], second["refresh_token_expires_in"]) == (first["refresh_token"], 265 * 86_400)
    linkedin.token = second["access_token"]
    assert (await linkedin.send("GET", "/v2/me", "fields=id")).status_code == 200
    linkedin.advance(265 * 86_400)
    late = await refresh(linkedin, child, first["refresh_token"])
    assert (late.status_code, late.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("approved", "changes", "status", "error"),
    [
        (False, {}, 401, "access_denied"),
        (True, {"refresh_token": "AQRunknown"}, 400, "invalid_request"),
        (True, {"refresh_token": ""}, 400, "invalid_request"),
        (True, {"client_secret": "wrong"}, 401, "invalid_client_id"),
    ],
)
async def test_bad_refresh_is_refused(
    linkedin: Caller, child: dict[str, str], approved: bool, changes: dict[str, str], status: int, error: str
) -> None:
    await approve(linkedin, refresh_tokens=True)
    told = (await exchange(linkedin, child, sent_back(await consent(linkedin, asked(child)))["code"])).json()
    await approve(linkedin, refresh_tokens=approved)
    answer = await refresh(linkedin, child, **{"refresh_token": told["refresh_token"], **changes})
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_refresh_token_of_one_child_is_nothing_to_another(linkedin: Caller, child: dict[str, str]) -> None:
    await approve(linkedin, refresh_tokens=True)
    told = (await exchange(linkedin, child, sent_back(await consent(linkedin, asked(child)))["code"])).json()
    other = linkedin.sandbox.linkedin.state.add_application("tenant-7")
    other.approvals.refresh_tokens = True
    theirs = {"client_id": other.client_id, "client_secret": other.client_secret}
    assert (await refresh(linkedin, theirs, told["refresh_token"])).status_code == 400


async def test_application_without_the_permission_gets_no_token_of_its_own(linkedin: Caller) -> None:
    await approve(linkedin, two_legged=False)
    answer = await linkedin.fetch_token()
    assert (answer.status_code, answer.json()["error"]) == (401, "access_denied")
    await approve(linkedin, two_legged=True)
    assert (await linkedin.fetch_token()).status_code == 200


@pytest.mark.parametrize("wanted", [{"client_id": "77nobody"}, {"two_legged": "yes"}, {"unheard_of": True}])
async def test_control_room_refuses_nonsense_approvals(linkedin: Caller, wanted: dict[str, Any]) -> None:
    assert (await linkedin.http.post("/_sandbox/approvals", json=wanted)).status_code == 400


async def test_asking_for_another_scope_invalidates_the_earlier_token(linkedin: Caller, child: dict[str, str]) -> None:
    first = await bind(linkedin, child)
    again = await bind(linkedin, child)
    assert (await introspect(linkedin, child, first)).json()["status"] == "active"
    code = sent_back(await consent(linkedin, asked(child, scope="openid profile")))["code"]
    assert (await exchange(linkedin, child, code)).status_code == 200
    for token in (first, again):
        assert (await introspect(linkedin, child, token)).json()["status"] == "revoked"


@pytest.mark.parametrize(
    ("scope", "claims"),
    [
        ("openid", {"sub"}),
        ("openid profile", {"sub", "name", "given_name", "family_name"}),
        ("openid email", {"sub", "email", "email_verified"}),
    ],
)
async def test_openid_tells_the_same_id_and_what_the_scopes_open(
    linkedin: Caller, child: dict[str, str], scope: str, claims: set[str]
) -> None:
    code = sent_back(await consent(linkedin, asked(child, scope=scope)))["code"]
    linkedin.token = (await exchange(linkedin, child, code)).json()["access_token"]
    told = (await linkedin.send("GET", "/v2/userinfo")).json()
    assert told.keys() == claims
    person = linkedin.sandbox.linkedin.credentials()["people"][0]["person"]
    assert told["sub"] == person.removeprefix("urn:li:person:")
    refused = await linkedin.send("GET", "/v2/me", "fields=id")
    assert (refused.status_code, refused.json()["serviceErrorCode"]) == (403, 100)


async def test_userinfo_needs_the_scope_of_openid(linkedin: Caller, child: dict[str, str]) -> None:
    linkedin.token = await bind(linkedin, child)
    assert (await linkedin.send("GET", "/v2/userinfo")).status_code == 403
