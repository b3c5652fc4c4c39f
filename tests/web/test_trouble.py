"""A crowd, or a database that goes away under a page, never shows as a mistake of the page's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import httpx2
import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import OperationalError, connections
from django.test import RequestFactory
from psycopg import errors
from starlette.types import Message, Receive, Scope, Send

from landbridge.store.memberships import Role
from landbridge.web.application import in_turns
from landbridge.web.console.refusals import bad_request, trouble_behind
from tests.web.people import Console


@contextmanager
def accounts_out_of_reach() -> Iterator[None]:
    """Django's own connections fail, as while a database restarts or has no place left; the pool's go on."""
    with patch.dict(connections.settings["default"], {"HOST": "/nowhere"}):
        yield


async def test_page_says_to_come_back_while_accounts_cannot_be_reached(console: Console, workspace: int) -> None:
    ann = await console.member("ann", workspace, Role.VIEWER)
    with accounts_out_of_reach():
        for path in ("/w/acme/", "/account", "/"):
            answer = await ann.get(path)
            assert answer.status_code == 503, path
            assert "Not just now" in answer.text
            assert "nowhere" not in answer.text
    assert (await ann.get("/w/acme/")).status_code == 200


async def test_form_sent_while_accounts_cannot_be_reached_says_so_and_does_nothing(
    console: Console, workspace: int
) -> None:
    ann = await console.member("ann", workspace, Role.ADMIN)
    page = (await ann.get("/w/acme/people")).text
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    with accounts_out_of_reach():
        answer = await ann.post("/w/acme/sync/compare", data={"csrfmiddlewaretoken": token})
    assert answer.status_code == 503


def interrupted(cause: Exception) -> SessionInterrupted:
    """As the session middleware raises it, with what made it."""
    try:
        try:
            raise cause
        except type(cause):
            raise SessionInterrupted("deleted before the request completed")  # noqa: B904 - as Django does it
    except SessionInterrupted as lost:
        return lost


async def test_session_that_could_not_be_saved_is_told_from_one_that_was_ended(browser: httpx2.AsyncClient) -> None:
    request = RequestFactory().get("/w/acme/")
    ended = bad_request(request, interrupted(OperationalError("Forced update did not affect any rows.")))
    assert (ended.status_code, ended.headers["location"]) == (302, "/sign-in")
    lost = bad_request(request, interrupted(errors.AdminShutdown("terminating connection")))
    assert lost.status_code == 503


def test_mistake_of_ours_is_no_trouble_of_the_database() -> None:
    assert trouble_behind(errors.UndefinedColumn("column x does not exist")) is None
    assert trouble_behind(KeyError("x")) is None
    assert trouble_behind(None) is None


@pytest.mark.parametrize("crowd", [1, 7])
async def test_crowd_is_let_in_a_few_at_a_time_and_everybody_gets_in(crowd: int) -> None:
    inside, most, served = 0, 0, 0

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        nonlocal inside, most, served
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        inside, served = inside - 1, served + 1
        if served == 2:
            raise OSError("a browser went away")

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_message: Message) -> None: ...

    turns = in_turns(app, 3)
    await asyncio.gather(*(turns({"type": "http"}, receive, send) for _ in range(crowd)), return_exceptions=True)
    assert (served, most) == (crowd, min(crowd, 3))
