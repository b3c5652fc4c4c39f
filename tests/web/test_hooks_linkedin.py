"""LinkedIn's pushes: checked, kept once, acknowledged; and the question whether the address is ours."""

from __future__ import annotations

import asyncio
import hashlib
import hmac

import httpx2
import pytest

from landbridge.store.connections import save_credentials
from landbridge.store.database import Database
from landbridge.store.inbox import waiting_events
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace
from landbridge.web.hooks.linkedin import PushReceiver
from tests.web.conftest import NOW, Clock
from tests.web.test_hooks_smartrecruiters import no_database

NEW, OLD = "new secret/+=", "older secret"
ADDRESS = "/linkedin/lb-acme-7f"
BODY = b'{"type":"INTEGRATION_STATUS_CHANGE","id":"req-1","expiresAt":1893456000000}'
CODE = "0b8e8a52-6d1f-4a6e-9a56-6c0b9b6f2a11"


@pytest.fixture
async def acme(database: Database, vault: Vault) -> int:
    async with database.transaction() as connection:
        number = await create_workspace(connection, slug="acme", name="Acme", foreign_id="lb-acme-7f", now=NOW)
        await save_credentials(
            connection, number, "linkedin", vault=vault, settings={},
            secrets={"client_secret": NEW, "older_client_secret": OLD},
        )  # fmt: skip
        return number


def sign(body: bytes, secret: str = NEW) -> str:
    return hmac.new(secret.encode(), b"hmacsha256=" + body, hashlib.sha256).hexdigest()


async def push(browser: httpx2.AsyncClient, body: bytes, signature: str, address: str = ADDRESS) -> int:
    headers = {"x-li-signature": signature, "content-type": "application/json"}
    return (await browser.post(address, content=body, headers=headers)).status_code


async def kept(database: Database, workspace: int) -> list[tuple[str, str, bytes]]:
    async with database.connection() as connection:
        found = await waiting_events(connection, workspace, NOW)
    return [(one.type, one.event_id, bytes(one.body)) for one in found]


@pytest.mark.parametrize("signature", [sign(BODY), "hmacsha256=" + sign(BODY), sign(BODY).upper(), sign(BODY, OLD)])
async def test_genuine_push_is_kept_as_it_came_and_its_work_asked_for(
    browser: httpx2.AsyncClient, database: Database, acme: int, signature: str
) -> None:
    assert await push(browser, BODY, signature) == 200
    assert await push(browser, BODY, signature) == 200
    event = ("INTEGRATION_STATUS_CHANGE", "INTEGRATION_STATUS_CHANGE:req-1", BODY)
    assert await kept(database, acme) == [event]
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT task_name FROM procrastinate_jobs WHERE lock = %s", [f"inbox:{acme}"])
        assert await cursor.fetchall() == [("work_inbox",)]


@pytest.mark.parametrize(
    "signature",
    ["", "nonsense", sign(BODY, "another secret"), sign(BODY + b" "), "sha256=" + sign(BODY), "0" * 64],
)
async def test_push_that_linkedin_did_not_sign_is_refused(
    browser: httpx2.AsyncClient, database: Database, acme: int, signature: str
) -> None:
    assert await push(browser, BODY, signature) == 401
    assert await kept(database, acme) == []


async def test_forged_pushes_are_refused_before_the_database_is_asked(
    browser: httpx2.AsyncClient, database: Database, acme: int
) -> None:
    assert await push(browser, BODY, sign(BODY)) == 200
    with no_database(database):
        for forged in ("", sign(BODY, "another secret"), sign(BODY + b" ")):
            assert await push(browser, BODY, forged) == 401
        for number in range(20):
            assert await push(browser, BODY, sign(BODY), f"/linkedin/lb-nobody-{number}") == 401


async def test_new_secret_and_new_workspace_are_known_without_a_restart(
    browser: httpx2.AsyncClient, database: Database, vault: Vault, acme: int
) -> None:
    assert await push(browser, BODY, sign(BODY)) == 200
    async with database.transaction() as connection:
        number = await create_workspace(connection, slug="globex", name="Globex", foreign_id="lb-globex", now=NOW)
        for workspace in (acme, number):
            await save_credentials(
                connection, workspace, "linkedin", vault=vault, settings={}, secrets={"client_secret": "newest"}
            )
    await asyncio.sleep(1.05)
    for address in (ADDRESS, "/linkedin/lb-globex"):
        assert await push(browser, BODY, sign(BODY, "newest"), address) == 200


async def test_address_of_nobody_answers_as_a_wrong_signature_does(browser: httpx2.AsyncClient, acme: int) -> None:
    assert await push(browser, BODY, sign(BODY), "/linkedin/lb-nobody") == 401
    assert (await browser.get("/linkedin/lb-nobody", params={"challengeCode": CODE})).status_code == 401


async def test_wish_for_jobs_has_no_id_and_is_another_one_some_minutes_later(
    browser: httpx2.AsyncClient, database: Database, acme: int, clock: Clock
) -> None:
    body = b'{"type":"RESYNC_JOBS","syncAllOpenJobs":true,"externalJobPostingIds":[]}'
    for minutes in (0, 0, 5):
        clock.advance(minutes=minutes)
        assert await push(browser, body, sign(body)) == 200
    assert [one[0] for one in await kept(database, acme)] == ["RESYNC_JOBS"] * 2


async def test_type_nobody_knows_is_kept_and_what_is_no_push_is_refused(
    browser: httpx2.AsyncClient, database: Database, acme: int
) -> None:
    strange, empty = b'{"type":"NEWS","requestId":7}', b"[]"
    assert await push(browser, strange, sign(strange)) == 200
    assert await push(browser, empty, sign(empty)) == 400
    assert await kept(database, acme) == [("NEWS", "NEWS:7", strange)]


async def test_body_beyond_any_push_is_not_read(browser: httpx2.AsyncClient, acme: int) -> None:
    large = b" " * 70_000
    assert await push(browser, large, sign(large)) == 413


async def test_challenge_is_answered_for_a_random_uuid_only(browser: httpx2.AsyncClient, acme: int) -> None:
    answer = await browser.get(ADDRESS, params={"challengeCode": CODE})
    response = hmac.new(NEW.encode(), CODE.encode(), hashlib.sha256).hexdigest()
    assert answer.json() == {"challengeCode": CODE, "challengeResponse": response}
    # Anything else would let whoever asks have a push of their own signed.
    for text in ("", BODY.decode(), "hmacsha256=" + BODY.decode(), CODE.replace("-4a", "-1a"), CODE + "x"):
        assert (await browser.get(ADDRESS, params={"challengeCode": text})).status_code == 401


PARTNER = "/linkedin/application"
WISH = b'{"developerApplicationUrn":"urn:li:developerApplication:77","type":"RESYNC_JOBS","syncAllOpenJobs":true}'


@pytest.fixture
async def made(database: Database, vault: Vault, acme: int) -> int:
    """The workspace with an application that was made for it in the partner's name."""
    async with database.transaction() as connection:
        await save_credentials(
            connection, acme, "linkedin", vault=vault, settings={"application": "urn:li:developerApplication:77"},
            secrets={"client_secret": NEW, "older_client_secret": OLD, "parent_client_secret": "partner's"},
        )  # fmt: skip
    return acme


@pytest.mark.parametrize("secret", [NEW, OLD, "partner's"])
async def test_push_to_the_partners_address_finds_the_workspace_it_names(
    browser: httpx2.AsyncClient, database: Database, made: int, secret: str
) -> None:
    assert await push(browser, WISH, sign(WISH, secret), PARTNER) == 200
    assert [one[0] for one in await kept(database, made)] == ["RESYNC_JOBS"]


async def test_push_to_the_partners_address_is_refused_where_it_names_nobody_or_is_not_signed(
    browser: httpx2.AsyncClient, database: Database, made: int
) -> None:
    for body in (WISH.replace(b":77", b":78"), BODY, b"[]", b'{"developerApplicationUrn":77,"type":"RESYNC_JOBS"}'):
        assert await push(browser, body, sign(body), PARTNER) == 401
    assert await push(browser, WISH, sign(WISH, "another secret"), PARTNER) == 401
    assert await push(browser, WISH, sign(WISH, "partner's")) == 401  # a workspace's own address has its own secrets
    assert await kept(database, made) == []


async def test_challenge_at_the_partners_address_is_answered_for_the_application_it_names(
    browser: httpx2.AsyncClient, made: int
) -> None:
    told = await browser.get(PARTNER, params={"challengeCode": CODE, "applicationId": "77"})
    expected = hmac.new(NEW.encode(), CODE.encode(), hashlib.sha256).hexdigest()
    assert (told.status_code, told.json()) == (200, {"challengeCode": CODE, "challengeResponse": expected})
    for number in ("78", ""):
        unknown = await browser.get(PARTNER, params={"challengeCode": CODE, "applicationId": number})
        assert unknown.status_code == 401


async def test_challenge_of_the_partners_own_application_has_the_partners_secret(
    database: Database, vault: Vault, clock: Clock
) -> None:
    address = PushReceiver(database, vault, clock, "partner's")
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(address), base_url="https://lb.example") as linkedin:
        told = await linkedin.get(PARTNER, params={"challengeCode": CODE})
    expected = hmac.new(b"partner's", CODE.encode(), hashlib.sha256).hexdigest()
    assert told.json() == {"challengeCode": CODE, "challengeResponse": expected}
