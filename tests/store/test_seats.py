"""Seats, users and who is whom: suggestions with their reason, conflicts, leavers, history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from landbridge.records import User
from landbridge.store.database import Connection, Database
from landbridge.store.seats import (
    SeatFound,
    count_seats,
    find_users,
    forget_unseen_users,
    link_seat,
    load_history,
    load_seats,
    save_seats,
    save_users,
    suggest_links,
    unlink_seat,
    weigh_links,
)
from tests.store.conftest import NOW

CONTRACT = "urn:li:contract:7"
LATER = NOW + timedelta(hours=1)


def seat(number: int, first: str, last: str, email: str | None = None) -> SeatFound:
    return SeatFound(urn=f"urn:li:seat:{number}", first_name=first, last_name=last, email=email)


def user(key: str, first: str, last: str, email: str | None = None, *, active: bool = True) -> User:
    return User(id=key, first_name=first, last_name=last, email=email, active=active)


SEATS = [
    seat(1, "Lena", "Brandt", "Lena@Example.org"),
    seat(2, "Rita", "Moss"),
    seat(3, "Jo", "Twin"),
    seat(4, "Nobody", "Here"),
]
USERS = [
    user("u1", "Lena", "Brandt-Moss", "lena@example.org"),
    user("u2", "Rita", "Moss", "rm@example.org"),
    user("u3", "Jo", "Twin", "jo1@example.org"),
    user("u4", "Jo", "Twin", "jo2@example.org"),
    user("u5", "Lena", "Brandt", "other@example.org"),
    user("u6", "Gone", "Person", active=False),
]


async def fill(connection: Connection, workspace: int) -> tuple[dict[str, int], dict[str, int]]:
    """Numbers of seats by last name and of users by key."""
    await save_users(connection, workspace, USERS, NOW)
    await save_seats(connection, workspace, CONTRACT, SEATS, NOW)
    seats, _ = await load_seats(connection, workspace)
    cursor = await connection.execute("SELECT key, id FROM ats_user WHERE workspace_id = %s", [workspace])
    return {one.last_name: one.id for one in seats}, dict(await cursor.fetchall())


async def test_suggestions_name_their_reason_and_are_certain_only_where_nobody_else_fits(
    database: Database, acme: int, globex: int
) -> None:
    async with database.transaction() as connection:
        seats, users = await fill(connection, acme)
        await fill(connection, globex)
        found = {(one.seat, one.user): (one.reason, one.certain) for one in await suggest_links(connection, acme)}
    assert found == {
        (seats["Brandt"], users["u1"]): ("same_email", True),  # an address counts for more than the name of u5
        (seats["Moss"], users["u2"]): ("same_name", True),
        (seats["Twin"], users["u3"]): ("same_name", False),
        (seats["Twin"], users["u4"]): ("same_name", False),
    }


async def test_page_gets_the_suggestions_of_its_seats_and_the_count_of_all_certain_ones(
    database: Database, acme: int, globex: int
) -> None:
    async with database.transaction() as connection:
        seats, _ = await fill(connection, acme)
        everything = await suggest_links(connection, acme)
        for chosen in ([seats["Moss"]], list(seats.values()), []):
            few = [one for one in everything if one.seat in chosen]
            assert await weigh_links(connection, acme, chosen) == (few, 2)
        assert await weigh_links(connection, globex, [seats["Moss"]]) == ([], 0)
        assert await load_seats(connection, globex) == ([], 0)


async def test_user_who_has_a_seat_of_the_contract_is_no_certain_match_for_another(
    database: Database, acme: int
) -> None:
    async with database.transaction() as connection:
        seats, users = await fill(connection, acme)
        await link_seat(connection, acme, seats["Here"], users["u2"], reason="chosen", by="ann", now=NOW)
        [found] = await suggest_links(connection, acme, [seats["Moss"]])
    assert (found.user, found.certain) == (users["u2"], False)


async def test_linking_again_ends_the_older_link_and_keeps_it_as_history(database: Database, acme: int) -> None:
    async with database.transaction() as connection:
        seats, users = await fill(connection, acme)
        twin = seats["Twin"]
        assert await link_seat(connection, acme, twin, users["u3"], reason="same_name", by="ann", now=NOW)
        assert await link_seat(connection, acme, twin, users["u3"], reason="chosen", by="bob", now=LATER)
        assert await link_seat(connection, acme, twin, users["u4"], reason="chosen", by="bob", now=LATER)
        newer, older = await load_history(connection, acme, twin)
        assert (newer.reason, newer.made_by, newer.ended_at) == ("chosen", "bob", None)
        assert (older.reason, older.made_by, older.ended_by, older.ended_at) == ("same_name", "ann", "bob", LATER)
        assert await unlink_seat(connection, acme, twin, by="ann", now=LATER)
        assert not await unlink_seat(connection, acme, twin, by="ann", now=LATER)


async def test_nobody_links_across_workspaces(database: Database, acme: int, globex: int) -> None:
    async with database.transaction() as connection:
        seats, users = await fill(connection, acme)
        others_seats, others_users = await fill(connection, globex)
        theirs = others_users["u1"]
        assert not await link_seat(connection, acme, seats["Moss"], theirs, reason="chosen", by="ann", now=NOW)
        mine = users["u1"]
        assert not await link_seat(connection, acme, others_seats["Moss"], mine, reason="chosen", by="ann", now=NOW)
        assert (await count_seats(connection, globex)).linked == 0


async def test_leavers_deactivated_users_and_shared_users_are_trouble(database: Database, acme: int) -> None:
    async with database.transaction() as connection:
        seats, users = await fill(connection, acme)
        for name, key in (("Brandt", "u1"), ("Moss", "u2"), ("Twin", "u3"), ("Here", "u3")):
            await link_seat(connection, acme, seats[name], users[key], reason="chosen", by="ann", now=NOW)
        await save_seats(connection, acme, CONTRACT, SEATS[1:], LATER)
        await save_users(connection, acme, [user("u2", "Rita", "Moss", active=False), USERS[2]], LATER)
        await forget_unseen_users(connection, acme, LATER, LATER)
        trouble, total = await load_seats(connection, acme, shown="trouble")
        counts = await count_seats(connection, acme)
    found = {one.last_name: (one.shared, one.left_at, one.user_active) for one in trouble}
    assert total == 4
    assert found == {
        "Brandt": (False, LATER, False),
        "Moss": (False, None, False),
        "Twin": (True, None, True),
        "Here": (True, None, True),
    }
    assert (counts.seats, counts.linked, counts.left, counts.shared, counts.deactivated) == (3, 3, 1, 2, 2)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("twin", ["u3", "u4"]),
        ("jo2@", ["u4"]),
        ("moss rita", ["u2"]),
        ("bran", ["u5", "u1"]),
        ("gone", []),
        ("100%", []),
        ("", ["u5", "u1", "u2", "u3", "u4"]),
    ],
)
async def test_users_are_found_by_any_part_of_name_or_address(
    database: Database, acme: int, text: str, keys: list[str]
) -> None:
    async with database.transaction() as connection:
        await fill(connection, acme)
        assert [one.key for one in await find_users(connection, acme, text)] == keys


async def test_pages_of_seats_are_cut_and_counted(database: Database, acme: int) -> None:
    async with database.transaction() as connection:
        await fill(connection, acme)
        page, total = await load_seats(connection, acme, limit=2, offset=2)
        assert ([one.last_name for one in page], total) == (["Moss", "Twin"], 4)
        page, total = await load_seats(connection, acme, named="oss")
        assert ([one.last_name for one in page], total) == (["Moss"], 1)
