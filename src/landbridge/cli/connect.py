"""landbridge connect: save and try the credentials of a workspace."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landbridge.cli.opening import WorkspaceOption, opened, run
from landbridge.cli.outcome import say
from landbridge.errors import SettingError

if TYPE_CHECKING:
    from landbridge.cli.opening import Opened
    from landbridge.store.workspaces import Workspace

DEFAULT = "main"
# What the console's page of the same subject leaves in the activity, once what was saved has been tried.
CONNECTED = {"smartrecruiters": "ats.connected", "rest_ats": "pushes.opened"}


def connect(
    system: Annotated[str, typer.Argument(help="smartrecruiters, rest_ats (an ATS of your own) or linkedin.")],
    workspace: WorkspaceOption = "",
    name: Annotated[str, typer.Option(help="The company's name, for a new workspace.")] = "",
    put: Annotated[
        list[str] | None, typer.Option("--set", help="A field as NAME=VALUE; --set help lists them.")
    ] = None,
    secret_file: Annotated[list[str] | None, typer.Option(help="A secret field as NAME=FILE.")] = None,
    secret_env: Annotated[
        list[str] | None, typer.Option(help="A secret field as NAME=VARIABLE of the environment.")
    ] = None,
    test: Annotated[bool, typer.Option("--test", help="Change nothing; try what is saved.")] = False,
) -> None:
    """Save and try the credentials of an ATS or of LinkedIn. Asks for a missing secret on a terminal."""
    if put and "help" in put:
        run(_list_fields(system))
    else:
        run(_connect(system, workspace, name, None if test else (put or [], secret_file or [], secret_env or [])))


async def _list_fields(system: str) -> None:
    from landbridge.cli.connecting import connector_of

    for field in connector_of(system).fields:
        marks = [word for word, told in (("secret", field.secret), ("required", field.required)) if told]
        marks += [f"default {field.default}"] if field.default else []
        note = f" ({', '.join(marks)})" if marks else ""
        say(f"{field.name}{note}\n    {field.title}. {field.help}")


async def _connect(system: str, slug: str, name: str, given: tuple[list[str], list[str], list[str]] | None) -> None:
    from landbridge.cli import connecting
    from landbridge.cli.operator import operator_of

    connector = connecting.connector_of(system)
    async with opened() as parts:
        workspace = await _workspace(parts, slug, name)
        if given is not None:
            fields = _read_given(*given)
            _ask_for_secrets(fields, connector.secrets)
            made = await connecting.save(parts, workspace, system, fields)
            told = ", ".join(sorted(fields.keys() | made.keys()))
            await operator_of(parts, workspace).note("connection.saved", subject=connector.title, fields=told)
            say(f"Saved for workspace {workspace.slug}.")
            for field, value in made.items():
                say(f"{field}: {value}\n    Keep it now: it is shown only this once.")
        await (_try_source if connector.source else _try_linkedin)(parts, workspace, system)
        if given is not None and system in CONNECTED:
            await operator_of(parts, workspace).note(CONNECTED[system], subject=connector.title)


async def _workspace(parts: Opened, slug: str, name: str) -> Workspace:
    from landbridge.cli.connecting import ensure_workspace
    from landbridge.cli.opening import choose_workspace
    from landbridge.store.workspaces import load_workspaces

    async with parts.database.connection() as connection:
        known = await load_workspaces(connection)
        if slug or not known:
            return await ensure_workspace(parts, slug or DEFAULT, name)
        return await choose_workspace(connection, slug)


def _read_given(put: list[str], secret_file: list[str], secret_env: list[str]) -> dict[str, str]:
    fields = dict(_pair(text) for text in put)
    for name, path in map(_pair, secret_file):
        fields[name] = content_of(Path(path))
    for name, variable in map(_pair, secret_env):
        fields[name] = value_of(variable)
    return fields


def value_of(variable: str) -> str:
    """A secret in the environment. Raises SettingError."""
    if not os.environ.get(variable):
        raise SettingError(f"The environment has no {variable}.", hint="Export it first, or use --secret-file.")
    return os.environ[variable]


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise SettingError("A field is given as NAME=VALUE.", hint="List the fields with: --set help")
    return name.strip(), value.strip()


def content_of(file: Path) -> str:
    """A secret's text file. Raises SettingError."""
    try:
        content = file.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise SettingError(f"{file} cannot be read ({type(problem).__name__}).", hint="Name a text file.") from None
    if not content:
        raise SettingError(f"{file} is empty.", hint="Write the secret into it.")
    return content


def _ask_for_secrets(fields: dict[str, str], secrets: tuple[str, ...]) -> None:
    """On a terminal and with nothing given at all, ask for each secret; an empty answer leaves it as it is."""
    if fields or not sys.stdin.isatty():
        return
    for name in secrets:
        answer = typer.prompt(f"{name} (empty: leave as it is)", default="", hide_input=True, show_default=False)
        if answer.strip():
            fields[name] = answer.strip()


async def _try_source(parts: Opened, workspace: Workspace, system: str) -> None:
    from landbridge.cli.connecting import test_source

    access = await test_source(parts, workspace, system)
    counts = ", ".join(f"{count:,} {name}" for name, count in access.counts.items())
    say(f"{system} answers{' for ' + access.company if access.company else ''}{': ' + counts if counts else ''}.")
    if access.missing:
        say(f"It lacks permissions: {', '.join(access.missing)}. Grant them, then: landbridge connect {system} --test")


async def _try_linkedin(parts: Opened, workspace: Workspace, system: str) -> None:
    from landbridge.cli import connecting
    from landbridge.connectors.linkedin.integrations import ABSENT
    from landbridge.web.server import address

    await connecting.ensure_child_application(parts, workspace, address(parts.settings))
    found = await connecting.read_integrations(parts, workspace)
    say(f"{system} answers.")
    if await connecting.prepare_integrations(parts, workspace, found):
        found = await connecting.read_integrations(parts, workspace)
    for integration in found:
        key = integration.key
        say(f"  {key.type:<18} {integration.status:<10} {key.context}  {integration.name}".rstrip())
    if any(integration.status == ABSENT for integration in found):
        say("Next: the company's admin requests the absent ones in LinkedIn's widget; then connect linkedin --test.")
    elif not all(integration.enabled for integration in found):
        say("They are named and configured. Next: the Recruiter admin enables them (More, Admin Settings, ATS tab).")
