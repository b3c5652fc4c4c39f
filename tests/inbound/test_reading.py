"""What recruiters do arrives after a seat is linked, what they did before as well."""

from __future__ import annotations

from datetime import timedelta

from landbridge.jobs.tick import look_after
from landbridge.sandbox import Sandbox
from landbridge.store.contracts import load_contracts, pause_contract
from landbridge.store.streams import is_behind, load_open
from landbridge.store.workspaces import load_workspace
from tests.inbound.rig import Recruiting


async def bodies(company: Recruiting, kind: str) -> set[str]:
    column = "text" if kind == "note" else "body"
    rows = await company.rows(
        f"SELECT body->>'{column}' FROM arrival WHERE workspace_id = %s AND kind = %s", company.workspace, kind
    )
    return {text for (text,) in rows}


async def test_a_linked_seat_brings_its_past_and_its_present(company: Recruiting, sandbox: Sandbox) -> None:
    inmails, notes = company.talent.inmails, company.talent.notes
    before = inmails.send(company.seat.urn, company.stranger, "A role", "Written before")
    notes.write(company.seat.urn, before.member, "Noted before")
    company.clock.advance(timedelta(days=2))
    await company.link(company.seat)
    inmails.reply(before.urn, "Written after", share_contact=True)
    notes.write(company.seat.urn, before.member, "Noted after")
    company.clock.advance(timedelta(minutes=2))
    await company.read()

    assert {"Written before", "Written after"} <= await bodies(company, "inmail")
    assert {"Noted before", "Noted after"} <= await bodies(company, "note")
    contacts = await company.rows("SELECT person_urn FROM arrival WHERE kind = 'contact'")
    assert (company.person(before.member),) in contacts
    assert not sandbox.linkedin.journal.violations()


async def test_nobody_linked_means_no_inmails_and_no_contacts(company: Recruiting) -> None:
    company.talent.inmails.send(company.seat.urn, company.stranger, "A role", "Nobody is to read this")
    company.clock.advance(timedelta(minutes=2))
    await company.read()
    kinds = {kind for (kind,) in await company.rows("SELECT DISTINCT kind FROM stream WHERE wanted")}
    assert kinds == {"notes", "closed"}


async def test_a_seat_that_joins_has_the_history_of_its_contacts_read(company: Recruiting) -> None:
    await company.link(company.seat)
    thread = company.talent.inmails.send(company.colleague.urn, company.stranger, "A role", "Would you?")
    company.talent.inmails.reply(thread.urn, "Yes", share_contact=True)
    company.clock.advance(timedelta(days=1))
    await company.read()
    contact = ("contact", company.person(thread.member))
    assert contact not in await company.arrivals("kind, person_urn")
    await company.link(company.colleague, 1)
    await company.read()
    assert contact in await company.arrivals("kind, person_urn")


async def test_the_tick_asks_for_reading_when_a_seat_is_linked_or_a_contract_pauses(company: Recruiting) -> None:
    async def asked() -> bool:
        found = await company.rows("DELETE FROM procrastinate_jobs WHERE task_name = 'read_streams' RETURNING id")
        return bool(found)

    async def tick() -> None:
        async with company.works.database.connection() as connection:
            workspace = await load_workspace(connection, company.workspace)
        await look_after(company.works, workspace)

    await company.read()
    await tick()
    assert not await asked()
    await company.link(company.seat)
    await tick()
    assert await asked()
    await company.read()
    async with company.works.database.transaction() as connection:
        assert not await is_behind(connection, company.workspace, now=company.now())
        (contract,) = await load_contracts(connection, company.workspace)
        await pause_contract(connection, company.workspace, contract.id, paused=True, now=company.now())
        assert not (await load_open(connection, company.workspace)).contracts
        assert await is_behind(connection, company.workspace, now=company.now())
