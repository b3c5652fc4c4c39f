"""All that a reader sees goes through translation, in each language whole; and times are in the reader's zone."""

from __future__ import annotations

import ast
import gettext
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2
import pytest
from babel.messages.pofile import read_po
from django.utils.translation import override

from landbridge.connectors.smartrecruiters.access import Permission
from landbridge.jobs.onboarding.consent import TEXT
from landbridge.store.audit import Act
from landbridge.store.database import Database
from landbridge.store.project import configure
from landbridge.store.secrets import Vault
from tests.conftest import settings_for
from tests.web.desk_sample import WORDS, fill_desk
from tests.web.linkedin_sample import linkedin_half
from tests.web.literals import python_files, spoken_literals
from tests.web.people import Console, post
from tests.web.sample import busy_workspace
from tools.words import LANGUAGES, as_mo, hints, path_of, results

# The routes are known once Django is configured; nothing is asked of this database.
configure(settings_for("postgresql://localhost/none"), "postgresql://localhost/none", secret_key="k" * 60)

from landbridge.web.console.access import Access, Who, routes  # noqa: E402 - needs Django's settings
from landbridge.web.console.activity.wording import facts_of, subject_of  # noqa: E402 - as above
from landbridge.web.console.ats.page import WITHOUT  # noqa: E402 - as above
from landbridge.web.urls import urlpatterns  # noqa: E402 - as above
from landbridge.web.words import SHAPES, said  # noqa: E402 - as above

WEB = Path(__file__).parent.parent.parent / "src/landbridge/web"
# Names, which are the same in every language.
NAMES = {"Landbridge", "SmartRecruiters", "LinkedIn", "UTC"}
TRANSLATED = re.compile(r"{% blocktranslate\b.*?{% endblocktranslate %}", re.DOTALL)
SILENT = re.compile(
    r"{#.*?#}|{% comment %}.*?{% endcomment %}|<(script|style|svg|code)\b.*?</\1>|{%.*?%}|{{.*?}}"
    r"|\bdata-(?!label)[\w-]+=|[\w.+{}-]+@example\.com",
    re.DOTALL,
)
SPOKEN = re.compile(r'\b(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"')

# What reads like words in the console's Python and is none that a reader sees, or is the same in every language.
ALLOWED = {
    "Edg", "Edge", "Opera", "Firefox", "Chrome", "Safari", "Android", "Windows", "Mac OS", "Linux",  # names of programs
    "SmartRecruiters", "Landbridge", "LinkedIn",  # names of products
}  # fmt: skip
# Headers and markup, what only programs are told, and what stops the process at start when our own code is wrong.
HIDDEN = re.compile(
    r"^attachment; filename=|^text/csv; charset=|^<\w+|says? who may use it|serves no method|a workspace and open"
    r"|^There is no such seat"
)


def bare_words(template: str) -> list[str]:
    """The words of a template that no translator would get to see, attributes that are read out included."""
    left = SILENT.sub(" ", TRANSLATED.sub(" ", template))
    shown = re.sub(r"<[^>]*>", " ", left) + " ".join(SPOKEN.findall(left))
    return [word for word in re.findall(r"[A-Za-z]{2,}", shown) if word not in NAMES]


@pytest.mark.parametrize("file", sorted(WEB.rglob("*.html")), ids=lambda file: str(file.relative_to(WEB)))
def test_every_word_of_a_template_can_be_translated(file: Path) -> None:
    assert bare_words(file.read_text(encoding="utf-8")) == []


def test_bare_words_are_found() -> None:
    assert bare_words('<p aria-label="Numbers">{% translate "Good" %} bad {{ value }}</p>') == ["bad", "Numbers"]


def spoken(hint: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "seven" for part in hint.values)


def test_hints_that_name_something_of_the_case_keep_it_in_another_language() -> None:
    shaped = [spoken(hint) for _, hint in hints() if isinstance(hint, ast.JoinedStr)]
    assert len(shaped) >= len(SHAPES)
    with override("de"):
        assert [text for text in shaped if said(text) == text or "seven" not in said(text)] == []
        assert said("Name the columns as they stand in the report's first line.").startswith("Benennen Sie die Spalten")


def test_hint_in_words_of_the_far_side_gives_way_to_those_for_its_code() -> None:
    with override("de"):
        assert said("Source FEED is locked", "linkedin_credential").startswith("Geben Sie Client-ID")


def act(code: str, subject: str = "", **facts: object) -> Act:
    at = datetime(2026, 3, 4, tzinfo=UTC)
    return Act(id=1, at=at, workspace_id=1, user_id=1, who="ada", act=code, subject=subject, facts=facts)


@pytest.mark.parametrize(
    ("noted", "subject", "facts"),
    [
        (act("role.changed", "grace", role="viewer"), "grace", "Rolle: Betrachter"),
        (act("desk.attach", "desk 7", elements=1), "Person 7", "1 Sache, die wartete"),
        (act("desk.dismiss", "unmatched", cases=1200), "Nicht erkannt", "1.200 Personen"),
        (act("seat.linked", "seat 5", user=3), "Seat 5", "Nummer des Benutzers: 3"),
        (act("sync.started", again=True), "", "alles noch einmal"),
        (act("sync.started", again=False), "", ""),
        (act("token.made", "Hub", scopes=["read", "sync"]), "Hub", "darf benutzen: Lesen, Synchronisation"),
        (
            act("choices.changed", history_days=None, share_reviews=True),
            "",
            "Tage an Verlauf: alle, Bewertungen werden geteilt: ja",
        ),
        (act("contract.refused", "linkedin_lite"), None, ""),
    ],
)
def test_activity_says_subject_and_facts_in_the_readers_language(noted: Act, subject: str | None, facts: str) -> None:
    with override("de"):
        assert facts_of(noted) == facts
        told = subject_of(noted)
        assert told == subject if subject is not None else told.startswith("Der Vertrag ist Recruiter Lite")


def test_every_word_of_the_consoles_python_can_be_translated() -> None:
    found = [
        f"{file.relative_to(WEB)}:{line} {text!r}"
        for file in python_files(WEB / "console", WEB / "panel", WEB / "templatetags")
        for line, text in spoken_literals(file.read_text(encoding="utf-8"))
        if text not in ALLOWED and not HIDDEN.search(text)
    ]
    assert found == [], "give them to gettext, or say in ALLOWED why not"


def test_spoken_literals_are_found() -> None:
    source = '"""Doc string."""\nx: "Some type" = _("Well done")\ny = "Not so well"\nz = "code_of_it"\nw = "Fine"\n'
    assert list(spoken_literals(source)) == [(3, "Not so well"), (5, "Fine")]


def test_every_word_is_translated_into_every_language() -> None:
    _, missing = results()
    assert [message.id for message in missing] == [], "run make words, and fill in what it adds to the catalogues"


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_belongs_to_its_source(language: str) -> None:
    file = path_of(language)
    catalog = read_po(io.BytesIO(file.read_bytes()), locale=language)
    assert file.with_suffix(".mo").read_bytes() == as_mo(catalog), "run make words"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_name_the_same_values(language: str) -> None:
    """A value that is missing in a translation is never seen; one that is made up ends the page."""
    value = re.compile(r"%\(\w+\)[sd]|%%|{id}|</?\w+>")
    wrong = []
    with path_of(language).open("rb") as file:
        for message in read_po(file, locale=language):
            texts = message.string if isinstance(message.string, tuple | list) else [message.string or ""]
            sources = message.id if isinstance(message.id, tuple | list) else [message.id]
            known = {name for source in sources for name in value.findall(source)}
            last = sorted(value.findall(texts[-1]))
            if message.id and (last != sorted(value.findall(sources[-1])) or set(value.findall(texts[0])) - known):
                wrong.append(message.id)
    assert wrong == [], "\n".join(map(str, wrong))


class House:
    """A workspace in the middle of everything, and somebody who may see all of it."""

    def __init__(self, console: Console, browser: httpx2.AsyncClient, numbers: dict[str, int]) -> None:
        self.console, self.browser, self.numbers = console, browser, numbers

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Name and address of every page that needs no token; one that shows single things, of one of them."""
        for whole, pattern in routes(urlpatterns):
            access = getattr(pattern.callback, "access", None)
            assert isinstance(access, Access)
            if access.shows is None or access.shows is Who.MACHINE or "<str:token>" in whole or "file" in whole:
                continue
            address = whole.replace("<slug:workspace>", "acme").replace("<slug:provider_id>", "sso")
            number = self.numbers.get(pattern.name or "", 2147483000)
            yield pattern.name or "", "/" + re.sub(r"<int:\w+>", str(number), address)

    async def pages(self, language: str) -> list[tuple[str, httpx2.Response]]:
        self.browser.headers["accept-language"] = language
        found = []
        for name, address in self.addresses():
            answer = await self.browser.get(address)
            if answer.headers.get("content-type", "").startswith("text/html") and answer.status_code != 302:
                assert answer.status_code < 500, address
                found.append((f"{name} {address}", answer))
        return found


@pytest.fixture
async def house(console: Console, database: Database, vault: Vault) -> House:
    now = console.clock.now = datetime(2026, 3, 4, 20, 40, tzinfo=UTC)
    workspace = await busy_workspace(database, vault, now)
    async with database.transaction() as connection:
        contracts = await linkedin_half(connection, workspace, now)
        leads = await fill_desk(connection, workspace, now)
        row = await (await connection.execute("SELECT min(id) FROM seat")).fetchone()
        assert row is not None
    browser = await console.signed_in(await console.person("ada", runs=True))
    await browser.get("/account")
    return House(console, browser, {"contract": contracts["disabled"], "desk-case": leads["1"], "connect-user": row[0]})


def shown(page: str) -> str:
    """What a reader sees or hears of a page, as one line of text."""
    body = re.sub(r"<(script|style|code)\b.*?</\1>", " ", page, flags=re.DOTALL)
    heard = " ".join(SPOKEN.findall(body))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body) + " " + heard).split())


def remains(language: str) -> list[re.Pattern[str]]:
    """How each message looks in English, unless that is said in ``language`` too; short ones are left to the eye."""
    with path_of(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    translated = [str(message.string) for message in catalog if message.id]
    found = []
    for message in catalog:
        sources = message.id if isinstance(message.id, tuple | list) else [message.id]
        for source in sources:
            fixed = max(re.split(r"%\(\w+\)[sd]", re.sub(r"<[^>]+>", " ", source)), key=len).strip().replace("%%", "%")
            if len(fixed) >= 9 and not any(fixed in one for one in translated):
                found.append(re.compile(rf"(?<!\w){re.escape(' '.join(fixed.split()))}(?!\w)"))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_page_keeps_english_words(house: House, language: str) -> None:
    english, wrong = remains(language), []
    pages = await house.pages(language)
    assert len(pages) > 30
    for name, answer in pages:
        assert f'<html lang="{language}">' in answer.text, name
        assert answer.headers["content-language"] == language, name
        text = shown(answer.text)
        for data in (TEXT, WORDS):
            text = text.replace(data, "")
        wrong += [f"{name}: {one.pattern}" for one in english if one.search(text)]
    assert wrong == [], "\n".join(map(str, wrong))


async def test_language_of_the_profile_goes_before_the_browsers(console: Console) -> None:
    browser = await console.signed_in(await console.person("ada"))
    browser.headers["accept-language"] = "fr-CA, de;q=0.7, en;q=0.3"
    assert '<html lang="de">' in (await browser.get("/account")).text
    answer = await post(browser, "/account", email="", zone="", language="en")
    assert answer.status_code == 302
    assert '<html lang="en">' in (await browser.get("/account")).text
    other = console.browser()
    other.headers["accept-language"] = "fr, es"
    assert '<html lang="en">' in (await other.get("/sign-in")).text


async def test_api_speaks_english_to_everybody(console: Console) -> None:
    browser = console.browser()
    browser.headers["accept-language"] = "de"
    assert (await browser.get("/api/v1/overview")).json()["detail"] == "This needs a token."


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_numbers_and_lengths_follow_the_language(language: str) -> None:
    from django.utils import translation

    from landbridge.web.words import said, span, thousands

    with translation.override(language):
        assert thousands(1234567) == {"en": "1,234,567", "de": "1.234.567"}[language]
        assert span(timedelta(hours=26)) == {"en": "1 d 2 h", "de": "1 T 2 Std"}[language]
        told = said("Made up where it arose: 7.", "database_unreachable")
        assert told.startswith({"en": "Made up", "de": "Prüfen Sie"}[language])


def test_catalogue_is_one_that_gettext_reads() -> None:
    with path_of("de").with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Overview") == "Übersicht"


TIME = re.compile(r'<time datetime="([^"]+)" title="([^"]*)">(.*?)</time>', re.DOTALL)
# What only looks like an instant: quotas count days in UTC and say so.
CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b|\b\d{4}-\d{2}-\d{2}\b")


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/St_Johns"])
async def test_no_page_shows_an_instant_in_another_zone(house: House, zone: str) -> None:
    """Every instant is a ``<time>`` whose words are those of the reader's zone; outside them is none."""
    house.browser.cookies.set("landbridge-zone", zone)
    wrong, count = [], 0
    for name, answer in await house.pages("en"):
        page = re.sub(r"<select\b.*?</select>", "", answer.text, flags=re.DOTALL)
        for stamp, title, words in TIME.findall(page):
            count += 1
            local = datetime.fromisoformat(stamp).astimezone(ZoneInfo(zone))
            clock = CLOCK.search(words)
            if f"{local:%H:%M:%S}" not in title or (clock and clock[0] != f"{local:%H:%M}"):
                wrong.append(f"{name}: {stamp} as {words} ({title})")
        if left := CLOCK.findall(shown(TIME.sub("", page))):
            wrong.append(f"{name}: {left}")
    assert wrong == [], "\n".join(map(str, wrong))
    assert count > 40


def test_every_permission_the_check_may_miss_has_words() -> None:
    assert set(WITHOUT) == set(Permission)
