"""Single values as LinkedIn takes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from landbridge.connectors.linkedin import rules
from landbridge.connectors.linkedin.postings import listed_millis, location_of, title_of
from landbridge.errors import CannotTranslateError
from landbridge.records import Job, Location

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "email",
    [
        "noemail@acme.com", "no-email@acme.com", "NoEmail@acme.com", "no_email+5@acme.com", "noemail123@acme.com",
        "no-email-77@acme.com", "unknown@acme.com", "none@acme.com", "na@acme.com", "n/a@acme.com", "test@acme.com",
        "placeholder@acme.com", "my-placeholder-7@acme.com", "noreply@acme.com", "no-reply@acme.com", "xx@acme.com",
        "donotreply@acme.com", "ada@placeholder.com", "ada@mail.placeholder.org", "ada@acme.invalid", "ada@noemail.com",
        "ada@x.localhost", "null@acme.com", "missing@acme.com",
    ],
)  # fmt: skip
def test_placeholder_addresses_are_known(email: str) -> None:
    assert rules.is_placeholder(email)


@pytest.mark.parametrize(
    "email",
    [
        "ada@acme.com", "nadia@acme.com", "nona@acme.com", "noreen@acme.com", "tester@acme.com", "a@acme.com",
        "noel.mail@acme.com", "na12@acme.com", "nilson@acme.com", "unknownsoldier@acme.com", "max@invalidenwerk.de",
        "fakename@acme.com", "anna+test@acme.com", "xaver@acme.com",
    ],
)  # fmt: skip
def test_addresses_of_people_are_no_placeholders(email: str) -> None:
    assert not rules.is_placeholder(email)


@pytest.mark.parametrize("email", ["ada@acme.com", "a.b+c@mail.acme.co.uk", "päivi@пример.рф", "o'neil@acme.com"])
def test_addresses_are_recognised(email: str) -> None:
    assert rules.is_address(email)


@pytest.mark.parametrize(
    "email",
    ["", "ada", "ada@acme", "@acme.com", "ada@", "a@b@c.d", "a b@c.d", "a@b c.d", "a@b..c", "a@.b", "a@b.", "a\x00@b.c",
     "Ada <a@b.c>", "a@b.c,d@e.f", "a@b.c\n"],
)  # fmt: skip
def test_what_is_no_address_is_recognised(email: str) -> None:
    assert not rules.is_address(email)


@pytest.mark.parametrize(
    ("emails", "code"),
    [
        ((), "email_missing"),
        (("", "  "), "email_missing"),
        (("ada",), "email_invalid"),
        (("ada", "noemail@acme.com"), "email_placeholder"),
    ],
)
def test_missing_address_says_why(emails: tuple[str, ...], code: str) -> None:
    with pytest.raises(CannotTranslateError) as why:
        rules.emails_of(emails)
    assert why.value.code == code
    assert "ada" not in str(why.value)


@pytest.mark.parametrize(
    ("instant", "code"),
    [
        (None, "created_time_missing"),
        (datetime(1969, 12, 31, tzinfo=UTC), "time_before_1970"),
        (datetime(1970, 1, 1, tzinfo=UTC), "time_before_1970"),
        (NOW + timedelta(days=1, seconds=1), "time_in_future"),
    ],
)
def test_impossible_creation_is_held(instant: datetime | None, code: str) -> None:
    with pytest.raises(CannotTranslateError) as why:
        rules.created_millis(instant, "created_at", NOW)
    assert why.value.code == code


def test_clock_that_runs_ahead_of_ours_holds_nothing() -> None:
    assert rules.created_millis(NOW + timedelta(minutes=5), "created_at", NOW) > rules.millis_of(NOW)


def test_change_before_the_creation_is_taken_as_the_creation() -> None:
    created = rules.millis_of(NOW)
    assert rules.modified_millis(NOW - timedelta(days=9), "updated_at", created, NOW) == created
    assert rules.modified_millis(None, "updated_at", created, NOW) == created


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (Location(city="Brno", region="JM", country="Czechia", country_code="CZ"), "Brno, JM, Czechia"),
        (Location(city="Brno", country_code="CZ"), "Brno, CZ"),
        (Location(city="Austin", region="TX"), "Austin, TX"),
        (Location(city="Washington, D.C.", country="USA"), "Washington D.C., USA"),
        (Location(postal_code="60200", country_code="CZ"), "60200, CZ"),
        (Location(city="Brno", postal_code="60200", country_code="CZ"), "Brno, CZ"),
        (Location(country="Czechia", remote=True), "Czechia"),
        (Location(city=" Brno ", country=" Czechia "), "Brno, Czechia"),
    ],
)
def test_location_takes_the_richest_form_that_can_be_filled(location: Location, text: str) -> None:
    assert location_of(location) == text


@pytest.mark.parametrize(
    "location",
    [Location(), Location(city="Brno"), Location(country="Czechia"), Location(postal_code="60200", country="Czechia"),
     Location(region="JM", country="Czechia"), Location(city=" , ", country="Czechia"), Location(remote=True)],
)  # fmt: skip
def test_location_without_a_form_is_held(location: Location) -> None:
    with pytest.raises(CannotTranslateError) as why:
        location_of(location)
    assert why.value.code == "location_unusable"


def test_title_is_one_line_of_two_hundred_characters_as_java_counts() -> None:
    assert title_of(" Tram\n Driver ", "title_missing") == "Tram Driver"
    assert title_of("🚋" * 150, "title_missing") == "🚋" * 100
    assert title_of("x" * 199 + "🚋", "title_missing") == "x" * 199


def _job(**times: datetime | None) -> Job:
    return Job(id="j", title="t", status="open", visibility="public", **times)  # type: ignore[arg-type]


def test_listing_time_is_never_in_the_future() -> None:
    before, after = NOW - timedelta(days=2), NOW + timedelta(seconds=3)
    assert listed_millis(_job(published_at=before, created_at=NOW), NOW) == rules.millis_of(before)
    assert listed_millis(_job(published_at=after, created_at=before), NOW) == rules.millis_of(before)
    with pytest.raises(CannotTranslateError) as why:
        listed_millis(_job(published_at=after, created_at=None), NOW)
    assert why.value.code == "listed_time_missing"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (" https://acme.com/a?b=c#d ", "https://acme.com/a?b=c#d"),
        ("https://acme.com:8443/ü b".replace(" ", ""), "https://acme.com:8443/%C3%BCb"),
        ("https://bücher.example/ä%20b", "https://xn--bcher-kva.example/%C3%A4%20b"),
        ("http://localhost/x", "http://localhost/x"),
    ],
)
def test_web_addresses_go_out_in_ascii(given: str, sent: str) -> None:
    assert rules.web_address(given) == sent


@pytest.mark.parametrize(
    "given",
    [None, "", "acme.com", "//acme.com", "ftp://acme.com", "https://", "https:///x", "https://a b.c", "javascript:x",
     "https://[x", "https://acme.com:port/", "https://ü..example/"],
)  # fmt: skip
def test_what_is_no_web_address_is_recognised(given: str | None) -> None:
    assert rules.web_address(given) is None
