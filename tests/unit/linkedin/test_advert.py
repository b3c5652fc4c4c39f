"""Job ads in LinkedIn's tags."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from landbridge.connectors.linkedin.advert import LONGEST, cut_markup, render_advert, visible_text
from landbridge.connectors.linkedin.rules import utf16_length
from landbridge.errors import CannotTranslateError

FILLER = "<p>A sentence that fills the ad until it is long enough to be taken, and longer to be on the safe side.</p>"


@pytest.mark.parametrize(
    ("given", "rendered"),
    [
        ("<h2>Duties</h2>Drive", "<p><b>Duties</b></p>Drive"),
        ("<ol><li>One<li>Two</ol>", "<ul><li>One</li><li>Two</li></ul>"),
        ("<em>slowly</em> <strong>safe</strong>", "<i>slowly</i> <strong>safe</strong>"),
        ("<div>One</div><div>Two</div>", "<br>One<br><br>Two"),
        ('<a href="https://x.y" title="a > b">more</a>', "more"),
        ("<P CLASS='x'>Loud</P>", "<p>Loud</p>"),
        ("<script>alert('</p>')</script>after", "after"),
        ("<STYLE>p{}</STYLE >after", "after"),
        ("before<!-- <b>hidden</b> -->after", "beforeafter"),
        ("<!DOCTYPE html><html><body>text</body></html>", "text"),
        ("3 < 5 & 7 > 6", "3 &lt; 5 &amp; 7 &gt; 6"),
        ("one&nbsp;two &amp; three", "one two &amp; three"),
        ("<td>a</td><td>b</td>", " a  b"),
        ("<b>open", "<b>open</b>"),
        ("text</p></ul>", "text<p></p>"),
        ("a<br/><br><br /><br>b", "a<br><br>b"),
        ("<p>a\n\n   b</p>", "<p>a b</p>"),
    ],
)
def test_foreign_markup_becomes_allowed_markup(given: str, rendered: str) -> None:
    assert render_advert(FILLER + given) == FILLER + rendered


def test_plain_text_keeps_its_lines_and_its_signs() -> None:
    assert render_advert("Wages & hours\n" + "x" * 100) == "Wages &amp; hours<br>" + "x" * 100


@pytest.mark.parametrize(
    "text", ["", " " * 500, "x" * 99, "<p>" * 200, "<img src='" + "x" * 300 + "'>", "<!--" + "x" * 300]
)
def test_too_little_text_is_held(text: str) -> None:
    with pytest.raises(CannotTranslateError) as why:
        render_advert(text)
    assert why.value.code == "description_too_short"


def test_hundred_characters_are_enough() -> None:
    assert render_advert("x" * 100) == "x" * 100


@pytest.mark.parametrize("piece", ["<p>drive <b>trams</b></p>", "🚋", "&amp;", "<ul><li>a</li></ul>", "<br>x", "ab"])
def test_long_ads_are_cut_with_their_tags_closed(piece: str) -> None:
    advert = render_advert(piece * 30_000)
    assert LONGEST - 100 < utf16_length(advert) <= LONGEST
    assert advert == cut_markup(advert, LONGEST)
    for tag in ("p", "b", "ul", "li"):
        assert advert.count(f"<{tag}>") == advert.count(f"</{tag}>")
    assert not advert.endswith(("&", "&am", "&amp", "<", "\ud83d"))


@pytest.mark.parametrize("room", range(30, 60))
def test_cut_anywhere_stays_within_its_room_and_well_formed(room: int) -> None:
    markup = "<ul><li>one <b>two &amp; three</b></li><li>🚋 four</li></ul><p>five</p>"
    cut = cut_markup(markup, room)
    assert utf16_length(cut) <= room
    for tag in ("ul", "li", "b", "p"):
        assert cut.count(f"<{tag}>") == cut.count(f"</{tag}>")
    assert visible_text(markup).startswith(visible_text(cut))


@pytest.mark.parametrize(
    "hostile",
    [
        "<ul>" * 1_250_000,
        "<b><i>" * 800_000 + "x" * 200,
        "<div>" * 1_000_000,
        "<!--" * 1_250_000,
        "<a <" * 1_250_000,
        "<a '" * 1_250_000,
        "<script>" * 600_000,
        "&" * 5_000_000,
        " " * 5_000_000,
        "x" * 5_000_000,
        "<p>word</p>" * 450_000,
        "<img src='data:" + "A" * 5_000_000 + "'>" + "text " * 50,
    ],
    ids=range(12),
)
def test_five_hostile_megabytes_take_a_moment(hostile: str) -> None:
    started = time.process_time()
    with suppress(CannotTranslateError):
        assert utf16_length(render_advert(hostile)) <= LONGEST
    assert time.process_time() - started < 2
