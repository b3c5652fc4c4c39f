"""Writes docs/reference/ from the code, so that the two cannot disagree: ``python -m tools.reference``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import typer

from landbridge import errors
from landbridge.cli import app
from landbridge.cli.outcome import DEFECT, ENDINGS, INTERRUPTED, NOT_CLEAN, ending_of
from landbridge.codes import CODES
from landbridge.connectors import linkedin
from landbridge.connectors.smartrecruiters import reasons as smartrecruiters
from landbridge.records.reason import Reason
from landbridge.sandbox import coverage
from landbridge.sandbox.linkedin import choices as linkedin_choices
from landbridge.sandbox.linkedin.routing import ROUTES
from landbridge.sandbox.linkedin.singles import single_methods
from landbridge.sandbox.smartrecruiters import choices as smartrecruiters_choices
from landbridge.settings import PREFIX, declared
from landbridge.sync.reasons import REASONS as ENGINE
from tools.api_reference import api_page

FOLDER = Path(__file__).parent.parent / "docs/reference"
REASONS: dict[str, Sequence[Reason]] = {
    "Held or set aside by the engine": ENGINE,
    "Held because LinkedIn would refuse it": linkedin.reasons.HELD,
    "Quarantined because LinkedIn refused it": linkedin.reasons.REFUSED,
    "Set aside because SmartRecruiters does not show it": smartrecruiters.REASONS,
}
NOTE = "<!-- Written by `make docs` from the code. Do not edit. -->"


def pages() -> dict[str, str]:
    """File name to content of every generated page."""
    writers: dict[str, Callable[[], Iterator[str]]] = {
        "settings.md": settings_page,
        "cli.md": cli_page,
        "errors.md": errors_page,
        "reasons.md": reasons_page,
        "api.md": api_page,
        "sandbox-coverage.md": coverage_page,
    }
    return {name: "\n".join([NOTE, "", *lines()]).rstrip() + "\n" for name, lines in writers.items()}


def table(*heads: str) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)


def row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


# Settings


def settings_page() -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield f"Environment variables, all beginning with `{PREFIX}`. An empty one counts as not set. Each process reads"
    yield "them once, when it starts; a value that cannot be used stops it with a message that names the variable."
    yield ""
    yield "A *secret* may also be given as a file: the same name with `_FILE` at its end."
    yield ""
    yield from table("variable", "default", "meaning")
    for setting in declared():
        meaning = setting.help + (" *Secret.*" if setting.secret else "")
        yield row(f"`{setting.variable}`", shown(setting.default, setting.field), meaning)


def shown(default: Any, field: str) -> str:
    if field == "data_dir":
        return "`/var/lib/landbridge` for root, else `~/.local/share/landbridge`"
    if default is None or default == ():
        return "not set"
    return f"`{default.total_seconds():g}`" if isinstance(default, timedelta) else f"`{default}`"


# Commands


def cli_page() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield "`landbridge COMMAND --help` says the same. Credentials are never given on the command line, where others"
    yield "on the machine could see them: they come from files, from the environment, or are asked for."
    yield ""
    yield from describe(typer.main.get_command(app), "landbridge")
    yield "## Exit codes"
    yield ""
    yield from table("code", "meaning", "what to do")
    yield row(0, "All is well", "")
    for code, ending in sorted({ending.exit_code: ending for ending in ENDINGS.values()}.items()):
        yield row(code, ending.label, ending.next_step)
    yield row(2, "The command was not understood", "See `--help`.")
    yield row(NOT_CLEAN, "The two sides differ (`demo`, `verify`)", "The report says in what.")
    yield row(DEFECT, "Landbridge has a defect", "Report the lines shown; they hold nothing personal.")
    yield row(INTERRUPTED, "Stopped by Ctrl-C", "The message says how to go on.")


def describe(command: Any, name: str) -> Iterator[str]:
    yield f"## `{name}`"
    yield ""
    yield from ((command.help or "").strip(), "")
    options = [option for option in command.params if not option.hidden and option.name != "help"]
    if options:
        yield from table("option", "default", "meaning")
        for option in options:
            yield row(", ".join(f"`{word}`" for word in option.opts), shown_option(option), option.help or "")
        yield ""
    for child, deeper in getattr(command, "commands", {}).items():
        yield from describe(deeper, f"{name} {child}")


def shown_option(option: Any) -> str:
    if option.required:
        return "required"
    return "" if option.default in {None, False, ()} or callable(option.default) else f"`{option.default}`"


# Errors


def errors_page() -> Iterator[str]:
    yield "# Errors"
    yield ""
    yield "Every error has a code that stays the same between versions, a message, and a next step. They are sorted by"
    yield "what has to happen next."
    yield ""
    yield from table("error", "code", "meaning", "exit code", "what happens next")
    for kind in branch(errors.LandbridgeError):
        ending = ending_of(kind())
        yield row(
            f"`{kind.__name__}`", f"`{kind.code}`", (kind.__doc__ or "").strip(), ending.exit_code, ending.next_step
        )

    yield ""
    yield "## Finer codes"
    yield ""
    yield "Some errors carry a code of their own that says more than their class."
    yield ""
    yield from explained(CODES)


# Reasons


def reasons_page() -> Iterator[str]:
    yield "# Reasons"
    yield ""
    yield "Why a record is not on LinkedIn (yet). A *held* record was not sent: it goes by itself as soon as the reason"
    yield "is gone. A *quarantined* one was refused by LinkedIn: it is tried again when it changes in the ATS. What"
    yield "could not even be read is *set aside* on the reading list."
    for title, some in REASONS.items():
        yield from ("", f"## {title}", "")
        yield from explained(some)


def reasons() -> Iterator[Reason]:
    """Every reason of every part, once."""
    for some in REASONS.values():
        yield from some


def explained(some: Iterable[Reason]) -> Iterator[str]:
    yield from table("code", "meaning", "what helps")
    for reason in some:
        yield row(f"`{reason.code}`", reason.meaning, reason.fix)


def branch(kind: type[errors.LandbridgeError]) -> Iterator[type[errors.LandbridgeError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from branch(child)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in pages().items():
        (FOLDER / name).write_text(content, encoding="utf-8")
        print(f"docs/reference/{name}")


# Sandbox coverage


def coverage_page() -> Iterator[str]:
    yield "# What the sandbox imitates"
    yield ""
    yield "Every operation the integration touches, how faithfully it is imitated, and below what no public page says"
    yield "and the sandbox therefore chose."
    yield ""
    for level, meaning in coverage.LEVELS.items():
        yield f"- **{level}**: {meaning}"
    yield from _operations("LinkedIn", coverage.LINKEDIN)
    yield ""
    yield "Methods of one entity, named by the key at the end of the path, are an assumption wherever only batches are"
    yield "documented:"
    yield ""
    yield from table("where", "also one by one")
    for where, resource in sorted(ROUTES.items()):
        singles = single_methods(resource) - resource.methods.keys()
        if singles:
            generation, collection, *child = where.split("/")
            path = "/".join([generation, collection, *(["{parent}", *child] if child else []), "{key}"])
            yield row(f"`{path}`", ", ".join(sorted(singles)))
    yield from _operations("SmartRecruiters", coverage.SMARTRECRUITERS)
    yield from _choices("LinkedIn", coverage.choices_in(linkedin_choices))
    yield from _choices("SmartRecruiters", coverage.choices_in(smartrecruiters_choices))


def _operations(system: str, operations: Iterable[coverage.Operation]) -> Iterator[str]:
    yield ""
    yield f"## {system}: operations"
    yield ""
    yield from table("where", "what", "imitated", "note")
    for one in operations:
        yield row(f"`{one.where}`", one.what, one.level, one.note)


def _choices(system: str, choices: Iterable[coverage.Choice]) -> Iterator[str]:
    yield ""
    yield f"## {system}: choices"
    yield ""
    yield from table("about", "the question and the answer", "in the code")
    for (section, says), together in groupby(choices, lambda choice: (choice.section, choice.says)):
        constants = [" = ".join(filter(None, [choice.name, choice.value])) for choice in together if choice.name]
        yield row(section, says.replace("``", "`"), "<br>".join(f"`{constant}`" for constant in constants))


if __name__ == "__main__":
    main()
