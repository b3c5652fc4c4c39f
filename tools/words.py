"""The words of the console in other languages: ``make words``.

It collects what templates and Python give to a translating function, and what the engine says in its own tables
(reasons, names of passes, fields, the words of consent), brings each language's ``django.po`` up to date,
compiles its ``django.mo``, and lists what has no translation yet. ``--check`` writes nothing and fails where it would.

The compiled catalogues are kept in the repository: whoever installs or runs Landbridge then needs neither GNU gettext
nor Babel nor a step of building, and a test says when they do not belong to their source.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from msgspec import Struct, structs

from landbridge.settings import load
from landbridge.store.project import configure

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src/landbridge"
WEB = SOURCE / "web"
LOCALE = WEB / "locale"
LANGUAGES = ("de",)
WIDTH = 120
# So that the same words make the same file.
ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
# Lines of a catalogue's head that say nothing about its words.
UNSAID = (
    b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Report-Msgid-Bugs-To', b'"Last-Translator',
    b'"Language-Team', b"# Copyright", b"# This file is", b"# FIRST AUTHOR", b"#\n",
)  # fmt: skip
SINGULAR = {"_", "now_", "gettext", "gettext_lazy", "N_"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
# Whose hints reach a reader of the console; those of the rest stop a process at its start and are for logs.
HINTING = ("connectors", "http", "jobs", "sync", "web/acts")


class Word(Struct, frozen=True, kw_only=True):
    """One message as it is looked up; ``plural`` "" where it has none."""

    text: str
    plural: str = ""
    context: str = ""
    file: str = ""
    line: int = 0

    @property
    def key(self) -> Any:
        """As a catalogue wants it."""
        return (self.text, self.plural) if self.plural else self.text


def collected() -> list[Word]:
    """Every message of the console, by file and line."""
    return [*_of_templates(), *_of_python(), *_of_hints(), *_of_tables()]


def _of_templates() -> Iterator[Word]:
    """Compiled as Django compiles them, so that each message is the one it will look for."""
    url = "postgresql://localhost/none"
    configure(load({"LANDBRIDGE_DATABASE_URL": url}), url, secret_key="-" * 60)
    from django.template import engines

    engine: Any = engines["django"]
    for file in sorted(WEB.rglob("*.html")):
        template = engine.from_string(file.read_text(encoding="utf-8"))
        for node in _nodes(template.template.nodelist):
            if word := _of_node(node):
                yield structs.replace(word, file=_name(file), line=node.token.lineno or 0)


def _nodes(nodes: Iterable[Any]) -> Iterator[Any]:
    for node in nodes:
        yield node
        for name in getattr(node, "child_nodelists", ()):
            yield from _nodes(getattr(node, name, None) or ())


def _of_node(node: Any) -> Word | None:
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    if isinstance(node, TranslateNode):
        literal = getattr(node.filter_expression.var, "literal", node.filter_expression.var)
        return Word(text=str(literal)) if isinstance(literal, str) else None
    if isinstance(node, BlockTranslateNode):
        text, _ = node.render_token_list(node.singular)
        return Word(text=text, plural=node.render_token_list(node.plural)[0] if node.plural else "")
    return None


def _of_python() -> Iterator[Word]:
    for file in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (word := _of_call(node)):
                yield structs.replace(word, file=_name(file), line=node.lineno)


def _of_call(call: ast.Call) -> Word | None:
    function = getattr(call.func, "id", getattr(call.func, "attr", ""))
    texts = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if function in SINGULAR and len(texts) == 1:
        return Word(text=texts[0])
    if function in PLURAL and len(texts) == 2:
        return Word(text=texts[0], plural=texts[1])
    return Word(text=texts[1], context=texts[0]) if function in CONTEXT and len(texts) == 2 else None


def _of_hints() -> Iterator[Word]:
    """What errors say to do next, word for word as they say it."""
    for file, hint in hints():
        if isinstance(hint, ast.Constant) and hint.value:
            yield Word(text=str(hint.value), file=_name(file), line=hint.lineno)


def hints() -> Iterator[tuple[Path, ast.Constant | ast.JoinedStr]]:
    """Every text given as a hint. The f-strings among them are matched by ``landbridge.web.words.SHAPES``."""
    for folder in HINTING:
        for file in sorted((SOURCE / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                for given in _hints_in(node):
                    yield from ((file, text) for text in _texts(given))


def _hints_in(node: ast.AST) -> Iterator[ast.expr]:
    name = node.arg if isinstance(node, ast.keyword) else ""
    if isinstance(node, ast.Assign):
        name = getattr(node.targets[0], "id", "")
    if isinstance(node, ast.keyword | ast.Assign) and name == "hint":
        yield node.value
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Verdict":
        yield from node.args[3:4]


def _texts(given: ast.expr) -> Iterator[ast.Constant | ast.JoinedStr]:
    for one in (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,):
        if isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and isinstance(one.value, str)):
            yield one


def _of_tables() -> Iterator[Word]:
    """What the engine and the connectors say about records, fields and passes."""
    from landbridge.connectors.linkedin.preview import SHARED
    from landbridge.connectors.smartrecruiters import passes
    from landbridge.jobs.onboarding.consent import FURTHER_TEXTS, TEXT
    from landbridge.ports.source import Pass
    from landbridge.web.words import EXPLAINED

    for reason in EXPLAINED.values():
        yield from (Word(text=text, file=f"reason {reason.code}") for text in (reason.meaning, reason.fix) if text)
    for field in SHARED:
        yield from (Word(text=text, file=f"field {field.code}") for text in (field.title, field.purpose) if text)
    for name, one in vars(passes).items():
        if isinstance(one, Pass):
            yield Word(text=one.title, file=f"pass {name}")
    for text in (TEXT, *FURTHER_TEXTS.values()):
        yield Word(text=text, file="consent")


def _name(file: Path) -> str:
    return str(file.relative_to(SOURCE))


def template_of(words: list[Word]) -> Catalog:
    catalog = Catalog(project="Landbridge", charset="utf-8", fuzzy=False)
    for word in words:
        catalog.add(word.key, locations=[(word.file, word.line)], context=word.context or None)
    return catalog


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES/django.po"


def updated(language: str, template: Catalog) -> Catalog:
    """The catalogue with exactly the messages of ``template``; none is guessed from another that looks alike."""
    file = path_of(language)
    if file.exists():
        with file.open("rb") as stored:
            catalog = read_po(stored, locale=language)
    else:
        catalog = Catalog(locale=language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in catalog:
        message.locations = [] if message.id else message.locations
    catalog.fuzzy = False
    return catalog


def untranslated(catalog: Catalog) -> list[Message]:
    return [one for one in catalog if one.id and not _whole(one)]


def _whole(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    return bool(texts) and all(texts) and not message.fuzzy


def as_po(catalog: Catalog) -> bytes:
    """Sorted and without line numbers, so that the file changes only where words do."""
    text = io.BytesIO()
    write_po(text, catalog, width=WIDTH, sort_output=True, omit_header=False, no_location=True)
    lines = text.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(UNSAID))


def as_mo(catalog: Catalog) -> bytes:
    catalog.creation_date = catalog.revision_date = ALWAYS
    content = io.BytesIO()
    write_mo(content, catalog)
    return content.getvalue()


def results() -> tuple[Mapping[Path, bytes], list[Message]]:
    """What every file of the catalogues has to hold, and what nobody has translated yet."""
    template = template_of(collected())
    files, missing = {}, []
    for language in LANGUAGES:
        catalog = updated(language, template)
        missing += untranslated(catalog)
        po = as_po(catalog)
        files[path_of(language)] = po
        files[path_of(language).with_suffix(".mo")] = as_mo(read_po(io.BytesIO(po), locale=language))
    return files, missing


def main() -> int:
    files, missing = results()
    for message in missing:
        print(f"not translated: {message.id!r}")
    if "--check" in sys.argv:
        old = [file for file, content in files.items() if not file.exists() or file.read_bytes() != content]
        for file in old:
            print(f"not up to date: {file}; run make words")
        return 1 if old or missing else 0
    for file, content in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
