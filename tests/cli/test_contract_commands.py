"""Contracts and seats from the command line: the story of the console, with both sandboxes behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.older import OlderCustomer, make_older_customer
from tests.cli.terminal import Terminal

COMPANY = ("ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN")
SETTING, RECORD = 3, 6
CONNECTED = ["workspace.made", "connection.saved", "ats.connected"]


class Admin(Terminal):
    """In an installation with one workspace that is connected with its ATS."""

    def __init__(self, database_url: str, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        told = sandbox.linkedin.credentials()
        parent = told["parent"]
        super().__init__(
            database_url,
            {
                "LANDBRIDGE_LINKEDIN_API_URL": sandbox.linkedin_url,
                "LANDBRIDGE_LINKEDIN_AUTH_URL": sandbox.linkedin_url,
                "LANDBRIDGE_SMARTRECRUITERS_API_URL": sandbox.smartrecruiters_url,
                "LANDBRIDGE_LINKEDIN_CLIENT_ID": parent["client_id"],
                "LANDBRIDGE_LINKEDIN_CLIENT_SECRET": parent["client_secret"],
                "KEY_OF_ATS": sandbox.smartrecruiters.credentials()["api_key"],
            },
        )
        self.organization: str = told["organization"]
        self.contract: str = told["contracts"][0]["urn"]
        self.number = self.contract.rpartition(":")[2]

    def adds(self, status: int = 0) -> str:
        company = self.organization.rpartition(":")[2]
        return self.types("contract", "add", self.number, "--organization", company, status=status)


@pytest.fixture
def terminal(database_url: str) -> Iterator[Admin]:
    with Sandbox(candidates=20) as sandbox:
        terminal = Admin(database_url, sandbox)
        terminal.types("connect", "smartrecruiters", "--secret-env", "api_key=KEY_OF_ATS", "--name", "Acme")
        yield terminal


def test_contract_goes_from_nothing_to_enabled_and_its_seats_get_their_users(terminal: Admin) -> None:
    recruiter = terminal.sandbox.linkedin.recruiter
    assert "There is no contract yet" in terminal.types("contract")
    assert "0 of 0 seats" in terminal.types("users")
    refused = terminal.adds(RECORD)
    assert "LinkedIn knows of no such request" in refused
    assert "press Request" in refused  # the next step, from the table of codes
    recruiter.request(organization=terminal.organization, contract=terminal.contract)
    told = terminal.adds()
    assert f"{terminal.number:<12} to be enabled in Recruiter" in told
    assert "Nobody has agreed yet" in told
    for type_ in COMPANY:
        recruiter.set_status(terminal.organization, type_, "ENABLED")
    recruiter.set_status(terminal.contract, "CSA_API", "ENABLED")
    assert f"{terminal.number:<12} enabled" in terminal.types("contract", "status")

    assert "maybe" in terminal.types("users", "refresh")
    first = json.loads(terminal.types("users", "--json"))[0]["id"]
    assert "which seat?" in terminal.types("users", "connect", status=2)
    assert "with whom?" in terminal.types("users", "connect", str(first), status=2)
    assert "There is no seat 4711" in terminal.types("users", "disconnect", "4711", status=SETTING)
    assert "No active user" in terminal.types("users", "connect", str(first), "Nobody Atall", status=SETTING)
    assert "Say which by e-mail address" in terminal.types("users", "connect", str(first), "@", status=SETTING)
    user = next(one for one in terminal.sandbox.smartrecruiters.state.world.users if one.active and one.email)
    assert "1 of" in terminal.types("users", "connect", str(first), str(user.email))
    assert "0 of" in terminal.types("users", "disconnect", str(first))
    assert "was nobody's" in terminal.types("users", "disconnect", str(first))
    assert "seats connected" in terminal.types("users", "accept")
    seats = json.loads(terminal.types("users", "--json"))
    assert any(seat["reason"] == "same_email" or seat["reason"] == "same_name" for seat in seats)
    assert terminal.acts() == [*CONNECTED, "contract.added", "seat.linked", "seat.unlinked", "seats.accepted"]
    assert terminal.sandbox.linkedin.journal.violations() == []


def test_connect_makes_the_application_and_prepares_what_was_requested(terminal: Admin) -> None:
    given = ("--set", f"organization={terminal.organization}", "--set", f"contracts={terminal.contract}")
    assert "ABSENT" in terminal.types("connect", "linkedin", *given)
    made = terminal.sandbox.linkedin.state.newest_child()
    terminal.sandbox.linkedin.recruiter.request(terminal.organization, terminal.contract, made.client_id)
    told = terminal.types("connect", "linkedin", "--test")
    assert "They are named and configured" in told
    assert terminal.acts() == [*CONNECTED, "connection.saved"]  # what only looks leaves no line
    assert {one.name for one in made.integrations.values()} == {"Landbridge - Acme"}
    assert made.sdk_domains == ["http://localhost:8700"]


def test_contract_rests_goes_on_and_ends(terminal: Admin) -> None:
    terminal.adds(RECORD)
    terminal.sandbox.linkedin.recruiter.request(organization=terminal.organization, contract=terminal.contract)
    terminal.adds()
    assert ", paused" in terminal.types("contract", "pause", terminal.number)
    assert ", paused" not in terminal.types("contract", "resume", terminal.number)
    assert "(EMEA)" in terminal.types("contract", "name", terminal.number, "--name", "EMEA")
    assert "has a new secret" in terminal.types("contract", "rotate")
    assert "disconnected" in terminal.types("contract", "disconnect", terminal.number)
    ended = ["contract.paused", "contract.resumed", "contract.named", "linkedin.secret_made", "contract.disconnected"]
    assert terminal.acts() == [*CONNECTED, "contract.added", *ended]
    [contract] = json.loads(terminal.types("contract", "--json"))
    assert (contract["urn"], contract["state"]) == (terminal.contract, "disconnected")
    unknown = terminal.types("contract", "pause", "4711", status=SETTING)
    assert f"This workspace has: {terminal.number}." in unknown


def test_unknown_actions_are_refused_with_those_there_are(terminal: Admin) -> None:
    assert "list, status, add" in terminal.types("contract", "destroy", status=2)
    assert "refresh" in terminal.types("users", "destroy", status=2)


def test_keys_of_the_older_integration_are_tried_and_kept(terminal: Admin) -> None:
    assert "What stays" in terminal.types("move")
    older = make_older_customer(terminal.sandbox.linkedin.state, OlderCustomer())
    terminal.environment["OLD_SECRET"] = "wrong"
    given = ("move", "--client-id", older.client_id, "--contract", terminal.number, "--secret-env", "OLD_SECRET")
    refused = terminal.types(*given, status=SETTING)
    assert "LinkedIn refuses these keys" in refused
    assert "partner support gives a new one" in refused
    terminal.environment["OLD_SECRET"] = older.client_secret
    told = terminal.types(*given, "--foreign-id", older.foreign_id, "--imported-until", "2026-03-04")
    assert f"Contract {terminal.number}: ENABLED" in told
    assert "requests the company level once" in told
    assert older.client_secret not in told
    assert terminal.acts() == [*CONNECTED, "contracts.taken_over"]
    assert "taken over" in terminal.types("contract")
    assert "no number" in terminal.types("move", "--client-id", "x", "--contract", "ten", *given[5:], status=SETTING)
