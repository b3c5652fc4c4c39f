"""Wrong keys, credentials, addresses and permissions: one clear message with the next step, and nothing is lost."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Mapping

import pytest

from landbridge.sandbox.smartrecruiters.credentials import Caller
from landbridge.settings import Settings, load
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from tests.faults import truth
from tests.faults.command import Outcome, landbridge
from tests.faults.company import Company, set_all
from tests.faults.conftest import FarSides
from tests.faults.drive import SharedClock
from tests.faults.office import Office, office

Environment = dict[str, str]
ANOTHER_KEY = base64.b64encode(b"a key nobody has ever heard of..").decode()
SETTING, PERSON, LATER = 3, 4, 5


@pytest.fixture
def candidates() -> int:
    return 15


@pytest.fixture
def settings(environment: Environment) -> Settings:
    return load(environment)


@pytest.fixture
async def office_of_company(
    settings: Settings, database: Database, vault: Vault, company: Company, far_sides: FarSides
) -> AsyncIterator[Office]:
    clock = SharedClock(far_sides.network)
    async with office(settings, database, vault, company.workspace, clock) as opened:
        yield opened


def clear(told: Outcome, status: int, code: str) -> bool:
    """One message, one next step, one code, and nothing of how the program is made."""
    assert told.status == status, told
    assert f"code: {code} " in told.text, told
    assert told.text.count("  next: ") == 1, told
    assert "Traceback" not in told.text, told
    return True


async def connect_with(environment: Environment, system: str, secret: str, value: str, *put: str) -> Outcome:
    """``landbridge connect`` with a secret from the environment, as a careful admin does it."""
    arguments = ["connect", system, "--secret-env", f"{secret}=GIVEN_SECRET"]
    arguments += [part for field in put for part in ("--set", field)]
    return await landbridge({**environment, "GIVEN_SECRET": value}, *arguments)


async def status(environment: Environment) -> tuple[str, Mapping[str, str]]:
    """Whose turn it is, and the problem code of each system."""
    told = await landbridge(environment, "status", "--json")
    assert told.status == 0, told
    content = json.loads(told.text)
    return content["turn"], {system["system"]: system["problem_code"] for system in content["systems"]}


@pytest.mark.parametrize("command", ["status", "worker", "web"])
async def test_wrong_key_opens_nothing_and_destroys_nothing(
    environment: Environment, company: Company, command: str
) -> None:
    wrong = {**environment, "LANDBRIDGE_ENCRYPTION_KEY": ANOTHER_KEY}
    assert clear(await landbridge(wrong, command), SETTING, "encryption_key_wrong")
    assert (await status(environment))[0] == "start"


@pytest.mark.parametrize("command", ["status", "worker", "web"])
async def test_missing_key_is_asked_for_and_not_made_anew(
    environment: Environment, company: Company, command: str
) -> None:
    without = {**environment, "LANDBRIDGE_ENCRYPTION_KEY": ""}
    assert clear(await landbridge(without, command), SETTING, "encryption_key_missing")
    assert (await status(environment))[0] == "start"


async def test_wrong_smartrecruiters_key_is_refused_when_it_is_entered_and_repaired_by_the_right_one(
    environment: Environment, office_of_company: Office, far_sides: FarSides
) -> None:
    told = await connect_with(environment, "smartrecruiters", "api_key", "DCRA1-nobody")
    assert clear(told, PERSON, "sign_in_rejected")
    assert "DCRA1-nobody" not in told.text
    turn, problems = await status(environment)
    assert (turn, problems["smartrecruiters"]) == ("repair", "sign_in_rejected")
    right = await connect_with(environment, "smartrecruiters", "api_key", far_sides.source.credentials()["api_key"])
    assert right.status == 0, right
    await office_of_company.start()
    await office_of_company.settle()
    assert truth.findings(far_sides.source, far_sides.network) == []


async def test_wrong_linkedin_secret_stops_sending_keeps_reading_and_goes_on_when_repaired(
    environment: Environment, company: Company, office_of_company: Office, far_sides: FarSides
) -> None:
    told = await connect_with(environment, "linkedin", "client_secret", "not the secret")
    assert clear(told, PERSON, "sign_in_rejected")
    await office_of_company.start()
    await office_of_company.work()
    assert (await office_of_company.problems()).keys() == {"linkedin"}
    assert far_sides.received() == set()
    secret = far_sides.network.credentials()["child"]["client_secret"]
    right = await connect_with(environment, "linkedin", "client_secret", secret)
    assert right.status == 0, right
    await office_of_company.settle()
    assert truth.findings(far_sides.source, far_sides.network) == []


async def test_credential_that_is_revoked_in_the_middle_is_told_and_the_rest_follows_after_repair(
    environment: Environment, company: Company, office_of_company: Office, far_sides: FarSides
) -> None:
    keys = far_sides.sandbox.smartrecruiters.keys
    right, keys.api_key = keys.api_key, "DCRA1-another"
    await office_of_company.start()
    await office_of_company.work()
    turn, problems = await status(environment)
    assert (turn, problems["smartrecruiters"]) == ("repair", "sign_in_rejected")
    keys.api_key = right
    await office_of_company.settle()
    assert truth.findings(far_sides.source, far_sides.network) == []


@pytest.mark.parametrize(
    ("system", "field", "address", "status", "code"),
    [
        ("smartrecruiters", "base_url", "{network}/_sandbox", SETTING, "smartrecruiters_address"),
        ("smartrecruiters", "base_url", "http://127.0.0.1:9", LATER, "unreachable"),
        ("smartrecruiters", "base_url", "ftp://example.org", SETTING, "setting"),
        ("linkedin", "api_url", "{source}", SETTING, "linkedin_resource_unknown"),
        ("linkedin", "auth_url", "http://127.0.0.1:9", LATER, "unreachable"),
        ("linkedin", "api_url", "api.linkedin.com", SETTING, "setting"),
    ],
)
async def test_wrong_address_is_told_when_it_is_entered(
    environment: Environment,
    company: Company,
    far_sides: FarSides,
    system: str,
    field: str,
    address: str,
    status: int,
    code: str,
) -> None:
    value = address.format(network=far_sides.network.url, source=far_sides.source.url)
    told = await landbridge(environment, "connect", system, "--set", f"{field}={value}")
    assert clear(told, status, code)


async def test_missing_permission_is_named_and_the_sync_goes_on_when_it_is_given(
    environment: Environment, company: Company, office_of_company: Office, far_sides: FarSides
) -> None:
    far_sides.source.take_permissions("jobs_read")
    told = await landbridge(environment, "connect", "smartrecruiters", "--test")
    assert "lacks permissions: Jobs (jobs_read)" in told.text
    await office_of_company.start()
    await office_of_company.work()
    turn, problems = await status(environment)
    assert (turn, problems["smartrecruiters"]) == ("repair", "not_permitted")
    far_sides.source.take_permissions()
    await office_of_company.settle()
    assert truth.findings(far_sides.source, far_sides.network) == []


async def test_permission_that_is_taken_away_in_the_middle_costs_no_record(
    company: Company, office_of_company: Office, far_sides: FarSides, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, calls = far_sides.sandbox.smartrecruiters.keys, 0
    permit = keys.permit

    def permit_for_a_while(caller: Caller, scopes: tuple[str, ...]) -> None:
        nonlocal calls
        calls += "job_applications_read" in scopes
        if calls == 5:
            keys.removed = frozenset({"job_applications_read"})
        permit(caller, scopes)

    monkeypatch.setattr(keys, "permit", permit_for_a_while)
    await office_of_company.start()
    await office_of_company.work()
    problem = (await office_of_company.problems())["smartrecruiters"]
    assert problem.problem_code == "not_permitted"
    keys.removed = frozenset()
    await office_of_company.settle()
    assert truth.findings(far_sides.source, far_sides.network) == []


async def test_nothing_is_sent_before_the_integration_is_enabled_and_all_after(
    environment: Environment, company: Company, office_of_company: Office, far_sides: FarSides
) -> None:
    set_all(far_sides.network, company, "REQUESTED")
    told = await landbridge(environment, "connect", "linkedin", "--test")
    assert told.status == 0, told
    assert "the Recruiter admin enables them" in told.text
    await office_of_company.start()
    await office_of_company.work()
    await office_of_company.go_on()
    assert (await status(environment))[0] == "enable"
    assert far_sides.received() == set()
    set_all(far_sides.network, company, "ENABLED")
    told = await landbridge(environment, "connect", "linkedin", "--test")
    assert told.status == 0, told
    await office_of_company.settle()
    assert truth.findings(far_sides.source, far_sides.network) == []
    # Each round here is a worker of its own, which has to fetch a token of its own.
    assert truth.broken_rules(far_sides.source, far_sides.network, allowed=truth.PRICE_OF_A_KILL) == []


async def test_integration_that_is_switched_off_in_the_middle_pauses_and_goes_on_when_switched_on(
    environment: Environment, company: Company, office_of_company: Office, far_sides: FarSides
) -> None:
    set_all(far_sides.network, company, "DISABLED")
    await office_of_company.start()
    await office_of_company.work()
    await office_of_company.go_on()
    turn, problems = await status(environment)
    assert (turn, problems["linkedin"]) == ("repair", "linkedin_not_enabled")
    set_all(far_sides.network, company, "ENABLED")
    await office_of_company.settle()
    assert truth.findings(far_sides.source, far_sides.network) == []


async def test_far_sides_that_are_away_for_a_while_are_waited_for(
    environment: Environment, company: Company, office_of_company: Office, far_sides: FarSides
) -> None:
    await office_of_company.start()
    ports = [int(side.url.rsplit(":", 1)[1]) for side in (far_sides.network, far_sides.source)]
    far_sides.sandbox.stop()
    await office_of_company.work()
    assert (await status(environment))[0] == "working"
    assert await office_of_company.problems() == {}
    far_sides.sandbox.start(linkedin_port=ports[0], smartrecruiters_port=ports[1])
    await office_of_company.settle()
    assert truth.findings(far_sides.source, far_sides.network) == []


async def test_unknown_field_and_unknown_system_are_told_with_what_there_is(
    environment: Environment, company: Company
) -> None:
    assert clear(await landbridge(environment, "connect", "smartrecruiters", "--set", "api_kee=x"), SETTING, "setting")
    assert clear(await landbridge(environment, "connect", "workday"), SETTING, "setting")


async def test_database_that_is_away_is_told_with_a_next_step(environment: Environment) -> None:
    away = {**environment, "LANDBRIDGE_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing"}
    assert clear(await landbridge(away, "status"), LATER, "database_unreachable")
