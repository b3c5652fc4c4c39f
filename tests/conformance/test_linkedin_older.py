"""Moving from Cross-System Awareness: keys and contracts are kept, the same steps are walked, nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from landbridge.errors import SettingError
from landbridge.jobs import incoming
from landbridge.jobs.onboarding import application, consent, contracts, migration, statuses
from landbridge.jobs.onboarding.migration import Older
from landbridge.jobs.wiring import Works
from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.older import OlderCustomer, make_older_customer
from landbridge.sandbox.linkedin.state import DeveloperApplication
from landbridge.store.contracts import move_contract
from landbridge.store.database import Database
from landbridge.store.workspaces import create_workspace, load_workspace
from tests.conformance.test_linkedin_half import (  # noqa: F401 - fixtures
    COMPANY,
    CONSOLE,
    Admin,
    acme,
    admin,
    contracts_of,
    sandbox,
    works,
)

ELSEWHERE = "https://older.example.org"


@pytest.fixture
def customer(sandbox: Sandbox, admin: Admin) -> DeveloperApplication:  # noqa: F811
    """With both contracts of the company."""
    wanted = OlderCustomer(contracts=admin.contracts, origins=[ELSEWHERE])
    return make_older_customer(sandbox.linkedin.state, wanted)


def older_of(customer: DeveloperApplication, admin: Admin, **changes: Any) -> Older:  # noqa: F811
    found = Older(
        client_id=customer.client_id,
        client_secret=customer.client_secret,
        contracts=tuple(admin.contracts),
        foreign_id=customer.foreign_id,
    )
    return structs.replace(found, **changes)


async def move(works: Works, workspace: int, older: Older) -> list[migration.Proof]:  # noqa: F811
    return await migration.take_over(works, workspace, older, by="ann", console=CONSOLE)


async def test_company_level_requested_once_brings_all_kept_contracts_on_the_way(
    works: Works,  # noqa: F811
    acme: int,  # noqa: F811
    sandbox: Sandbox,  # noqa: F811
    admin: Admin,  # noqa: F811
    customer: DeveloperApplication,
) -> None:
    before = [one.client_id for one in sandbox.linkedin.state.children()]
    proofs = await move(works, acme, older_of(customer, admin))
    assert [(one.contract, one.status) for one in proofs] == [(urn, "ENABLED") for urn in admin.contracts]
    assert all(one.seats > 0 for one in proofs)
    assert [one.state for one in await contracts_of(works, acme)] == ["kept", "kept"]
    assert await statuses.follow(works, acme) is None  # nothing to ask for before the request

    await consent.agree(works, acme, by="ann", choices={"availability": "PRIVATE"})
    begun = await contracts.begin(works, acme, by="ann", console=CONSOLE)
    assert begun.urn == admin.contracts[0]
    # Nothing new was provisioned, and what the application may do already is added to.
    assert [one.client_id for one in sandbox.linkedin.state.children()] == before
    assert customer.sdk_domains == [ELSEWHERE, CONSOLE]
    told = sandbox.linkedin.recruiter.request(organization=admin.organization, client_id=customer.client_id)
    asked = contracts.read_asked([{"integrationContext": one["context"]} for one in told])
    assert asked.contracts == ()  # the window offers no level that is on already
    await contracts.take_request(works, acme, asked, by="ann")
    await statuses.follow(works, acme)
    assert [one.state for one in await contracts_of(works, acme)] == ["waiting", "waiting"]

    for type_ in COMPANY:
        sandbox.linkedin.recruiter.set_status(admin.organization, type_, "ENABLED", customer.client_id)
    await statuses.look_now(works, acme)
    assert [one.state for one in await contracts_of(works, acme)] == ["enabled", "enabled"]
    assert (await application.load_linkedin(works, acme)).settings["client_id"] == customer.client_id
    assert sandbox.linkedin.journal.violations() == []


async def test_taking_over_twice_changes_nothing(
    works: Works,  # noqa: F811
    acme: int,  # noqa: F811
    admin: Admin,  # noqa: F811
    customer: DeveloperApplication,
) -> None:
    older = older_of(customer, admin)
    await move(works, acme, older)
    first = await contracts_of(works, acme)
    await move(works, acme, older)
    assert [(one.id, one.state) for one in await contracts_of(works, acme)] == [(one.id, one.state) for one in first]
    async with works.database.connection() as connection:
        assert (await load_workspace(connection, acme)).foreign_id == customer.foreign_id


async def test_messages_that_the_older_integration_imported_are_not_fetched_again(
    works: Works,  # noqa: F811
    acme: int,  # noqa: F811
    sandbox: Sandbox,  # noqa: F811
    admin: Admin,  # noqa: F811
    customer: DeveloperApplication,
) -> None:
    until = datetime.now(UTC) - timedelta(days=3)
    first, second = admin.contracts
    await move(works, acme, older_of(customer, admin, contracts=(first,), imported_until=until))
    await move(works, acme, older_of(customer, admin, contracts=(second,)))
    async with works.database.transaction() as connection:
        for one in await contracts_of(works, acme):
            await move_contract(connection, acme, one.id, "enabled", now=datetime.now(UTC))
    await incoming.follow(works, acme)
    async with works.database.connection() as connection:
        cursor = await connection.execute(
            "SELECT subject, past_since FROM stream WHERE workspace_id = %s AND kind = 'notes'", [acme]
        )
        begins = {row[0]: row[1] for row in await cursor.fetchall()}
    assert begins[first] == until
    assert begins[second] < until


async def code_of(works: Works, workspace: int, older: Older) -> str:  # noqa: F811
    """Why it is refused; nothing may be saved then."""
    with pytest.raises(SettingError) as caught:
        await move(works, workspace, older)
    assert "client_secret" not in (await application.load_linkedin(works, workspace)).secrets
    return caught.value.code


async def test_keys_that_linkedin_refuses_or_that_open_something_else_are_not_saved(
    works: Works,  # noqa: F811
    acme: int,  # noqa: F811
    sandbox: Sandbox,  # noqa: F811
    admin: Admin,  # noqa: F811
    customer: DeveloperApplication,
) -> None:
    older = older_of(customer, admin)
    assert await code_of(works, acme, structs.replace(older, client_secret="wrong")) == "older_keys_refused"
    # Keys of another company: LinkedIn knows nothing of these contracts under them.
    other = sandbox.linkedin.state.child
    wanted = structs.replace(older, client_id=other.client_id, client_secret=other.client_secret, foreign_id="")
    assert await code_of(works, acme, wanted) == "older_contract_unknown"
    for foreign_id in ("nobody", other.foreign_id):
        assert await code_of(works, acme, structs.replace(older, foreign_id=foreign_id)) == "older_id_unknown"
    assert await contracts_of(works, acme) == []


async def test_what_is_here_already_is_refused_with_its_reason(
    works: Works,  # noqa: F811
    acme: int,  # noqa: F811
    database: Database,
    admin: Admin,  # noqa: F811
    customer: DeveloperApplication,
) -> None:
    older, now = older_of(customer, admin), datetime.now(UTC)
    async with database.transaction() as connection:
        globex = await create_workspace(connection, slug="globex", name="Globex", foreign_id="lb-2", now=now)
    first, second = admin.contracts
    await move(works, acme, structs.replace(older, contracts=(first,)))
    assert await code_of(works, globex, older) == "older_contract_elsewhere"
    assert await code_of(works, globex, structs.replace(older, contracts=(second,))) == "older_keys_elsewhere"
    async with database.transaction() as connection:
        [one] = await contracts_of(works, acme)
        await move_contract(connection, acme, one.id, "enabled", now=now)
    with pytest.raises(SettingError) as caught:
        await move(works, acme, older)
    assert caught.value.code == "older_contract_there"
    # Another contract of the same keys can still follow.
    await move(works, acme, structs.replace(older, contracts=(second,)))
    with pytest.raises(SettingError) as caught:
        await move(works, acme, structs.replace(older, contracts=(second,), client_id="another"))
    assert caught.value.code == "older_other_application"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"client_id": " "}, "linkedin_credential"),
        ({"contracts": " "}, "linkedin_number"),
        ({"contracts": "12 twelve"}, "linkedin_number"),
        ({"contracts": " ".join(map(str, range(1, 60)))}, "linkedin_number"),
        ({"foreign_id": "a b/c"}, "older_id_form"),
    ],
)
def test_what_cannot_be_is_told_before_linkedin_is_asked(given: dict[str, str], code: str) -> None:
    fields = {"client_id": "id", "client_secret": "secret", "contracts": "1, urn:li:contract:2\n1", **given}
    with pytest.raises(SettingError) as caught:
        migration.read_older(
            fields["client_id"], fields["client_secret"], fields["contracts"], fields.get("foreign_id", "")
        )
    assert caught.value.code == code


def test_contracts_may_be_typed_in_any_way() -> None:
    found = migration.read_older("id", "secret", "1, urn:li:contract:2\n1;3")
    assert found.contracts == ("urn:li:contract:1", "urn:li:contract:2", "urn:li:contract:3")
    assert "secret" not in repr(found)


async def test_reason_of_a_refusal_outlives_looks_at_other_contracts(
    works: Works,  # noqa: F811
    acme: int,  # noqa: F811
    admin: Admin,  # noqa: F811
    customer: DeveloperApplication,
) -> None:
    await move(works, acme, older_of(customer, admin))
    await contracts.note_refusal(works, acme, "linkedin_not_admin", by="ann")
    await statuses.settle(works, acme)
    found = await contracts_of(works, acme)
    assert {(one.state, one.problem_code) for one in found} == {("kept", "linkedin_not_admin")}
