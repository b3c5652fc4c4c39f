"""People & access: roles count at once, a workspace keeps an owner, and everything sensitive is noted."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from landbridge.store.database import Database
from landbridge.store.memberships import Role
from tests.web.conftest import Clock
from tests.web.people import PASSWORD, Console, acts_of, number_of, post, token_in, words

PAGE = "/w/acme/people"


async def test_changed_role_counts_on_the_next_request(console: Console, workspace: int, database: Database) -> None:
    owner = await console.member("olga", workspace, Role.OWNER)
    grace = await console.member("grace", workspace, Role.OWNER)
    assert "Invite somebody" in words(await grace.get(PAGE))
    number = await number_of(database, "grace")
    assert (await post(owner, f"{PAGE}/{number}/role", page=PAGE, role="viewer")).status_code == 302
    assert "Invite somebody" not in words(await grace.get(PAGE))
    assert ("olga", "role.changed", "grace") in {line[:3] for line in await acts_of(database)}


async def test_removed_member_is_out_at_once(console: Console, workspace: int, database: Database) -> None:
    owner = await console.member("olga", workspace, Role.OWNER)
    grace = await console.member("grace", workspace, Role.ADMIN)
    await post(owner, f"{PAGE}/{await number_of(database, 'grace')}/remove", page=PAGE)
    assert (await grace.get("/w/acme/")).status_code == 404
    assert (await grace.get("/workspaces")).status_code == 200


@pytest.mark.parametrize("act", ["role", "remove"])
async def test_last_owner_stays_owner(console: Console, workspace: int, database: Database, act: str) -> None:
    owner = await console.member("olga", workspace, Role.OWNER)
    await post(owner, f"{PAGE}/{await number_of(database, 'olga')}/{act}", page=PAGE, role="viewer")
    assert "without an owner" in words(await owner.get(PAGE))
    assert "Invite somebody" in words(await owner.get(PAGE))


async def test_two_owners_who_demote_each_other_at_once_leave_one(
    console: Console, workspace: int, database: Database
) -> None:
    browsers = {name: await console.member(name, workspace, Role.OWNER) for name in ("olga", "otto")}
    tokens = {name: token_in(await browser.get(PAGE)) for name, browser in browsers.items()}
    numbers = {name: await number_of(database, name) for name in browsers}
    await asyncio.gather(*(
        browsers[one].post(
            f"{PAGE}/{numbers[other]}/role",
            data={"role": "viewer", "csrfmiddlewaretoken": tokens[one]},
        )
        for one, other in (("olga", "otto"), ("otto", "olga"))
    ))  # fmt: skip
    async with database.connection() as connection:
        rows = await (await connection.execute("SELECT role FROM membership ORDER BY role")).fetchall()
    assert "owner" in {row[0] for row in rows}


async def test_member_of_another_workspace_cannot_be_reached_by_number(
    console: Console, workspace: int, database: Database
) -> None:
    owner = await console.member("olga", workspace, Role.OWNER)
    stranger = await console.person("stranger")
    assert (await post(owner, f"{PAGE}/{stranger}/role", page=PAGE, role="owner")).status_code == 404


@pytest.mark.parametrize("role", ["operator", "", "OWNER"])
async def test_roles_nobody_offered_are_refused(
    console: Console, workspace: int, database: Database, role: str
) -> None:
    owner = await console.member("olga", workspace, Role.OWNER)
    await console.member("grace", workspace, Role.VIEWER)
    await post(owner, f"{PAGE}/{await number_of(database, 'grace')}/role", page=PAGE, role=role)
    assert "Choose one of the roles" in words(await owner.get(PAGE))


async def test_sensitive_acts_ask_again_who_it_is_after_a_while(
    console: Console, workspace: int, database: Database, clock: Clock
) -> None:
    owner = await console.member("olga", workspace, Role.OWNER, password=PASSWORD)
    clock.advance(minutes=16)
    answer = await post(owner, f"{PAGE}/invite", page=PAGE, label="Grace", role="viewer")
    assert answer.headers["location"] == f"/account/confirm?next={PAGE}"
    confirm = (await owner.get(answer.headers["location"])).headers["location"]
    assert confirm == f"/account/confirm/password?next={PAGE}"
    assert "Incorrect password" in words(await post(owner, confirm, password="not it"))
    assert (await post(owner, confirm, password=PASSWORD)).headers["location"] == PAGE
    assert "/join/" in (await post(owner, f"{PAGE}/invite", page=PAGE, label="Grace", role="viewer")).text


async def test_operator_closes_an_account_and_its_browser_is_out(console: Console, workspace: int) -> None:
    grace = await console.member("grace", workspace, Role.OWNER)
    operator = await console.signed_in(await console.person("root", runs=True))
    number = await number_of(console.database, "grace")
    await post(operator, f"/accounts/{number}/close", page="/accounts")
    assert (await grace.get("/w/acme/")).status_code == 302
    await post(operator, f"/accounts/{number}/open", page="/accounts")
    assert (await grace.get("/w/acme/")).status_code == 302  # open again, but signed out
    assert "grace" in words(await operator.get("/accounts"))


async def test_operator_cannot_close_themselves(console: Console) -> None:
    number = await console.person("root", runs=True)
    operator = await console.signed_in(number)
    await post(operator, f"/accounts/{number}/close", page="/accounts")
    assert "cannot close your own account" in words(await operator.get("/accounts"))


async def test_activity_names_who_did_what_and_when_in_the_readers_zone(console: Console, workspace: int) -> None:
    owner = await console.member("olga", workspace, Role.OWNER)
    await post(owner, f"{PAGE}/invite", page=PAGE, label="Grace <b>", role="viewer")
    owner.cookies.set("landbridge-zone", "Asia/Tokyo", domain="localhost.local")
    page = words(await owner.get("/w/acme/activity"))
    assert "4 Mar, 21:00:00 JST olga invited Grace <b> role: Viewer" in page
    assert "Nothing has happened yet" not in page


async def test_activity_shows_fifty_at_a_time_and_one_person_alone(
    console: Console, workspace: int, database: Database, clock: Clock
) -> None:
    from landbridge.store.audit import note_act

    owner = await console.member("olga", workspace, Role.OWNER)
    async with database.transaction() as connection:
        for place in range(60):
            who = "ada" if place % 2 else "eve"
            await note_act(connection, at=clock.now, act="x", who=who, workspace=workspace, subject=f"s{place}")
    first = await owner.get("/w/acme/activity")
    assert first.text.count("<tr>") == 51
    older = first.text.split('href="?before=')[1].split('"')[0]
    assert (await owner.get(f"/w/acme/activity?before={older}")).text.count("<tr>") == 11
    assert (await owner.get("/w/acme/activity?who=ada")).text.count("<tr>") == 31


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET who = 'x'", "DELETE FROM audit_event"])
async def test_lines_of_the_activity_can_neither_be_changed_nor_deleted(
    console: Console, database: Database, statement: str
) -> None:
    await console.signed_in(await console.person("root", runs=True))
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only ever added"):
        async with database.connection() as connection:
            await connection.execute(statement.encode())
