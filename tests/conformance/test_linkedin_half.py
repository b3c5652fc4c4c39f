"""The LinkedIn half of the setup, through the functions the console calls, against both sandboxes."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from msgspec import structs

from landbridge.connectors.linkedin.push import Push
from landbridge.errors import RateLimitedError, RejectedError, SettingError, SignInRejectedError
from landbridge.jobs import bucket, tasks, tick
from landbridge.jobs.onboarding import application, ats, consent, contracts, inbox, people, statuses
from landbridge.jobs.queue import JobBell
from landbridge.jobs.running import may_run
from landbridge.jobs.wiring import Works
from landbridge.records import Kind
from landbridge.sandbox import Sandbox
from landbridge.settings import Settings
from landbridge.store import budgets, sweeps
from landbridge.store.budgets import BudgetKey
from landbridge.store.connections import load_system_states
from landbridge.store.contracts import Contract, load_contracts, may_send
from landbridge.store.database import Database
from landbridge.store.inbox import waiting_events
from landbridge.store.integrations import load_integrations
from landbridge.store.journal import CallJournal
from landbridge.store.seats import count_seats, load_seats, suggest_links
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace, load_workspace
from landbridge.web.hooks.linkedin import PushReceiver
from tests.conftest import settings_for

CONSOLE = "http://localhost:8700"
COMPANY = ("ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(candidates=20) as sandbox:
        yield sandbox


@pytest.fixture
async def works(database_url: str, sandbox: Sandbox, database: Database, vault: Vault) -> AsyncIterator[Works]:
    parent = sandbox.linkedin.credentials()["parent"]
    settings: Settings = settings_for(
        database_url,
        LANDBRIDGE_LINKEDIN_API_URL=sandbox.linkedin_url,
        LANDBRIDGE_LINKEDIN_AUTH_URL=sandbox.linkedin_url,
        LANDBRIDGE_SMARTRECRUITERS_API_URL=sandbox.smartrecruiters_url,
        LANDBRIDGE_LINKEDIN_CLIENT_ID=parent["client_id"],
        LANDBRIDGE_LINKEDIN_CLIENT_SECRET=parent["client_secret"],
    )
    async with CallJournal(database) as journal:
        works = Works(settings, database, vault, journal, JobBell(), slots_per_call=3)
        yield works
        await works.close()


@pytest.fixture
async def acme(database: Database) -> int:
    async with database.transaction() as connection:
        return await create_workspace(
            connection, slug="acme", name="Acme Foods", foreign_id="lb-acme-1", now=datetime.now(UTC)
        )


class Admin:
    """What people do on LinkedIn's side."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        told = sandbox.linkedin.credentials()
        self.organization: str = told["organization"]
        self.contracts = [one["urn"] for one in told["contracts"] if not one["lite"]]

    def requests(self, contract: str) -> list[dict[str, Any]]:
        """Press Request in the window; what the widget hands to the page."""
        found = self.sandbox.linkedin.recruiter.request(organization=self.organization, contract=contract)
        return [{"integrationContext": one["context"], "integrationType": one["type"]} for one in found]

    def switch(self, contract: str, status: str = "ENABLED", types: tuple[str, ...] = (*COMPANY, "CSA_API")) -> None:
        for type_ in types:
            context = contract if type_ == "CSA_API" else self.organization
            self.sandbox.linkedin.recruiter.set_status(context, type_, status)


@pytest.fixture
def admin(sandbox: Sandbox) -> Admin:
    return Admin(sandbox)


async def contracts_of(works: Works, workspace: int) -> list[Contract]:
    async with works.database.connection() as connection:
        return await load_contracts(connection, workspace)


async def the_contract(works: Works, workspace: int) -> Contract:
    [found] = await contracts_of(works, workspace)
    return found


async def waiting_contract(works: Works, workspace: int, admin: Admin) -> str:
    """A contract that waits for the Recruiter admin."""
    await contracts.begin(works, workspace, by="ann", console=CONSOLE)
    urn: str = admin.contracts[0]
    await contracts.take_request(works, workspace, contracts.read_asked(admin.requests(urn)), by="ann")
    await statuses.follow(works, workspace)
    return urn


async def connect(works: Works, workspace: int, sandbox: Sandbox) -> None:
    key = sandbox.smartrecruiters.credentials()["api_key"]
    await ats.connect_ats(works, workspace, {"api_key": key})


async def test_contract_goes_from_the_window_to_enabled_and_the_sync_begins_by_itself(
    works: Works, acme: int, sandbox: Sandbox, admin: Admin
) -> None:
    await consent.agree(works, acme, by="ann", choices={"availability": "PRIVATE"})
    begun = await contracts.begin(works, acme, by="ann", console=CONSOLE)
    assert (begun.state, begun.urn) == ("adding", None)
    # An application is there, a company is not: whoever reads the page is not to be told that LinkedIn shuts us out.
    assert not await may_run(works, acme, "linkedin")
    urn = admin.contracts[0]
    await contracts.take_request(works, acme, contracts.read_asked(admin.requests(urn)), by="ann")
    assert [(one.urn, one.state) for one in await contracts_of(works, acme)] == [(urn, "requested")]
    assert await statuses.follow(works, acme) is not None
    assert (await the_contract(works, acme)).state == "waiting"
    named = {one.type: (one.name, one.configurations) for one in _child(sandbox).integrations.values()}
    assert {name for name, _ in named.values()} == {"Landbridge - Acme Foods"}
    assert named["ONE_CLICK_EXPORT"][1] == {
        "CALLBACK_URL": f"{CONSOLE}/linkedin/lb-acme-1", "JOB_POSTING_VIEWERS": "ALL_PRODUCT_USERS",
    }  # fmt: skip
    assert not await may_run(works, acme, "linkedin")
    await ats_without_reading(works, acme, sandbox)
    admin.switch(urn)
    await statuses.look_now(works, acme)
    assert (await the_contract(works, acme)).state == "enabled"
    assert await may_run(works, acme, "linkedin")
    async with works.database.connection() as connection:
        newest = await sweeps.newest(connection, acme)
    assert newest is not None
    assert newest.state == "running"
    assert sandbox.linkedin.journal.violations() == []


async def ats_without_reading(works: Works, workspace: int, sandbox: Sandbox) -> None:
    """The ATS as connected by the command line, which begins nothing."""
    from landbridge.store.connections import save_credentials

    key = sandbox.smartrecruiters.credentials()["api_key"]
    async with works.database.connection() as connection:
        await save_credentials(
            connection, workspace, "smartrecruiters", vault=works.vault, settings={}, secrets={"api_key": key}
        )


def _child(sandbox: Sandbox) -> Any:
    return next(one for one in sandbox.linkedin.state.children() if one.foreign_id == "lb-acme-1")


async def test_two_admins_at_once_make_one_application_and_one_contract(
    works: Works, acme: int, sandbox: Sandbox
) -> None:
    await asyncio.gather(*(contracts.begin(works, acme, by=name, console=CONSOLE) for name in ("ann", "bob")))
    assert len(await contracts_of(works, acme)) == 1
    assert [one.foreign_id for one in sandbox.linkedin.state.children()].count("lb-acme-1") == 1
    assert _child(sandbox).sdk_domains == [CONSOLE]


async def test_request_that_only_the_browser_knows_of_is_refused_with_the_next_step(
    works: Works, acme: int, admin: Admin
) -> None:
    await contracts.begin(works, acme, by="ann", console=CONSOLE)
    asked = contracts.Asked(organizations=(admin.organization,), contracts=("urn:li:contract:4711",))
    with pytest.raises(RejectedError) as caught:
        await contracts.take_request(works, acme, asked, by="ann")
    assert caught.value.code == "linkedin_not_requested"
    found = await the_contract(works, acme)
    assert (found.state, found.problem_code, found.urn) == ("refused", "linkedin_not_requested", None)
    async with works.database.connection() as connection:
        assert (await load_workspace(connection, acme)).organization_urn is None


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ([], "linkedin_nothing_requested"),
        ("nonsense", "linkedin_nothing_requested"),
        ([{"integrationContext": "urn:li:contract:1"}], "linkedin_company_level_missing"),
        ([{"integrationContext": "urn:li:organization:1"}], "linkedin_contract_level_missing"),
        (
            [{"integrationContext": "urn:li:organization:1"}, {"integrationContext": "urn:li:organization:2"}],
            "linkedin_company_changed",
        ),
        ([{"integrationContext": "urn:li:organization:1?x"}, 7, None], "linkedin_nothing_requested"),
    ],
)
async def test_half_a_request_is_refused_with_its_reason(works: Works, acme: int, told: object, code: str) -> None:
    with pytest.raises(RejectedError) as caught:
        await contracts.take_request(works, acme, contracts.read_asked(told), by="ann")
    assert caught.value.code == code
    assert (await the_contract(works, acme)).problem_code == code


async def test_another_company_is_noticed(works: Works, acme: int, admin: Admin) -> None:
    urn = await waiting_contract(works, acme, admin)
    asked = contracts.Asked(organizations=("urn:li:organization:99",), contracts=(urn,))
    with pytest.raises(RejectedError) as caught:
        await contracts.take_request(works, acme, asked, by="ann")
    assert caught.value.code == "linkedin_company_changed"
    assert [one.state for one in await contracts_of(works, acme)] == ["waiting", "refused"]


async def test_switching_off_and_ending_are_noticed_and_undone(
    works: Works, acme: int, sandbox: Sandbox, admin: Admin
) -> None:
    urn = await waiting_contract(works, acme, admin)
    admin.switch(urn)
    await statuses.follow(works, acme)
    admin.switch(urn, "DISABLED", ("ONE_CLICK_EXPORT",))
    await statuses.follow(works, acme)
    found = await the_contract(works, acme)
    assert (found.state, found.problem_code) == ("disabled", "linkedin_company_level_off")
    assert not await may_run(works, acme, "linkedin")
    admin.switch(urn)
    await statuses.follow(works, acme)
    assert (await the_contract(works, acme)).state == "enabled"
    child = _child(sandbox)
    child.integrations = {key: one for key, one in child.integrations.items() if one.type != "CSA_API"}
    await statuses.follow(works, acme)
    found = await the_contract(works, acme)
    assert (found.state, found.problem_code) == ("expired", "linkedin_contract_ended")
    async with works.database.connection() as connection:
        assert not await may_send(connection, acme)


async def test_company_that_got_another_id_is_told_and_everything_is_sent_anew(
    works: Works, acme: int, sandbox: Sandbox, admin: Admin
) -> None:
    urn = await waiting_contract(works, acme, admin)
    admin.switch(urn)
    await statuses.follow(works, acme)
    child = _child(sandbox)
    child.integrations = {key: one for key, one in child.integrations.items() if one.type == "CSA_API"}
    await statuses.follow(works, acme)
    found = await the_contract(works, acme)
    assert (found.state, found.problem_code) == ("expired", "linkedin_company_ended")

    async with works.database.transaction() as connection:
        await connection.execute(
            "WITH one AS (INSERT INTO record (workspace_id, kind, key, body, first_seen_at, changed_at)"
            " VALUES (%(w)s, 'job', 'j', '{}', now(), now()) RETURNING id)"
            " INSERT INTO delivery (record_id, workspace_id, kind, state, priority, fingerprint, far, changed_at)"
            " SELECT id, %(w)s, 'job', 'delivered', 2, 'x', '{}', now() FROM one",
            {"w": acme},
        )
    admin.organization = "urn:li:organization:99"
    structs.force_setattr(sandbox.linkedin.state.network, "organization", admin.organization)
    told = contracts.read_asked(admin.requests(urn))
    with pytest.raises(RejectedError):  # not while a contract of the old one is in use
        await contracts.take_request(works, acme, told, by="ann")
    await contracts.disconnect(works, acme, found.id)
    await contracts.take_request(works, acme, told, by="ann")
    await statuses.follow(works, acme)
    admin.switch(urn)
    await statuses.follow(works, acme)
    assert (await the_contract(works, acme)).state == "enabled"
    async with works.database.connection() as connection:
        cursor = await connection.execute("SELECT state, fingerprint, far FROM delivery")
        assert await cursor.fetchall() == [("due", None, None)]
        assert {one.context for one in await load_integrations(connection, acme)} == {"urn:li:organization:99", urn}


async def test_disconnected_contract_is_asked_for_no_more_and_can_be_connected_again(
    works: Works, acme: int, sandbox: Sandbox, admin: Admin
) -> None:
    urn = await waiting_contract(works, acme, admin)
    admin.switch(urn)
    await statuses.follow(works, acme)
    number = (await the_contract(works, acme)).id
    assert await contracts.disconnect(works, acme, number)
    assert not await contracts.disconnect(works, acme, number)
    assert await statuses.follow(works, acme) is None
    assert not await may_run(works, acme, "linkedin")
    await contracts.reconnect(works, acme, number, by="bob")
    await statuses.follow(works, acme)
    found = await the_contract(works, acme)
    assert (found.id, found.state, found.ended_at) == (number, "enabled", None)


async def test_paused_contract_lets_nothing_go(works: Works, acme: int, admin: Admin) -> None:
    urn = await waiting_contract(works, acme, admin)
    admin.switch(urn)
    await consent.agree(works, acme, by="ann", choices={})
    await statuses.follow(works, acme)
    number = (await the_contract(works, acme)).id
    assert await may_run(works, acme, "linkedin")
    assert await contracts.pause(works, acme, number, paused=True)
    assert not await may_run(works, acme, "linkedin")
    assert await contracts.pause(works, acme, number, paused=False)
    assert await may_run(works, acme, "linkedin")
    assert await consent.withdraw(works.database, acme, by="ann", now=works.clock.now())
    assert not await may_run(works, acme, "linkedin")


async def test_configuration_that_is_refused_is_shown_and_tried_again(
    works: Works, acme: int, sandbox: Sandbox, admin: Admin
) -> None:
    await contracts.begin(works, acme, by="ann", console="http://console.example.org")
    asked = contracts.read_asked(admin.requests(admin.contracts[0]))
    await contracts.take_request(works, acme, asked, by="ann")
    # The sandbox takes plain http from this machine only, as LinkedIn wants https.
    await statuses.follow(works, acme)
    found = await the_contract(works, acme)
    assert (found.state, found.problem_code) == ("configuring", "linkedin_configuration_refused")
    await application.ensure_application(works, acme, console=CONSOLE)
    await statuses.follow(works, acme)
    assert (await the_contract(works, acme)).state == "waiting"


async def test_several_contracts_share_the_application_and_stand_each_for_itself(
    works: Works, acme: int, admin: Admin
) -> None:
    first = await waiting_contract(works, acme, admin)
    second = admin.contracts[1]
    await contracts.take_request(works, acme, contracts.read_asked(admin.requests(second)), by="ann")
    await statuses.follow(works, acme)
    admin.switch(first)
    await statuses.follow(works, acme)
    assert {one.urn: one.state for one in await contracts_of(works, acme)} == {first: "enabled", second: "waiting"}


async def test_keys_and_contracts_of_the_older_product_are_taken_over(
    works: Works, acme: int, sandbox: Sandbox, admin: Admin
) -> None:
    child = sandbox.linkedin.credentials()["child"]
    await application.take_over_keys(works, acme, client_id=child["client_id"], client_secret=child["client_secret"])
    kept = await application.ensure_application(works, acme, console=CONSOLE)
    assert (kept.client_id, kept.urn) == (child["client_id"], "")
    urn = admin.contracts[0]
    admin.requests(urn)
    asked = contracts.asked_by_number(urn.rpartition(":")[2], admin.organization)
    await contracts.take_request(works, acme, asked, by="ann")
    await statuses.follow(works, acme)
    assert (await the_contract(works, acme)).state == "waiting"
    with pytest.raises(SettingError) as caught:
        await application.rotate_secret(works, acme)
    assert caught.value.code == "linkedin_secret_by_hand"


async def pushed(works: Works, workspace: int, secret: str) -> int:
    """The answer to a push of LinkedIn's that is signed with this secret."""
    async with works.database.connection() as connection:
        facts = await load_workspace(connection, workspace)
    body = b'{"type": "INTEGRATION_STATUS_CHANGE", "id": "r1"}'
    signature = hmac.new(secret.encode(), b"hmacsha256=" + body, "sha256").hexdigest()
    receiver = PushReceiver(works.database, works.vault, works.clock.now)
    transport = httpx2.ASGITransport(app=receiver)
    async with httpx2.AsyncClient(transport=transport, base_url=CONSOLE) as linkedin:
        headers = {"x-li-signature": signature, "content-type": "application/json"}
        answer = await linkedin.post(f"/linkedin/{facts.foreign_id}", content=body, headers=headers)
    return answer.status_code


async def test_rotated_secret_signs_calls_and_the_older_one_still_counts_for_pushes(
    works: Works, acme: int, sandbox: Sandbox, admin: Admin
) -> None:
    await waiting_contract(works, acme, admin)
    before = _child(sandbox).client_secret
    await application.rotate_secret(works, acme)
    after = _child(sandbox).client_secret
    assert before != after
    assert await pushed(works, acme, after) == await pushed(works, acme, before) == 200
    assert await pushed(works, acme, "neither") == 401
    assert await statuses.follow(works, acme) is not None


async def test_push_is_worked_off_and_what_nobody_understands_is_kept(
    works: Works, acme: int, sandbox: Sandbox, admin: Admin
) -> None:
    urn = await waiting_contract(works, acme, admin)
    changed = None
    for type_ in (*COMPANY, "CSA_API"):
        context = urn if type_ == "CSA_API" else admin.organization
        changed = sandbox.linkedin.recruiter.set_status(context, type_, "ENABLED")["request_id"]
    now = works.clock.now()
    body = b'{"type": "INTEGRATION_STATUS_CHANGE", "id": "%s"}' % str(changed).encode()
    told = Push(type="INTEGRATION_STATUS_CHANGE", request_id=str(changed), event_id=f"i:{changed}")
    assert await inbox.take(works.database, acme, told, body, now)
    assert not await inbox.take(works.database, acme, told, body, now)
    unheard = Push(type="UNHEARD_OF", request_id="e1", event_id="e:1")
    await inbox.take(works.database, acme, unheard, b'{"type": "UNHEARD_OF", "id": "e1"}', now)
    assert await inbox.work(works, acme) is None
    assert (await the_contract(works, acme)).state == "enabled"
    async with works.database.connection() as connection:
        assert await waiting_events(connection, acme, now) == []
        cursor = await connection.execute("SELECT type, state FROM inbox ORDER BY type")
        assert await cursor.fetchall() == [("INTEGRATION_STATUS_CHANGE", "done"), ("UNHEARD_OF", "kept")]


class Job:
    """What a worker gives to a task."""

    def __init__(self, works: Works) -> None:
        self.additional_context = {"works": works, "stopping": lambda: False}


async def waiting_jobs(works: Works) -> dict[str, bool]:
    """Names of waiting jobs, and whether each waits for a time."""
    async with works.database.connection() as connection:
        cursor = await connection.execute(
            "SELECT task_name, scheduled_at IS NOT NULL FROM procrastinate_jobs WHERE status = 'todo'"
        )
        return dict(await cursor.fetchall())


async def test_worker_follows_a_contract_and_asks_for_itself_again(works: Works, acme: int, admin: Admin) -> None:
    await contracts.begin(works, acme, by="ann", console=CONSOLE)
    urn = admin.contracts[0]
    await contracts.take_request(works, acme, contracts.read_asked(admin.requests(urn)), by="ann")
    assert (await waiting_jobs(works))["follow_contracts"] is False
    async with works.database.connection() as connection:
        await connection.execute("DELETE FROM procrastinate_jobs")
    job: Any = Job(works)
    await tasks.follow_contracts(job, workspace=acme)
    assert (await the_contract(works, acme)).state == "waiting"
    assert (await waiting_jobs(works))["follow_contracts"] is True
    admin.switch(urn)
    await tasks.follow_contracts(job, workspace=acme)
    assert (await the_contract(works, acme)).state == "enabled"
    assert "read_people" in await waiting_jobs(works)


async def test_tick_asks_for_contracts_that_are_due_where_their_job_got_lost(
    works: Works, acme: int, admin: Admin
) -> None:
    await waiting_contract(works, acme, admin)
    async with works.database.connection() as connection:
        await connection.execute("DELETE FROM procrastinate_jobs")
        facts = await load_workspace(connection, acme)
    await tick.look_after(works, facts)
    assert "follow_contracts" not in await waiting_jobs(works)  # asked a moment ago
    async with works.database.connection() as connection:
        await connection.execute("UPDATE contract SET look_at = now() - interval '1 second'")
    await tick.look_after(works, facts)
    assert "follow_contracts" in await waiting_jobs(works)


async def test_seats_and_users_are_pulled_in_and_the_certain_ones_joined(
    works: Works, acme: int, sandbox: Sandbox, admin: Admin
) -> None:
    await connect(works, acme, sandbox)
    urn = await waiting_contract(works, acme, admin)
    admin.switch(urn)
    await statuses.follow(works, acme)
    await people.read_people(works, acme)
    async with works.database.connection() as connection:
        counts = await count_seats(connection, acme)
        suggested = await suggest_links(connection, acme)
    active = [one for one in sandbox.linkedin.state.network.seats if one.contract == urn and one.state == "ACTIVE"]
    assert counts.seats == len(active) > 0
    assert counts.users > 0
    certain = [one for one in suggested if one.certain]
    assert await people.accept_certain(works, acme, by="ann") == len(certain) > 0
    async with works.database.connection() as connection:
        linked, total = await load_seats(connection, acme, shown="linked")
    assert total == len(certain)
    assert {one.made_by for one in linked} == {"ann"}
    assert sandbox.linkedin.journal.violations() == []


def seat_calls(sandbox: Sandbox) -> int:
    """How often LinkedIn was asked for seats."""
    requests = sandbox.linkedin.journal.requests
    return sum(count for (operation, _), count in requests.items() if operation.startswith("seats"))


async def calls_counted(works: Works, workspace: int) -> int:
    async with works.database.connection() as connection:
        return (await budgets.look(connection, bucket_key(workspace), now=works.clock.now())).calls


def bucket_key(workspace: int) -> BudgetKey:
    return BudgetKey(workspace, "linkedin", bucket.BUCKET)


async def test_each_page_of_seats_takes_a_call_of_the_bucket_that_inmails_and_notes_are_read_from(
    works: Works, acme: int, sandbox: Sandbox, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    await connect(works, acme, sandbox)
    admin.switch(await waiting_contract(works, acme, admin))
    await statuses.follow(works, acme)
    monkeypatch.setattr("landbridge.connectors.linkedin.seats.PAGE", 1)
    await people.read_people(works, acme)
    assert await calls_counted(works, acme) == seat_calls(sandbox) > 2


async def test_seats_are_not_asked_for_while_the_bucket_is_empty_and_come_by_themselves_afterwards(
    works: Works, acme: int, sandbox: Sandbox, admin: Admin
) -> None:
    await connect(works, acme, sandbox)
    admin.switch(await waiting_contract(works, acme, admin))
    await statuses.follow(works, acme)
    now = works.clock.now()
    async with works.database.connection() as connection:
        await budgets.look(connection, bucket_key(acme), now=now)
        await connection.execute("UPDATE budget SET calls = %s", [bucket.CALLS_PER_DAY])
        tomorrow = await bucket.empty_until(connection, acme, now)
        await connection.execute("DELETE FROM procrastinate_jobs")
    assert tomorrow is not None
    assert tomorrow > now
    with pytest.raises(RateLimitedError) as refused:
        await people.read_people(works, acme)
    assert refused.value.code == "linkedin_calls_used_up"
    assert refused.value.retry_after is not None
    assert f"{tomorrow:%Y-%m-%d %H:%M} UTC" in str(refused.value)
    assert abs(works.clock.now() + refused.value.retry_after - tomorrow) < timedelta(minutes=1)
    job: Any = Job(works)
    await tasks.read_people(job, workspace=acme)
    async with works.database.connection() as connection:
        cursor = await connection.execute(
            "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'read_people' AND status = 'todo'"
        )
        [[scheduled_at]] = await cursor.fetchall()
        counts = await count_seats(connection, acme)
    assert scheduled_at >= tomorrow - timedelta(minutes=1)
    assert (seat_calls(sandbox), counts.seats) == (0, 0)
    assert counts.users > 0  # who works in the ATS is read all the same
    async with works.database.connection() as connection:
        await connection.execute("UPDATE budget SET day = day - 1")
        assert await bucket.empty_until(connection, acme, works.clock.now()) is None
    await people.read_people(works, acme)
    assert seat_calls(sandbox) == await calls_counted(works, acme) > 0


async def test_ats_is_tried_before_it_is_saved(works: Works, acme: int, sandbox: Sandbox) -> None:
    with pytest.raises(SignInRejectedError):
        await ats.connect_ats(works, acme, {"api_key": "wrong"})
    async with works.database.connection() as connection:
        assert await load_system_states(connection, acme) == []
    await connect(works, acme, sandbox)
    with pytest.raises(SignInRejectedError):
        await ats.connect_ats(works, acme, {"api_key": "wrong"})
    found = await ats.load_ats(works, acme)
    assert found is not None
    assert found.secrets["api_key"] == sandbox.smartrecruiters.credentials()["api_key"]
    async with works.database.connection() as connection:
        assert [one.state for one in await load_system_states(connection, acme)] == ["ok"]
        newest = await sweeps.newest(connection, acme)
    assert newest is not None  # it reads ahead; nothing leaves before somebody has agreed


async def test_agreeing_keeps_the_choices_with_what_they_affected(works: Works, acme: int) -> None:
    receipt = await consent.agree(works, acme, by="ann", choices={"history_days": 730, "exclude_confidential": True})
    assert receipt.choices == {"history_days": 730, "exclude_confidential": True}
    assert receipt.counts == {"jobs": 0, "candidates": 0, "applications": 0}
    assert "candidate.emailAddresses" in receipt.fields
    assert "candidate.phoneNumbers" not in receipt.fields
    with pytest.raises(SettingError):
        await consent.agree(works, acme, by="ann", choices={"history_days": 30})
    async with works.database.connection() as connection:
        facts = await load_workspace(connection, acme)
        samples = await consent.load_samples(connection, facts, works.clock.now())
    assert samples == {kind: [] for kind in Kind}
