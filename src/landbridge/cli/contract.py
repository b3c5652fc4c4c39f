"""landbridge contract: Recruiter contracts of a workspace, telling the same story as the console."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from landbridge.cli.opening import JsonOption, Opened, WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import say
from landbridge.errors import SettingError

if TYPE_CHECKING:
    from landbridge.cli.operator import Operator
    from landbridge.store.contracts import Contract
    from landbridge.store.workspaces import Workspace

ACTIONS = ("list", "status", "add", "name", "pause", "resume", "disconnect", "rotate")
# The state of a contract in the words of the console, with what comes next.
STATES = {
    "adding": "being added; finish in LinkedIn's window",
    "kept": "taken over; request the company level once in LinkedIn's window (console, Contracts)",
    "requested": "requested; Landbridge names and configures it next",
    "configuring": "being prepared by Landbridge",
    "waiting": "to be enabled in Recruiter: More, Admin Settings, ATS, both levels",
    "enabled": "enabled",
    "refused": "refused",
    "disabled": "switched off in Recruiter: More, Admin Settings, ATS",
    "expired": "ended",
    "disconnected": "disconnected; connect it again with: landbridge contract add",
}


def contract(
    action: Annotated[
        str, typer.Argument(help="list, status, add, name, pause, resume, disconnect or rotate.")
    ] = "list",
    number: Annotated[str, typer.Argument(help="Of the contract, as Recruiter shows it.")] = "",
    organization: Annotated[str, typer.Option(help="Number of the company's page; with the first contract.")] = "",
    name: Annotated[str, typer.Option(help="What people here call the contract; with: name.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """List contracts, ask LinkedIn about them (status), add one that was requested in LinkedIn's window, name, pause,
    resume or disconnect one; rotate makes a new secret for the workspace's LinkedIn application."""
    if action not in ACTIONS:
        raise typer.BadParameter(f"the action is one of: {', '.join(ACTIONS)}")
    run(_contract(action, number, organization, name, workspace, json=json))


async def _contract(action: str, number: str, organization: str, name: str, slug: str, *, json: bool) -> None:
    from landbridge.cli.operator import operator_of

    async with opened() as parts:
        async with parts.database.connection() as connection:
            workspace = await choose_workspace(connection, slug)
        await _act(operator_of(parts, workspace), action, number, organization, name)
        await _show(parts, workspace, json=json)


async def _act(operator: Operator, action: str, number: str, organization: str, name: str) -> None:
    from landbridge.web.acts import contracts as acts

    match action:
        case "status":
            await acts.look_at_all(operator)
        case "rotate":
            await acts.rotate_secret(operator)
            say("The LinkedIn application has a new secret; pushes signed with the older one still count.")
        case "add":
            await _add(operator, number, organization)
        case "name":
            await acts.rename(operator, (await _found(operator, number)).id, name)
        case "pause" | "resume":
            await acts.pause(operator, (await _found(operator, number)).id, paused=action == "pause")
        case "disconnect":
            await acts.disconnect(operator, (await _found(operator, number)).id)


async def _add(operator: Operator, number: str, organization: str) -> None:
    from landbridge.jobs.onboarding.application import ensure_application
    from landbridge.jobs.onboarding.contracts import asked_by_number
    from landbridge.web.acts.contracts import take
    from landbridge.web.server import address

    async with operator.works() as works:
        await ensure_application(works, operator.workspace_id, console=address(works.settings))
    await take(operator, asked_by_number(number, organization))


async def _found(operator: Operator, number: str) -> Contract:
    from landbridge.store.contracts import load_contracts

    async with operator.connection() as connection:
        known = await load_contracts(connection, operator.workspace_id)
    wanted = number.rpartition(":")[2]
    for one in known:
        if one.urn and one.number == wanted:
            return one
    numbers = ", ".join(one.number for one in known if one.urn) or "none"
    raise SettingError(
        "There is no such contract.", code="linkedin_contract_unknown", hint=f"This workspace has: {numbers}."
    )


async def _show(parts: Opened, workspace: Workspace, *, json: bool) -> None:
    import msgspec

    from landbridge.codes import CODES
    from landbridge.store.consents import load_consent
    from landbridge.store.contracts import load_contracts

    async with parts.database.connection() as connection:
        known = await load_contracts(connection, workspace.id)
        agreed = await load_consent(connection, workspace.id) is not None
    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(known)).decode() + "\n")
        return
    fixes = {reason.code: f"{reason.meaning} {reason.fix}" for reason in CODES}
    for one in known:
        paused = ", paused" if one.paused else ""
        called = f" ({one.name})" if one.name else ""
        say(f"{one.number or 'new':<12} {STATES[one.state]}{paused}{called}")
        if one.problem_code:
            say(f"{'':<12} {fixes.get(one.problem_code, one.problem_code)}")
    if not known:
        say("There is no contract yet: request one in LinkedIn's window (console, Contracts).")
    if not agreed:
        say("Nobody has agreed yet to what is shared (console, Data shared); nothing is sent before.")
