"""Choosing, the desk, the sync and the panel from the command line: what the console says and does, and its lines."""

from __future__ import annotations

import asyncio
import json

import pytest

from landbridge.settings import Settings
from landbridge.store.connections import save_credentials
from landbridge.store.database import Database
from landbridge.store.secrets import unlock
from landbridge.store.workspaces import create_workspace
from landbridge.web.rooms import machine_time
from tests.cli.terminal import Terminal
from tests.web.desk_sample import fill_desk

SETTING = 3


@pytest.fixture
def terminal(database_url: str) -> Terminal:
    return Terminal(database_url)


@pytest.fixture
def people(settings: Settings) -> dict[str, int]:
    """A workspace with a case of each kind on its desk: the numbers of the cases, by whom they are about."""

    async def make() -> dict[str, int]:
        async with await Database.open(settings) as database:
            vault = await unlock(settings, database)
            async with database.transaction() as connection:
                now = machine_time()
                one = await create_workspace(connection, slug="acme", name="Acme", foreign_id="acme", now=now)
                await save_credentials(
                    connection, one, "smartrecruiters", vault=vault, settings={}, secrets={"api_key": "x"}
                )
                await save_credentials(
                    connection, one, "linkedin", vault=vault, settings={"organization": "1"}, secrets={}
                )
                return await fill_desk(connection, one, now)

    return asyncio.run(make())


def test_desk_shows_what_waits_and_takes_answers(terminal: Terminal, people: dict[str, int]) -> None:
    listed = terminal.types("desk")
    assert "Mira Okafor" in listed
    assert "settle it with: email, attach, dismiss" in listed
    assert len(json.loads(terminal.types("desk", "--json", "--group", "closed"))) == 1
    assert "Jun Sato" not in terminal.types("desk", "--named", "mira")
    assert "certain): c2" in terminal.types("desk", "show", str(people["2"]))
    assert "c1 " in terminal.types("desk", "find", "Okafor")
    assert "1 people attached" in terminal.types("desk", "accept")
    told = terminal.types("desk", "email", str(people["1"]), "mira.o@example.com")
    decision = told.rpartition("Decision ")[2].strip(" .\n")
    assert "was first" in terminal.types("desk", "dismiss", str(people["1"]), status=SETTING)
    assert "mira" in terminal.types("desk", "settled").lower()
    assert "taken back" in terminal.types("desk", "undo", decision)
    assert "1 settled, 0 left" in terminal.types("desk", "all", "conflict", "keep")
    assert "Lena Moss" in terminal.types("desk", "exports")
    assert "no such candidate" in terminal.types("desk", "attach", str(people["3"]), "c9", status=SETTING)
    assert "is no answer" in terminal.types("desk", "clear", str(people["3"]), status=SETTING)
    assert "say the number" in terminal.types("desk", "dismiss", "that one", status=2)
    assert terminal.acts() == ["desk.accepted", "desk.email", "desk.undone", "desk.keep"]


@pytest.mark.usefixtures("people")
def test_choices_are_saved_until_somebody_agrees_and_agreed_to_from_then_on(terminal: Terminal) -> None:
    told = terminal.types("choose", "--access", "teams", "--history", "1095")
    assert "Seen by:           the hiring team" in told
    assert "The hiring teams have to be read once: landbridge sync --reread" in told
    assert "nobody sees the job" in told
    assert terminal.acts() == ["choices.changed"]
    assert "versioned API only" in terminal.types("choose", "--resumes", status=SETTING)
    linkedin = ("--set", "organization=1", "--set", 'dialects={"resumes": "rest"}')
    assert "Saved" in terminal.types("connect", "linkedin", *linkedin, status=SETTING)  # without the partner's keys
    agreed = terminal.types("choose", "--agree")
    assert "I recognize that data" in agreed
    assert "jobs: Id in the ATS" in agreed
    assert "resumes:" not in agreed

    refused = terminal.types("choose", "--resumes", status=SETTING)
    assert "landbridge choose --agree" in refused
    assert "Resumes:           stay in the ATS" in terminal.types("choose")
    shared = terminal.types("choose", "--resumes", "--reviews", "--notes", "--agree")
    assert "the resumes people applied with are shared" in shared
    assert "Resumes:           go as attachments" in shared
    assert "every note on an application may be among them, whoever it was meant for" in shared
    assert "Notes:             go as notes on applications" in shared
    assert "The notes are read now." in shared
    assert "The resumes are read now." in shared
    assert "Seen by:           whoever" in terminal.types("choose", "--access", "everybody", "--agree")
    assert terminal.acts() == ["choices.changed", "connection.saved", *3 * ["consent.given"]]


@pytest.mark.usefixtures("people")
def test_sync_panel_and_policy_leave_their_lines(terminal: Terminal) -> None:
    terminal.types("sync", "--no-follow")
    terminal.types("sync", "--pause")
    terminal.types("panel", "--origin", "https://ats.example.com")
    terminal.types("choose", "--export-address", "exports+{id}@example.com")
    assert terminal.acts() == ["sync.started", "sync.paused", "panel.origins_named", "desk.policy"]
    looked = ("choose", "panel", "desk", "users", "contract", "status", "activity", "erased")
    for command in looked:
        terminal.types(command)
    assert len(terminal.acts()) == 4
