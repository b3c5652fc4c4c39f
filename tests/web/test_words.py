"""All that a reader sees goes through translation, and times are in the reader's zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.web.people import Console, post

CONSOLE = Path(__file__).parent.parent.parent / "src/landbridge/web/console"
# Names, which are the same in every language.
NAMES = {"Landbridge", "SmartRecruiters", "LinkedIn"}
TRANSLATED = re.compile(r"{% blocktranslate\b.*?{% endblocktranslate %}", re.DOTALL)
SILENT = re.compile(
    r"{#.*?#}|{% comment %}.*?{% endcomment %}|<(script|style|svg|code)\b.*?</\1>|{%.*?%}|{{.*?}}", re.DOTALL
)
SPOKEN = re.compile(r'\b(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"')


def bare_words(template: str) -> list[str]:
    """The words of a template that no translator would get to see, attributes that are read out included."""
    left = SILENT.sub(" ", TRANSLATED.sub(" ", template))
    shown = re.sub(r"<[^>]*>", " ", left) + " ".join(SPOKEN.findall(left))
    return [word for word in re.findall(r"[A-Za-z]{2,}", shown) if word not in NAMES]


@pytest.mark.parametrize("file", sorted(CONSOLE.rglob("*.html")), ids=lambda file: str(file.relative_to(CONSOLE)))
def test_every_word_of_a_template_can_be_translated(file: Path) -> None:
    assert bare_words(file.read_text(encoding="utf-8")) == []


def test_bare_words_are_found() -> None:
    assert bare_words('<p aria-label="Numbers">{% translate "Good" %} bad {{ value }}</p>') == ["bad", "Numbers"]


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/St_Johns"])
async def test_times_are_shown_in_the_zone_of_the_reader(console: Console, workspace: int, zone: str) -> None:
    browser = await console.signed_in(await console.person("ada", runs=True))
    browser.cookies.set("landbridge-zone", zone)
    console.clock.now = datetime(2026, 3, 4, 20, 40, tzinfo=UTC)
    shown = f"{console.clock.now.astimezone(ZoneInfo(zone)):%-d %b %Y, %H:%M}"
    answer = await post(
        browser, "/w/acme/consent/give", page="/w/acme/consent", availability="PRIVATE", history="0", agreed="on"
    )
    assert answer.status_code == 302
    page = (await browser.get("/w/acme/consent")).text
    assert f">{shown}<" in page
    assert ", 20:40<" not in page
