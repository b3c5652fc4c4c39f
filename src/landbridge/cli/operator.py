"""Whoever types commands, as receipts and the activity show it: the acts are those of the console."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from landbridge.cli.opening import Opened
from landbridge.store.workspaces import Workspace
from landbridge.web.acts.actor import Actor

LONGEST_LOGIN = 100


class Operator(Actor, frozen=True, kw_only=True):
    """Somebody with the rights of whoever runs the installation, and no account in it."""

    workspace: Workspace

    @property
    def workspace_id(self) -> int:
        return self.workspace.id

    @property
    def name(self) -> str:
        return f"CLI: {login()}"

    @property
    def account(self) -> int | None:
        return None


def operator_of(opened: Opened, workspace: Workspace) -> Operator:
    return Operator(room=opened.room, now=datetime.now(UTC), workspace=workspace)


def login() -> str:
    """The system's user who runs the command, and who became that by sudo. Environment variables alone prove nothing,
    but root's sudo tells more than that everything was done by root."""
    import pwd

    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:  # a container may run under a number that has no name
        name = f"user {number}"
    before = os.environ.get("SUDO_USER", "")
    told = f"{before} as {name}" if before and before != name and before.isprintable() else name
    return told[:LONGEST_LOGIN]
