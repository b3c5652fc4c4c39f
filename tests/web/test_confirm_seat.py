"""Confirm it is me: LinkedIn's sign-in, in the browser that was sent there, settles whose seat it is."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from landbridge.sandbox.worlds.network import Person
from landbridge.store.seats import load_seats, seats_of_person
from tests.web.onboarding import ORIGIN, Onboarding
from tests.web.people import acts_of, words

RECRUITER = 1  # no admin, with one seat


class Desk:
    """A seat of the recruiter, linked to some user, and the link with which it can be confirmed."""

    def __init__(self, onboarding: Onboarding, person: Person, seat: int) -> None:
        self.onboarding, self.person, self.seat = onboarding, person, seat
        self.guest = onboarding.as_stranger().client

    async def link(self) -> str:
        page = await self.onboarding.see(f"connect-users/{self.seat}")
        found = re.search(rf'value="{ORIGIN}(/confirm-seat/[^"]+)"', page)
        assert found, page
        return html.unescape(found[1])

    async def sign_in(self, address: str, person: Person | None = None, decision: str = "allow") -> str:
        """On LinkedIn's page; where it sends the browser back to."""
        who = person or self.person
        form = {"login": who.login, "password": who.password, "decision": decision}
        async with httpx2.AsyncClient(trust_env=False, timeout=60) as browser:
            answer = await browser.post(address, data=form)
        assert answer.status_code == 302, answer.text[:2000]
        return answer.headers["location"]

    async def reason(self) -> str | None:
        async with self.onboarding.database.connection() as connection:
            seats, _ = await load_seats(connection, 1)
        return next(seat.reason for seat in seats if seat.id == self.seat)


@pytest.fixture
async def desk(onboarding: Onboarding) -> Desk:
    key = onboarding.sandbox.smartrecruiters.credentials()["api_key"]
    await onboarding.send("ats/save", "ats", 200, way="api_key", api_key=key)
    await onboarding.stand_before_the_window()
    contract = await onboarding.request_and_finish()
    onboarding.switch_on()
    await onboarding.ask_linkedin(contract)
    await onboarding.send("connect-users/refresh", "connect-users")
    person = onboarding.sandbox.linkedin.state.network.people[RECRUITER]
    urn = onboarding.child().persons.urn(person.member)
    async with onboarding.database.transaction() as connection:
        [seat] = await seats_of_person(connection, 1, urn)
        cursor = await connection.execute("SELECT min(id) FROM ats_user WHERE active AND gone_at IS NULL")
        row = await cursor.fetchone()
    assert row is not None
    await onboarding.send(f"connect-users/{seat}/link", f"connect-users/{seat}", user=str(row[0]))
    return Desk(onboarding, person, seat)


async def test_person_confirms_by_signing_in_to_linkedin(desk: Desk) -> None:
    link = await desk.link()
    shown = await desk.guest.get(link)
    assert "Is this your Recruiter seat?" in words(shown)
    gone = await desk.guest.get(f"{link}/linkedin")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(gone.headers["location"]).query).items()}
    assert asked["client_id"] == desk.onboarding.child().client_id
    assert asked["scope"] == "r_liteprofile"
    assert asked["redirect_uri"] == f"{ORIGIN}/confirmed-seat"
    back = await desk.sign_in(gone.headers["location"])
    done = await desk.guest.get(back.removeprefix(ORIGIN))
    assert "Thank you" in words(done)
    assert await desk.reason() == "confirmed"
    page = await desk.onboarding.see(f"connect-users/{desk.seat}")
    assert "confirmed by the person" in page
    assert "confirm-seat" not in page  # nothing is left to confirm
    assert "seat.confirmed" in [act for _, act, _, _ in await acts_of(desk.onboarding.database)]
    # The answer counts once; who goes back to it is told so.
    assert "that was confirmed already" in words(await desk.guest.get(back.removeprefix(ORIGIN)))
    assert [act for _, act, _, _ in await acts_of(desk.onboarding.database)].count("seat.confirmed") == 1
    assert desk.onboarding.sandbox.linkedin.journal.violations() == []


async def test_nothing_else_settles_it_and_each_refusal_names_the_next_step(desk: Desk) -> None:
    """One company for all of them, since none of them changes anything; the last one ends it."""
    await _another_member(desk)
    await _somebody_who_does_not_allow_it(desk)
    await _an_answer_in_another_browser(desk)
    await _a_code_that_linkedin_does_not_know(desk)
    await _a_link_that_was_changed_or_is_of_somebody_gone(desk)


async def _another_member(desk: Desk) -> None:
    people = desk.onboarding.sandbox.linkedin.state.network.people
    gone = await desk.guest.get(f"{await desk.link()}/linkedin")
    back = await desk.sign_in(gone.headers["location"], people[0])
    refused = await desk.guest.get(back.removeprefix(ORIGIN))
    assert refused.status_code == 409
    assert "holds another seat than this one" in words(refused)
    assert "Sign in to LinkedIn again" in words(refused)
    assert await desk.reason() == "chosen"


async def _somebody_who_does_not_allow_it(desk: Desk) -> None:
    gone = await desk.guest.get(f"{await desk.link()}/linkedin")
    back = await desk.sign_in(gone.headers["location"], decision="cancel")
    assert "You did not allow it. Nothing was changed." in words(await desk.guest.get(back.removeprefix(ORIGIN)))
    assert await desk.reason() == "chosen"


async def _an_answer_in_another_browser(desk: Desk) -> None:
    """Somebody who is made to open LinkedIn's answer to somebody else's sign-in."""
    gone = await desk.guest.get(f"{await desk.link()}/linkedin")
    back = await desk.sign_in(gone.headers["location"])
    stranger = desk.onboarding.as_stranger().client
    answer = await stranger.get(back.removeprefix(ORIGIN))
    assert answer.status_code == 401
    assert "Nothing was changed" in words(answer)
    for state in ("", "made up"):
        assert (await desk.guest.get(f"/confirmed-seat?code=x&state={state}")).status_code == 401
    assert await desk.reason() == "chosen"


async def _a_code_that_linkedin_does_not_know(desk: Desk) -> None:
    gone = await desk.guest.get(f"{await desk.link()}/linkedin")
    state = parse_qs(urlsplit(gone.headers["location"]).query)["state"][0]
    refused = await desk.guest.get("/confirmed-seat", params={"code": "unknown", "state": state})
    assert refused.status_code == 409
    assert "Open the link once more" in words(refused)


async def _a_link_that_was_changed_or_is_of_somebody_gone(desk: Desk) -> None:
    link = await desk.link()
    assert (await desk.guest.get(link[:-3] + "abc")).status_code == 404
    async with desk.onboarding.database.connection() as connection:
        await connection.execute("UPDATE ats_user SET active = false")
    assert (await desk.guest.get(link)).status_code == 404
