"""Workspaces, their connections and integrations: saved, loaded, and kept apart."""

from __future__ import annotations

from datetime import timedelta

import pytest

from landbridge.errors import SettingError, SignInRejectedError
from landbridge.store.connections import (
    load_credentials,
    load_system_states,
    mark_ok,
    mark_problem,
    save_credentials,
)
from landbridge.store.database import Database
from landbridge.store.integrations import Integration, delete_integrations, load_integrations, save_integrations
from landbridge.store.reconciliations import load_newest_reconciliation, save_reconciliation
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import (
    create_workspace,
    delete_workspace,
    find_workspace,
    load_workspace,
    load_workspaces,
    pause_workspace,
    save_choices,
    save_organization,
)
from tests.store.conftest import NOW, fill, rows_of, tables_with_a_workspace

ORGANIZATION = "urn:li:organization:5"


async def test_workspace_comes_back_as_it_was_made(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        await save_organization(connection, acme, ORGANIZATION)
        await save_choices(connection, acme, {"exclude_confidential": True})
        await pause_workspace(connection, acme, paused=True)
        found = await load_workspace(connection, acme)
        assert found == await find_workspace(connection, "acme")
    assert (found.name, found.foreign_id, found.created_at) == ("Acme", "lb-acme", NOW)
    assert found.choices == {"exclude_confidential": True}
    assert found.organization_urn == ORGANIZATION
    assert found.paused


async def test_name_can_be_taken_once_only(database: Database, acme: int) -> None:
    with pytest.raises(SettingError, match="There is a workspace acme already"):
        async with database.transaction() as connection:
            await create_workspace(connection, slug="acme", name="Other", foreign_id="lb-other", now=NOW)


async def test_unknown_workspace_is_told(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        assert await find_workspace(connection, "nobody") is None
        with pytest.raises(SettingError, match="no such workspace"):
            await load_workspace(connection, acme + 1000)


async def test_credentials_open_for_their_own_workspace_only(
    database: Database, vault: Vault, acme: int, globex: int
) -> None:
    async with database.connection() as connection:
        await save_credentials(
            connection, acme, "linkedin", vault=vault, settings={"client_id": "c"}, secrets={"client_secret": "hunter2"}
        )
        found = await load_credentials(connection, acme, "linkedin", vault=vault)
        assert (found.settings, found.secrets) == ({"client_id": "c"}, {"client_secret": "hunter2"})
        assert "hunter2" not in repr(found)
        with pytest.raises(SettingError) as caught:
            await load_credentials(connection, globex, "linkedin", vault=vault)
        assert caught.value.code == "not_connected"
        # Somebody who can write to the database moves the sealed value to their own workspace.
        await connection.execute(
            "INSERT INTO connection (workspace_id, system, secrets) SELECT %s, system, secrets FROM connection",
            [globex],
        )
        with pytest.raises(SettingError) as caught:
            await load_credentials(connection, globex, "linkedin", vault=vault)
        assert caught.value.code == "secret_damaged"


async def test_secrets_are_not_readable_in_the_database(database: Database, vault: Vault, acme: int) -> None:
    async with database.connection() as connection:
        await save_credentials(connection, acme, "linkedin", vault=vault, settings={}, secrets={"key": "hunter2"})
        row = await (await connection.execute("SELECT secrets FROM connection")).fetchone()
    assert row is not None
    assert b"hunter2" not in row[0]


async def test_new_credentials_forget_what_was_wrong_with_the_old(database: Database, vault: Vault, acme: int) -> None:
    async with database.connection() as connection:
        await save_credentials(connection, acme, "linkedin", vault=vault, settings={}, secrets={"key": "old"})
        problem = SignInRejectedError("LinkedIn refused the key.", hint="Enter the client secret again.")
        await mark_problem(connection, acme, "linkedin", problem, NOW)
        [state] = await load_system_states(connection, acme)
        assert (state.state, state.problem_code) == ("needs_person", "sign_in_rejected")
        assert (state.problem_hint, state.checked_at) == ("Enter the client secret again.", NOW)
        await save_credentials(connection, acme, "linkedin", vault=vault, settings={}, secrets={"key": "new"})
        [state] = await load_system_states(connection, acme)
        assert (state.state, state.problem_code, state.problem_hint, state.checked_at) == ("unchecked", "", "", None)


async def test_marking_a_connection_ok_tells_whether_it_was_not(database: Database, vault: Vault, acme: int) -> None:
    async with database.connection() as connection:
        await save_credentials(connection, acme, "linkedin", vault=vault, settings={}, secrets={})
        assert await mark_ok(connection, acme, "linkedin", NOW)
        assert not await mark_ok(connection, acme, "linkedin", NOW)
        await mark_problem(connection, acme, "linkedin", SignInRejectedError(), NOW)
        assert await mark_ok(connection, acme, "linkedin", NOW)


async def test_older_news_about_an_integration_changes_nothing(database: Database, acme: int, globex: int) -> None:
    def told(status: str, minutes: int) -> list[Integration]:
        at = NOW + timedelta(minutes=minutes)
        return [Integration(context=ORGANIZATION, type="ONE_CLICK_EXPORT", name="X", status=status, checked_at=at)]

    async with database.connection() as connection:
        await save_integrations(connection, acme, told("ENABLED", 5))
        await save_integrations(connection, acme, told("REQUESTED", 0))
        assert await load_integrations(connection, acme) == told("ENABLED", 5)
        await save_integrations(connection, acme, told("DISABLED", 6))
        assert await load_integrations(connection, acme) == told("DISABLED", 6)
        assert await load_integrations(connection, globex) == []


async def test_company_level_comes_before_contracts_and_a_contract_can_go(database: Database, acme: int) -> None:
    contract = "urn:li:contract:1"
    found = [
        Integration(context=contract, type="CSA_API", name="", status="ENABLED", checked_at=NOW),
        Integration(context=ORGANIZATION, type="PROFILE_PLUGIN", name="", status="ENABLED", checked_at=NOW),
    ]
    async with database.connection() as connection:
        await save_integrations(connection, acme, found)
        assert await load_integrations(connection, acme) == found[::-1]
        await delete_integrations(connection, acme, contract)
        assert await load_integrations(connection, acme) == found[1:]


async def test_newest_reconciliation_is_the_one_shown(database: Database, acme: int, globex: int) -> None:
    async with database.connection() as connection:
        assert await load_newest_reconciliation(connection, acme) is None
        await save_reconciliation(connection, acme, {"jobs": {"missing": 1}}, NOW)
        await save_reconciliation(connection, acme, {"jobs": {"missing": 0}}, NOW + timedelta(hours=1))
        await save_reconciliation(connection, globex, {"jobs": {"missing": 9}}, NOW + timedelta(hours=2))
        found = await load_newest_reconciliation(connection, acme)
    assert found is not None
    assert found.report == {"jobs": {"missing": 0}}


async def test_deleting_a_workspace_leaves_its_audit_trail_and_all_of_the_others(
    database: Database, vault: Vault, acme: int, globex: int
) -> None:
    async with database.transaction() as connection:
        for workspace in (acme, globex):
            await fill(connection, workspace)
            await save_credentials(connection, workspace, "linkedin", vault=vault, settings={}, secrets={})
            await save_reconciliation(connection, workspace, {}, NOW)
        tables = await tables_with_a_workspace(connection)
        before = {table: await rows_of(connection, table, acme) for table in tables}
        assert all(before.values()), f"fill() puts nothing into {[t for t, n in before.items() if not n]}"
        await delete_workspace(connection, acme)
        after = {table: await rows_of(connection, table, acme) for table in tables}
        assert after == {**dict.fromkeys(tables, 0), "audit_event": 1}  # what was done stays known
        assert {table: await rows_of(connection, table, globex) for table in tables} == before
        assert [workspace.id for workspace in await load_workspaces(connection)] == [globex]
