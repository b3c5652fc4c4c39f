"""A job ad as LinkedIn takes it: few tags, 100 to 25,000 characters, always well-formed.

LinkedIn strips other tags, which would run a heading into its text. So an ad is first put into the allowed tags as
well as they go (headings become bold paragraphs, ordered lists plain ones), then cleaned by nh3 and cut to length.
Source: the field table of LinkedIn's job posting schema.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import nh3

from landbridge.connectors.linkedin.rules import utf16_length
from landbridge.errors import CannotTranslateError

ALLOWED = frozenset({"b", "strong", "u", "i", "br", "p", "ul", "li"})
SHORTEST, LONGEST = 100, 25_000

# What each foreign tag becomes: (at its opening, at its closing). Tags not named here vanish, their text stays.
_REPLACED = {
    **{f"h{level}": ("<p><b>", "</b></p>") for level in range(1, 7)},
    **dict.fromkeys(("div", "section", "article", "header", "footer"), ("<br>", "<br>")),
    **dict.fromkeys(("blockquote", "pre", "tr", "dt", "dd"), ("<br>", "<br>")),
    **dict.fromkeys(("td", "th"), (" ", " ")),
    **dict.fromkeys(("ol", "menu", "dir"), ("<ul>", "</ul>")),
    **dict.fromkeys(("em", "cite"), ("<i>", "</i>")),
    "ins": ("<u>", "</u>"),
    "hr": ("<br>", ""),
}  # fmt: skip
_SILENT = frozenset({"script", "style", "template", "title", "iframe", "noscript", "textarea", "select", "svg"})

# An ad may come as megabytes of hostile HTML: what is looked at is bounded, and so is how deep tags may nest, because
# an HTML tree of a million levels takes minutes to build.
_MOST_TAGS = 50_000
_DEEPEST = 24
_ENOUGH = LONGEST + 1_000
_LONGEST_PIECE = 400_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_TOKEN = re.compile(r"<(/?)([a-z]+)>|&[a-zA-Z0-9#]+;|[^<&]+|.", re.DOTALL)
_ANY_TAG = re.compile(r"<[^>]*>")
_BREAKS = re.compile(r"(?:\s*<br>\s*){3,}")
_EDGE_BREAKS = re.compile(r"\A(?:\s|<br>)+|(?:\s|<br>)+\Z")


def render_advert(text: str) -> str:
    """The ad for LinkedIn. Raises CannotTranslateError where too little text is left."""
    plain = text if "<" in text else html.escape(text[:_LONGEST_PIECE], quote=False).replace("\n", "<br>")
    cleaned = nh3.clean("".join(_simplified(plain)), tags=set(ALLOWED), attributes={}, link_rel=None)
    tidy = _EDGE_BREAKS.sub("", _BREAKS.sub("<br><br>", cleaned.replace("&nbsp;", " ")))
    advert = cut_markup(tidy, LONGEST)
    length = len(visible_text(advert))
    if length < SHORTEST:
        raise CannotTranslateError(f"description has {length} characters of text", code="description_too_short")
    return advert


def visible_text(advert: str) -> str:
    """What a reader sees of it. LinkedIn does not say whether tags count, so the stricter reading is taken."""
    return html.unescape(_ANY_TAG.sub("", advert)).strip()


def _simplified(text: str) -> Iterator[str]:
    """The same ad in allowed tags, nowhere deep, and not much longer than what may be sent."""
    place, written, depth = 0, 0, 0
    for _ in range(_MOST_TAGS):
        opening = text.find("<", place)
        piece = _SPACE.sub(" ", text[place : opening if opening >= 0 else None][:_LONGEST_PIECE])
        yield piece
        written += len(piece)
        if opening < 0 or written > _ENOUGH:
            return
        place, markup, depth = _step(text, opening, depth)
        yield markup
        written += len(markup)


def _step(text: str, opening: int, depth: int) -> tuple[int, str, int]:
    """What the ``<`` at ``opening`` begins: where to go on, what to write for it, and the depth after it."""
    tag = _TAG.match(text, opening)
    if tag is None:
        return _step_without_tag(text, opening, depth)
    closing, name = bool(tag[1]), tag[2].lower()
    if name in _SILENT and not closing:
        return _after(text, tag.end(), name), "", depth
    markup = _markup(name, closing=closing)
    if markup in {"", " ", "<br>"}:
        return tag.end(), markup, depth
    if closing:
        return tag.end(), markup, max(depth - 1, 0)
    return tag.end(), (markup if depth < _DEEPEST else ""), depth + 1


def _step_without_tag(text: str, opening: int, depth: int) -> tuple[int, str, int]:
    if text.startswith("<!--", opening):
        end = text.find("-->", opening + 4)
        return (end + 3 if end >= 0 else len(text)), "", depth
    following = text[opening + 1 : opening + 2]
    if following in {"!", "?"}:
        end = text.find(">", opening)
        return (end + 1 if end >= 0 else len(text)), "", depth
    if following == "/" or (following.isascii() and following.isalpha()):
        # A tag that never ends takes the rest of the document with it, in browsers too.
        return len(text), "", depth
    return opening + 1, "&lt;", depth


def _after(text: str, place: int, name: str) -> int:
    """Behind the closing tag of an element whose content nobody reads."""
    end = re.compile(f"</{name}[^>]*>", re.IGNORECASE).search(text, place)
    return end.end() if end else len(text)


def _markup(name: str, *, closing: bool) -> str:
    if name in _REPLACED:
        return _REPLACED[name][closing]
    if name == "br":
        return "<br>"
    return (f"</{name}>" if closing else f"<{name}>") if name in ALLOWED else ""


def cut_markup(markup: str, longest: int) -> str:
    """At most ``longest`` UTF-16 units of well-formed markup, with all that is open closed at the end."""
    if utf16_length(markup) <= longest:
        return markup
    kept: list[str] = []
    open_tags: list[str] = []
    room = longest
    for token in _TOKEN.finditer(markup):
        piece, reserve = _piece(token, open_tags)
        cost = utf16_length(piece)
        if cost + reserve > room:
            if token[2] is None and not piece.startswith("&"):
                kept.append(_beginning(piece, room - reserve))
            break
        kept.append(piece)
        room -= cost
        _follow(token, open_tags)
    return "".join(kept) + "".join(f"</{name}>" for name in reversed(open_tags))


def _piece(token: re.Match[str], open_tags: list[str]) -> tuple[str, int]:
    """The token's text, and the room that closing tags need once it is written."""
    reserve = sum(len(name) + 3 for name in open_tags)
    if token[2] is None or token[2] == "br":
        return token[0], reserve
    change = len(token[2]) + 3
    return token[0], reserve - change if token[1] else reserve + change


def _follow(token: re.Match[str], open_tags: list[str]) -> None:
    name = token[2]
    if name is None or name == "br":
        return
    if not token[1]:
        open_tags.append(name)
    elif open_tags and open_tags[-1] == name:
        open_tags.pop()


def _beginning(text: str, units: int) -> str:
    raw = text.encode("utf-16-le", "surrogatepass")[: 2 * max(units, 0)]
    return raw.decode("utf-16-le", "ignore")
