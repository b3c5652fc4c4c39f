"""Both connectors keep what every connector of an ATS has to keep, and one that does not is found out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from landbridge.cli.conformance.checks import CHECKS, check_all
from landbridge.cli.conformance.ground import make_ground
from landbridge.cli.conformance.home_grown import HomeGrown
from landbridge.cli.conformance.mangling import Mangle, as_it_is
from landbridge.cli.conformance.subject import SUBJECTS, Ground, PushedSubject
from landbridge.cli.conformance.writers import WRITERS, HomeGrownWorld
from landbridge.cli.conformance.writing import CHECKS as WRITING
from landbridge.cli.conformance.writing import check_writing
from landbridge.ports.ats import AtsWriting
from landbridge.store.database import Database
from landbridge.store.secrets import Vault


@pytest.mark.parametrize("name", sorted(SUBJECTS))
async def test_connector_keeps_every_rule(name: str, database: Database, vault: Vault) -> None:
    ground = await make_ground(database, vault, name)
    async with SUBJECTS[name]() as subject:
        verdicts = [verdict async for verdict in check_all(subject, ground)]
    assert {verdict.rule: verdict.faults for verdict in verdicts} == dict.fromkeys(CHECKS, ())


@pytest.mark.parametrize("name", sorted(WRITERS))
async def test_connector_keeps_every_rule_of_writing(name: str, database: Database, vault: Vault) -> None:
    ground = await make_ground(database, vault, name)
    async with WRITERS[name](ground) as world:
        verdicts = [verdict async for verdict in check_writing(world)]
    assert {verdict.rule: verdict.faults for verdict in verdicts} == dict.fromkeys(WRITING, ())


class Forgotten(dict[str, Any]):
    def get(self, key: str, default: Any = None) -> Any:
        return default


class Forgetful(HomeGrownWorld):
    """Does not know again what it was told before."""

    def __init__(self, ats: HomeGrown, writing: AtsWriting) -> None:
        super().__init__(ats, writing)
        ats.answers = Forgotten()


async def test_forgetful_ats_is_told_which_rules_it_breaks(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landbridge.cli.conformance.writers.HomeGrownWorld", Forgetful)
    ground = await make_ground(database, vault, "rest_ats")
    async with WRITERS["rest_ats"](ground) as world:
        broken = [verdict.rule async for verdict in check_writing(world) if verdict.faults]
    assert broken == ["a lost answer makes nothing twice"]


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
    assert [rule for rule in (*CHECKS, *WRITING) if f"kept    {rule}" not in told] == []
    assert "rest_ats: keeps all rules." in told
