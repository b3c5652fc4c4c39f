"""Moving from Cross-System Awareness in the console: keys tried and kept, the same steps, what changes explained."""

from __future__ import annotations

from datetime import UTC, date, datetime

import httpx2
import pytest

from landbridge.sandbox.linkedin.older import OlderCustomer, make_older_customer
from landbridge.sandbox.linkedin.state import DeveloperApplication
from landbridge.store.tokens import Scope, make_token
from tests.web.onboarding import COMPANY, Onboarding
from tests.web.people import acts_of


@pytest.fixture
def customer(onboarding: Onboarding) -> DeveloperApplication:
    return make_older_customer(onboarding.sandbox.linkedin.state, OlderCustomer())


def fields_of(customer: DeveloperApplication, **changes: str) -> dict[str, str]:
    contracts = [context.rpartition(":")[2] for context, _, _ in customer.integrations]
    return {
        "client_id": customer.client_id,
        "client_secret": customer.client_secret,
        "contracts": "\n".join(contracts),
        "foreign_id": customer.foreign_id,
        "imported_until": "",
        **changes,
    }


async def test_customer_of_the_older_product_walks_to_an_enabled_contract(
    onboarding: Onboarding, customer: DeveloperApplication
) -> None:
    assert 'href="/w/acme/move"' in await onboarding.see("contracts")
    page = await onboarding.see("move")
    for words in ("What changes", "No new application is made", "Every 30 minutes", "Keys and contracts you have"):
        assert words in page
    await onboarding.send("move/take-over", "move", **fields_of(customer, imported_until="2026-03-04"))
    page = await onboarding.see("move")
    assert "LinkedIn knows the keys. Taken over: contract" in page
    assert "To be requested once" in page
    assert customer.client_secret not in page
    contract = await onboarding.the_contract()
    assert contract.state == "kept"
    assert contract.imported_until is not None
    assert contract.imported_until.date() == date(2026, 3, 4)
    assert "Agree to what is shared" in page

    await onboarding.agree()
    window = await onboarding.see("contracts/window")
    assert f"api_key: {customer.client_id}" in window
    assert "the contract level is on already" in window
    assert onboarding.sandbox.linkedin.state.by_foreign_id("lb-acme-1") is None  # no new application
    assert customer.sdk_domains == ["http://localhost"]
    organization = onboarding.sandbox.linkedin.state.network.organization
    onboarding.sandbox.linkedin.recruiter.request(organization=organization, client_id=customer.client_id)
    told = f'[{{"integrationContext": "{organization}"}}]'
    await onboarding.send("contracts/window/told", "contracts/window", 200, requested=told)
    assert await onboarding.states() == ["waiting"]
    # Finish in the window that is still open says the same once more.
    await onboarding.send("contracts/window/finish", "contracts", requested=told)
    contract = await onboarding.the_contract()
    assert contract.state == "waiting"
    assert "Still off: company level." in await onboarding.see(f"contracts/{contract.id}")
    for type_ in COMPANY:
        onboarding.sandbox.linkedin.recruiter.set_status(organization, type_, "ENABLED", customer.client_id)
    await onboarding.ask_linkedin(contract)
    assert await onboarding.states() == ["enabled"]
    assert "Then switch the older integration off" not in await onboarding.see("move")
    acts = [(act, subject) for _, act, subject, _ in await acts_of(onboarding.database)]
    assert ("contracts.taken_over", contract.number) in acts
    assert onboarding.sandbox.linkedin.journal.violations() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_secret": "wrong"}, "LinkedIn refuses the keys of the older integration"),
        ({"contracts": "4711"}, "they belong to another company, or its number is mistyped"),
        ({"foreign_id": "somebody-else"}, "LinkedIn knows no application by this foreign id"),
        ({"contracts": "the big one"}, "no number of a contract"),
        ({"contracts": ""}, "This field is required"),
        ({"imported_until": "yesterday"}, "Enter a valid date"),
    ],
)
async def test_what_does_not_work_is_told_with_the_next_step_and_not_saved(
    onboarding: Onboarding, customer: DeveloperApplication, changes: dict[str, str], words: str
) -> None:
    refused = await onboarding.send("move/take-over", "move", 422, **fields_of(customer, **changes))
    assert words in refused.text
    assert fields_of(customer, **changes)["client_id"] in refused.text  # what was typed is still there
    assert customer.client_secret not in refused.text
    assert await onboarding.contracts() == []


async def test_contract_that_is_here_already_is_not_taken_over_again(
    onboarding: Onboarding, customer: DeveloperApplication
) -> None:
    await onboarding.stand_before_the_window()
    number, organization = onboarding.request()
    await onboarding.finish(number, organization)
    refused = await onboarding.send("move/take-over", "move", 422, **fields_of(customer))
    assert "One of the contracts is in this workspace already" in refused.text
    assert await onboarding.states() == ["waiting"]


async def test_without_the_foreign_id_somebody_has_to_allow_the_window(
    onboarding: Onboarding, customer: DeveloperApplication
) -> None:
    await onboarding.send("move/take-over", "move", **fields_of(customer, foreign_id=""))
    page = await onboarding.see("move")
    assert "to add http://localhost to the JavaScript domains" in page
    assert datetime.now(UTC) > (await onboarding.the_contract()).added_at


async def test_program_takes_keys_and_contracts_over_too(
    onboarding: Onboarding, customer: DeveloperApplication
) -> None:
    async with onboarding.database.connection() as connection:
        token = await make_token(connection, 1, label="x", scopes=[Scope.CONTRACTS], by="ann", now=onboarding.clock.now)
    typed = fields_of(customer)
    wish = {**typed, "contracts": typed["contracts"].split("\n"), "imported_until": "2026-03-04"}

    async def move(**changes: str) -> httpx2.Response:
        headers = {"authorization": f"Bearer {token}"}
        return await onboarding.client.post("/api/v1/linkedin/move", headers=headers, json={**wish, **changes})

    refused = await move(client_secret="mistyped")
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    assert (refused.json()["code"], await onboarding.contracts()) == ("older_keys_refused", [])
    taken = (await move()).json()["contracts"]
    assert [one["contract"] for one in taken] == [f"urn:li:contract:{number}" for number in wish["contracts"]]
    contract = await onboarding.the_contract()
    assert contract.imported_until is not None
    assert (contract.state, contract.imported_until.date()) == ("kept", date(2026, 3, 4))
    assert (await move()).json()["contracts"] == taken
    assert "contracts.taken_over" in [act for _, act, _, _ in await acts_of(onboarding.database)]
