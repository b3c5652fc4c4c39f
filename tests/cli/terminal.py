"""A person at a terminal: types commands, reads what they say, and finds each in the activity."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from typer.testing import CliRunner

from landbridge.cli import app
from landbridge.cli.operator import login
from tests.conftest import KEY


class Terminal:
    """In the installation whose database this is. ``environment``: further settings."""

    def __init__(self, database_url: str, environment: Mapping[str, str] | None = None) -> None:
        self.database_url = database_url
        self.environment = {
            "LANDBRIDGE_DATABASE_URL": database_url,
            "LANDBRIDGE_ENCRYPTION_KEY": KEY,
            **(environment or {}),
        }

    def types(self, *arguments: str, status: int = 0) -> str:
        done = CliRunner().invoke(app, arguments, env=self.environment)
        assert done.exit_code == status, (arguments, done.exit_code, done.output, done.exception)
        return done.output

    def acts(self) -> list[str]:
        """What the activity has of it, the oldest first. Every line names who typed."""
        with psycopg.connect(self.database_url) as connection:
            lines = connection.execute("SELECT who, act, workspace_id FROM audit_event ORDER BY id").fetchall()
        assert {(who, workspace) for who, _, workspace in lines} <= {(f"CLI: {login()}", 1)}, lines
        return [act for _, act, _ in lines]
