"""Making a workspace in the console, and what a page says while the database is away."""

from __future__ import annotations

from landbridge.store.database import Database
from landbridge.store.workspaces import load_workspaces
from tests.web.people import Console, acts_of, post, words


async def test_operator_makes_workspaces_and_the_same_name_twice(console: Console, database: Database) -> None:
    browser = await console.signed_in(await console.person("ada", runs=True))
    assert "Make the workspace" in words(await browser.get("/workspaces"))
    for address in ("/w/acme-foods/", "/w/acme-foods-2/", "/w/company/"):
        name = "東京" if "company" in address else "Acme  Foods "
        answer = await post(browser, "/workspaces/new", page="/workspaces", name=name)
        assert answer.headers["location"] == address
        assert (await browser.get(address)).status_code == 200
    async with database.connection() as connection:
        made = await load_workspaces(connection)
    assert {one.name for one in made} == {"Acme Foods", "東京"}
    assert len({one.foreign_id for one in made}) == 3
    assert ("ada", "workspace.made", "東京") in {act[:3] for act in await acts_of(database)}
    await post(browser, "/workspaces/new", page="/workspaces", name="  ")
    assert "A workspace needs a name" in words(await browser.get("/workspaces"))


async def test_others_are_not_offered_a_new_workspace(console: Console) -> None:
    browser = await console.signed_in(await console.person("bob"))
    assert "Make the workspace" not in words(await browser.get("/workspaces"))


async def test_page_says_to_wait_while_the_database_is_away(console: Console, database: Database) -> None:
    browser = await console.signed_in(await console.person("ada", runs=True))
    await database.pool.close()
    answer = await browser.get("/workspaces")
    assert answer.status_code == 503
    assert "wait a moment and try again" in words(answer)
