"""No query reads or writes without saying whose data it means."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from landbridge import store
from landbridge.store.scope import UnscopedQueryError, scoped
from landbridge.store.tallies import load_tallies

# Queries that are about all workspaces, about one that has no number yet, or about people: each with its reason.
WITHOUT_WORKSPACE = {
    "workspaces.create_workspace": "makes the number",
    "workspaces.find_workspace": "finds the number by the name in an address",
    "workspaces.load_foreign_ids": "finds the numbers by the names in addresses",
    "workspaces.load_applications": "finds the numbers by the applications that LinkedIn names",
    "workspaces.load_workspaces": "the list of them all",
    "handovers.find_handover": "finds the workspace by the secret in an address",
    "handovers.use_handover": "finds the workspace by the secret in an address",
    "inbox.take_events": "each event names its own",
    "journal.trim_calls": "housekeeping by age",
    "housekeeping.tidy": "housekeeping by age",
    "tallies.fold": "housekeeping; sums stay what they are",
    "accounts.ensure_admin": "users belong to the installation",
    "accounts.make_sign_in_token": "users belong to the installation",
    "accounts.use_sign_in_token": "users belong to the installation",
    "accounts.try_sign_in": "users belong to the installation",
    "accounts.forget_tries": "users belong to the installation",
    **dict.fromkeys(
        (
            "accounts.needs_first_admin",
            "accounts.claim_account",
            "accounts.create_account",
            "accounts.load_accounts",
            "accounts.close_account",
            "accounts.open_account",
        ),
        "accounts belong to the installation",
    ),
    "invitations.find_invitation": "finds the workspace by the token",
    "invitations.accept_invitation": "as above",
    "tokens.use_token": "finds the workspace by the token",
    "memberships.find_entered": "finds the workspace by the name in an address",
    "memberships.load_listed": "the list of what a person may enter",
    "erasures.note_removed": "records are told apart by their numbers, and receipts follow them",
    "audit.note_act": "some acts are about a person or the installation",
    "database.prepare": "sets up a connection",
    "database.check_alive": "looks at a connection",
}
# These name the workspace inside an argument that cannot exist without it.
CARRIES_WORKSPACE = {"Fence", "BudgetKey"}


def rooms(package: ModuleType) -> Iterator[ModuleType]:
    """Every module below, but for those that only Django asks."""
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if found.name.rpartition(".")[2] not in {"models", "migrations", "apps"}:
            room = importlib.import_module(found.name)
            yield room
            yield from rooms(room) if found.ispkg else ()


def queries() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public coroutine function of the database room that takes a connection."""
    for room in rooms(store):
        for name, found in vars(room).items():
            own = getattr(found, "__module__", "") == room.__name__ and not name.startswith("_")
            own = own and inspect.iscoroutinefunction(inspect.unwrap(found))
            if own and "connection" in inspect.signature(found).parameters:
                yield f"{room.__name__.removeprefix(f'{store.__name__}.')}.{name}", found


def is_scoped(query: Callable[..., Any]) -> bool:
    annotations = {str(parameter.annotation) for parameter in inspect.signature(query).parameters.values()}
    return hasattr(query, "__scoped__") or bool(annotations & CARRIES_WORKSPACE)


def test_every_query_takes_a_workspace_or_is_listed_with_its_reason() -> None:
    found = dict(queries())
    assert len(found) > 20
    unscoped = {name for name, query in found.items() if not is_scoped(query)}
    assert unscoped == WITHOUT_WORKSPACE.keys()


@pytest.mark.parametrize("workspace", [None, 0, -1, True, "1", 1.0])
async def test_query_without_a_workspace_raises_before_it_reaches_the_database(workspace: Any) -> None:
    connection: Any = None
    with pytest.raises(UnscopedQueryError, match="load_tallies needs a workspace"):
        await load_tallies(connection, workspace)
    with pytest.raises(UnscopedQueryError):
        await load_tallies(connection, workspace=workspace)


def test_guard_lets_a_real_workspace_through() -> None:
    @scoped
    def query(connection: str, workspace: int, further: int = 0) -> tuple[str, int, int]:
        return connection, workspace, further

    assert query("c", 3, further=4) == ("c", 3, 4)
    assert query("c", workspace=3) == ("c", 3, 0)
