"""Both connectors keep what every connector of an ATS has to keep, and one that does not is found out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from landbridge.cli.conformance.checks import CHECKS, check_all
from landbridge.cli.conformance.ground import make_ground
from landbridge.cli.conformance.mangling import Mangle, as_it_is
from landbridge.cli.conformance.subject import SUBJECTS, Ground, PushedSubject
from landbridge.store.database import Database
from landbridge.store.secrets import Vault


@pytest.mark.parametrize("name", sorted(SUBJECTS))
async def test_connector_keeps_every_rule(name: str, database: Database, vault: Vault) -> None:
    ground = await make_ground(database, vault, name)
    async with SUBJECTS[name]() as subject:
        verdicts = [verdict async for verdict in check_all(subject, ground)]
    assert {verdict.rule: verdict.faults for verdict in verdicts} == dict.fromkeys(CHECKS, ())


class Careless(PushedSubject):
    """Renames everybody at each reading, and keeps whoever was deleted."""

    rounds = 0

    async def bring(self, ground: Ground, mangle: Mangle = as_it_is) -> None:
        self.rounds += 1
        await super().bring(ground, lambda row: self._renamed(mangle(row)))

    def _renamed(self, row: Any) -> Any:
        return {**row, "last_name": f"{self.rounds}"} if "last_name" in row else row

    async def bring_users(self, ground: Ground, mangle: Mangle = as_it_is) -> None:
        """There are none."""

    async def paging_faults(self, ground: Ground) -> Sequence[str]:
        return ["it goes round"]

    async def delete_candidate(self, ground: Ground, key: str) -> None:
        """It stays."""


async def test_careless_connector_is_told_which_rules_it_breaks(database: Database, vault: Vault) -> None:
    ground = await make_ground(database, vault, "rest_ats")
    verdicts = [verdict async for verdict in check_all(Careless(), ground)]
    kept = [verdict.rule for verdict in verdicts if not verdict.faults]
    assert kept == ["brings every kind of record"]


def test_command_reports_rule_by_rule() -> None:
    command = [sys.executable, "-m", "landbridge", "check-connector", "rest_ats"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = ended.stdout + ended.stderr
    assert [rule for rule in CHECKS if f"kept    {rule}" not in told] == []
    assert "rest_ats: keeps all rules." in told
