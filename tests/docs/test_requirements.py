"""The locks have to fit what pyproject.toml asks for, and work with whatever index a machine uses."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def locked(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ ;\\]+)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE))


def wanted(lock: str) -> list[Requirement]:
    runtime = PROJECT["project"]["dependencies"]
    development = PROJECT["dependency-groups"]["dev"] if lock == "dev.txt" else []
    return [Requirement(line) for line in [*runtime, *development]]


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_lock_holds_what_the_project_asks_for(name: str) -> None:
    versions = locked(ROOT / "requirements" / name)
    wants = ((need, versions.get(canonicalize_name(need.name), "0")) for need in wanted(name))
    unmet = [str(need) for need, version in wants if not need.specifier.contains(version)]
    assert unmet == [], "run: make lock"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_names_no_index_and_no_place_on_a_disk(lock: Path) -> None:
    for line in lock.read_text(encoding="utf-8").splitlines():
        assert not re.search(r"://|^-|^#.*/|@ ", line.strip().removeprefix("--hash")), line


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_hashes(lock: Path) -> None:
    blocks = re.split(r"^(?=[a-z0-9])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert [block.splitlines()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block] == []
