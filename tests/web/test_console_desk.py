"""The desk in the console: what is shown to whom, what each answer does, and what two people at once are told."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from landbridge.store.database import Database
from landbridge.store.memberships import Role
from landbridge.store.workspaces import create_workspace
from tests.web.desk_sample import fill_desk
from tests.web.people import Console, post, token_in, words

DESK = "/w/acme/desk"


class Company:
    def __init__(self, console: Console, workspace: int, numbers: dict[str, int]) -> None:
        self.console, self.workspace, self.numbers = console, workspace, numbers
        self.ann = self.bea = self.vic = console.browser()

    async def say(self, who: httpx2.AsyncClient, person: str, did: str, **fields: str) -> httpx2.Response:
        number = self.numbers[person]
        return await post(who, f"{DESK}/{number}/answer", page=DESK, did=did, **fields)

    async def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        async with self.console.database.connection() as connection:
            cursor = await connection.execute(statement.encode(), parameters)
            return list(await cursor.fetchall())


@pytest.fixture
async def company(console: Console, database: Database, workspace: int) -> Company:
    async with database.transaction() as connection:
        numbers = await fill_desk(connection, workspace, console.clock.now)
    company = Company(console, workspace, numbers)
    company.ann = await console.member("ann", workspace, Role.ADMIN)
    company.bea = await console.member("bea", workspace, Role.ADMIN)
    company.vic = await console.member("vic", workspace, Role.VIEWER)
    return company


async def test_empty_desk_teaches(console: Console, workspace: int) -> None:
    ann = await console.member("ann", workspace, Role.ADMIN)
    shown = words(await ann.get(DESK))
    assert "Nothing waits for you" in shown
    assert "it never guesses" in shown
    assert "Nobody has been exported yet this month" in shown
    assert "Nobody has decided anything yet" in words(await ann.get(f"{DESK}/settled"))


async def test_each_case_says_who_what_why_and_what_settles_it(company: Company) -> None:
    shown = words(await company.ann.get(DESK))
    for expected in (
        "Exported, but no e-mail address 1",
        "Mira Okafor Night train conductor",
        "1 export, 2 InMails · for Train manager, Berlin · by Lena Moss",
        "It is Jun Sato",
        "same name, and on this job already",
        "On LinkedIn ada.brandt@example.org · +49 30 123456",
        "In the ATS a.brandt@example.com",
        "Take LinkedIn's",
        "Job not found",
        "Delete what was imported",
        "A LinkedIn member, name not told",
        "Accept the certain one",
        "Exports this month 3",
    ):
        assert expected in shown
    # A viewer sees that something waits and why, and neither what people wrote nor a button.
    seen = await company.vic.get(DESK)
    assert "Mira Okafor" in seen.text
    assert "would like to hear more" not in seen.text
    assert "/answer" not in seen.text
    assert (await company.vic.get(f"{DESK}/{company.numbers['1']}")).status_code == 403
    found = words(await company.ann.get(f"{DESK}/{company.numbers['1']}?q=sat+jun"))
    assert "jun@example.com" in found
    assert "sato@example.com" in found
    assert "would like to hear more" in found
    assert "No candidate is called so" in words(await company.ann.get(f"{DESK}/{company.numbers['1']}?q=zzz"))
    assert "Nobody fits" in words(await company.ann.get(f"{DESK}?q=nothing-like-it"))
    assert "Mira Okafor" in words(await company.ann.get(f"{DESK}?group=needs_email&q=mira"))


async def test_second_of_two_admins_is_told_who_was_first(company: Company) -> None:
    stale = await company.bea.get(DESK)
    answer = await company.say(company.ann, "1", "email", email="mira@example.org")
    assert answer.status_code == 302
    late = await company.bea.post(
        f"{DESK}/{company.numbers['1']}/answer",
        data={"csrfmiddlewaretoken": token_in(stale), "did": "attach", "candidate": "c1"},
    )
    assert late.headers["location"] == f"{DESK}/settled"
    told = words(await company.bea.get(late.headers["location"]))
    assert "ann was first: entered an e-mail address. Your answer was not used." in told
    assert "ann entered an e-mail address: Mira Okafor" in told
    # The same again is no mistake.
    again = await company.ann.post(
        f"{DESK}/{company.numbers['1']}/answer",
        data={
            "csrfmiddlewaretoken": token_in(await company.ann.get(DESK)),
            "did": "email",
            "email": "mira@example.org",
        },
    )
    assert again.headers["location"] == DESK
    assert await company.rows("SELECT did, elements, made_by FROM decision") == [("email", 3, "ann")]
    assert ("ann", "desk.email") in await company.rows("SELECT who, act FROM audit_event")
    jobs = await company.rows("SELECT task_name FROM procrastinate_jobs WHERE task_name = 'work_arrivals'")
    assert len(jobs) == 1


async def test_what_is_entered_is_checked_and_kept_on_the_page(company: Company) -> None:
    wrong = await company.say(company.ann, "1", "email", email="mira at example")
    assert wrong.status_code == 400
    assert "What was entered is no e-mail address" in words(wrong)
    assert 'value="mira at example"' in wrong.text
    assert (await company.say(company.ann, "3", "attach", candidate="c9")).status_code == 400
    missing = await company.say(company.ann, "3", "create", first_name="Zoe", email="zoe@example.org", job="J1")
    assert "A candidate has a first and a last name" in words(missing)
    assert (await company.say(company.ann, "3", "clear")).status_code == 404
    assert (await company.say(company.ann, "5", "job", job="J9")).status_code == 400
    assert "Train manager, Berlin" in words(await company.ann.get(f"{DESK}/{company.numbers['5']}"))
    assert (await company.say(company.ann, "3", "nonsense")).status_code == 404
    changed = await company.say(company.ann, "3", "dismiss", stamp="older")
    assert "Nothing was done: look again" in words(await company.ann.get(changed.headers["location"]))
    assert await company.rows("SELECT count(*) FROM decision") == [(0,)]


async def test_dismissed_taken_back_and_all_at_once(company: Company) -> None:
    assert (await company.say(company.ann, "3", "dismiss")).status_code == 302
    ((decision,),) = await company.rows("SELECT id FROM decision")
    page = await company.bea.get(f"{DESK}/settled")
    assert "It waits on the desk again" in words(page)
    await post(company.bea, f"{DESK}/settled/{decision}/undo", page=f"{DESK}/settled")
    assert "taken back by bea" in words(await company.ann.get(f"{DESK}/settled"))
    twice = await post(company.ann, f"{DESK}/settled/{decision}/undo", page=DESK)
    assert "bea has taken this back already" in words(await company.ann.get(twice.headers["location"]))
    assert (await post(company.ann, f"{DESK}/settled/4711/undo", page=DESK)).status_code == 404
    assert "The same for all of them" in words(await company.ann.get(f"{DESK}?group=trouble"))
    done = await post(company.ann, f"{DESK}/all", page=DESK, group="trouble", did="dismiss")
    assert "1 is settled." in words(await company.ann.get(done.headers["location"]))
    assert (await post(company.ann, f"{DESK}/all", page=DESK, group="closed", did="clear")).status_code == 404
    accepted = await post(company.ann, f"{DESK}/accept", page=DESK)
    assert "1 person is attached" in words(await company.ann.get(accepted.headers["location"]))
    assert ("attach", "c2") in await company.rows("SELECT did, candidate FROM decision")


async def test_policy_is_explained_checked_and_used_for_those_who_wait(company: Company) -> None:
    assert "Nothing is made up" in words(await company.ann.get(DESK))
    wrong = await post(company.ann, f"{DESK}/policy", page=DESK, policy="address", address="exports@acme.example")
    assert wrong.status_code == 400
    assert 'value="exports@acme.example"' in wrong.text
    done = await post(company.ann, f"{DESK}/policy", page=DESK, policy="address", address="in+{id}@acme.example")
    assert "1 who waited goes on" in words(await company.ann.get(done.headers["location"]))
    assert await company.rows("SELECT choices->>'export_address' FROM workspace") == [("in+{id}@acme.example",)]
    assert (await post(company.vic, f"{DESK}/policy", page="/w/acme/people", policy="wait")).status_code == 403
    await post(company.ann, f"{DESK}/policy", page=DESK, policy="wait", address="in+{id}@acme.example")
    assert await company.rows("SELECT choices->>'export_address' FROM workspace") == [("",)]


async def test_seat_near_the_limit_of_exports_is_named(company: Company) -> None:
    await company.rows(
        """INSERT INTO arrival (workspace_id, kind, far_id, subject, body, raw, state, received_at, changed_at)
           SELECT %s, 'export', 'e' || n, 'urn:li:seat:1', '{}', '', 'done', %s, %s FROM generate_series(1, 250) n
           RETURNING id""",
        company.workspace,
        company.console.clock.now,
        company.console.clock.now,
    )
    assert "Lena Moss has 47 of 300 exports left this month" in words(await company.ann.get(DESK))
    company.console.clock.advance(days=40)
    ann = await company.console.signed_in((await company.rows("SELECT id FROM auth_user WHERE username = 'ann'"))[0][0])
    assert "Nobody has been exported yet this month" in words(await ann.get(DESK))


async def test_no_number_reaches_another_workspace(company: Company, database: Database) -> None:
    async with database.transaction() as connection:
        other = await create_workspace(
            connection, slug="globex", name="Globex", foreign_id="lb-globex", now=company.console.clock.now
        )
    eve = await company.console.member("eve", other, Role.ADMIN)
    number = company.numbers["1"]
    assert (await eve.get(f"/w/globex/desk/{number}")).status_code == 404
    for path in (f"{number}/answer", f"{number}/take-off", "settled/1/undo"):
        answer = await post(eve, f"/w/globex/desk/{path}", page="/w/globex/people", did="dismiss")
        assert answer.status_code == 404, path
    assert await company.rows("SELECT count(*) FROM decision") == [(0,)]
