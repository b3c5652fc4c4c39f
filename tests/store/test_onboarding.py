"""Consents, contracts and hand-over links: what is kept, and what two people at once make of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from landbridge.store.consents import give_consent, load_consent, load_receipts, withdraw_consent
from landbridge.store.contracts import (
    begin_contract,
    hurry_looks,
    load_contract,
    load_contracts,
    may_send,
    move_contract,
    note_look,
    pause_contract,
    save_requested,
)
from landbridge.store.database import Connection, Database
from landbridge.store.handovers import load_handovers, make_handover, revoke_handovers, use_handover
from tests.store.conftest import NOW

CONTRACT, ORGANIZATION = "urn:li:contract:7", "urn:li:organization:5"


async def agree(connection: Connection, workspace: int, now: datetime = NOW, **other: Any) -> int:
    terms: dict[str, Any] = {
        "by": "ann", "text_version": "1", "text": "I recognize", "fields": ["job.title"], "choices": {"a": 1},
        "counts": {"jobs": 3},
    }  # fmt: skip
    return (await give_consent(connection, workspace, **{**terms, **other}, now=now)).id


async def request(connection: Connection, workspace: int, urn: str = CONTRACT) -> int:
    made = await save_requested(connection, workspace, urn=urn, organization_urn=ORGANIZATION, by="ann", now=NOW)
    return made.id


async def test_agreeing_twice_to_the_same_gives_one_receipt(database: Database, acme: int, globex: int) -> None:
    async with database.transaction() as connection:
        first = await agree(connection, acme)
        assert await agree(connection, acme, NOW + timedelta(hours=1), by="bob") == first
        found = await load_consent(connection, acme)
        assert found is not None
        assert (found.given_by, found.given_at, found.fields, found.counts) == ("ann", NOW, ["job.title"], {"jobs": 3})
        assert await load_consent(connection, globex) is None


async def test_agreeing_to_something_else_ends_the_older_receipt_and_keeps_it(database: Database, acme: int) -> None:
    later = NOW + timedelta(days=1)
    async with database.transaction() as connection:
        await agree(connection, acme)
        await agree(connection, acme, later, choices={"a": 2}, by="bob")
        newer, older = await load_receipts(connection, acme)
    assert (newer.living, newer.choices, older.choices) == (True, {"a": 2}, {"a": 1})
    assert (older.withdrawn_at, older.withdrawn_by) == (later, "bob")


async def test_sending_needs_consent_and_an_open_contract_once_the_console_has_led_the_way(
    database: Database, acme: int
) -> None:
    async with database.transaction() as connection:
        assert await may_send(connection, acme)  # set up by its operator, without the console
        await agree(connection, acme)
        assert await may_send(connection, acme)
        contract = await request(connection, acme)
        assert not await may_send(connection, acme)
        await move_contract(connection, acme, contract, "enabled", now=NOW)
        assert await may_send(connection, acme)
        await pause_contract(connection, acme, contract, paused=True, now=NOW)
        assert not await may_send(connection, acme)
        await pause_contract(connection, acme, contract, paused=False, now=NOW)
        await withdraw_consent(connection, acme, by="ann", now=NOW)
        assert not await may_send(connection, acme)


async def test_second_admin_goes_on_with_the_contract_being_added(database: Database, acme: int) -> None:
    async with database.transaction() as connection:
        first = await begin_contract(connection, acme, by="ann", now=NOW)
        second = await begin_contract(connection, acme, by="bob", now=NOW + timedelta(minutes=1))
        assert (second.id, second.added_by, second.urn) == (first.id, "ann", None)
        requested = await request(connection, acme)
        assert [(one.id, one.state, one.urn) for one in await load_contracts(connection, acme)] == [
            (requested, "requested", CONTRACT)
        ]


async def test_asking_again_for_an_enabled_contract_changes_nothing_and_an_ended_one_begins_anew(
    database: Database, acme: int
) -> None:
    async with database.transaction() as connection:
        contract = await request(connection, acme)
        await move_contract(connection, acme, contract, "enabled", now=NOW)
        assert await request(connection, acme) == contract
        found = await load_contract(connection, acme, contract)
        assert found is not None
        assert (found.state, found.enabled_at) == ("enabled", NOW)
        await move_contract(connection, acme, contract, "disconnected", now=NOW)
        await request(connection, acme)
        found = await load_contract(connection, acme, contract)
        assert found is not None
        assert (found.state, found.ended_at, found.look_at) == ("requested", None, NOW)


async def test_contract_moves_only_from_where_it_was_expected(database: Database, acme: int, globex: int) -> None:
    async with database.transaction() as connection:
        contract = await request(connection, acme)
        assert await move_contract(connection, acme, contract, "configuring", now=NOW, among=["requested"])
        assert not await move_contract(connection, acme, contract, "waiting", now=NOW, among=["requested"])
        assert not await move_contract(connection, acme, contract, "configuring", now=NOW)
        assert not await move_contract(connection, globex, contract, "enabled", now=NOW)
        assert await load_contract(connection, globex, contract) is None


async def test_looks_are_counted_and_hurried(database: Database, acme: int) -> None:
    later = NOW + timedelta(hours=1)
    async with database.transaction() as connection:
        contract = await request(connection, acme)
        await note_look(connection, acme, contract, again_at=later)
        found = await load_contract(connection, acme, contract)
        assert found is not None
        assert (found.looks, found.look_at) == (1, later)
        await hurry_looks(connection, acme, NOW)
        found = await load_contract(connection, acme, contract)
        assert found is not None
        assert (found.looks, found.look_at) == (0, NOW)


async def test_handover_link_leads_to_its_workspace_until_it_ends_or_is_taken_back(
    database: Database, acme: int, globex: int
) -> None:
    async with database.transaction() as connection:
        token = await make_handover(connection, acme, by="ann", now=NOW)
        other = await make_handover(connection, globex, by="bob", now=NOW)
        assert await use_handover(connection, token, NOW) == acme
        assert await use_handover(connection, token, NOW + timedelta(days=7)) is None
        assert await use_handover(connection, token + "x", NOW) is None
        assert await revoke_handovers(connection, acme, NOW) == 1
        assert await use_handover(connection, token, NOW) is None
        assert await use_handover(connection, other, NOW) == globex
        [kept] = await load_handovers(connection, acme)
        assert (kept.made_by, kept.used_at, kept.living(NOW)) == ("ann", NOW, False)
        row = await (await connection.execute("SELECT token_hash FROM handover LIMIT 1")).fetchone()
    assert row is not None
    assert token.encode() not in bytes(row[0])
