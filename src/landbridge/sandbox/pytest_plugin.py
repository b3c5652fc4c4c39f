"""The sandbox in other people's pytest suites.

``pytest_plugins = ["landbridge.sandbox.pytest_plugin"]`` in a ``conftest.py`` gives the fixture ``landbridge_sandbox``:
one running sandbox for the session, on free ports, which each test finds as if it had just been started. The mark
``landbridge_sandbox(world=..., seed=..., candidates=..., limits=..., strict=...)`` says what a test wants otherwise:
with ``strict`` it fails when the client has broken a documented rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
import pytest

from landbridge.sandbox import Sandbox
from landbridge.sandbox.kernel import WorldChoice

MARK: Final = "landbridge_sandbox"


class Wishes(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the mark may say."""

    world: str = "plain"
    seed: int = 1
    candidates: int = 100
    limits: str = "relaxed"
    strict: bool = False


def pytest_configure(config: pytest.Config) -> None:
    says = "what the sandbox of this test is like (world, seed, candidates, limits), and whether it is strict"
    config.addinivalue_line("markers", f"{MARK}: {says}")


@pytest.fixture(scope="session")
def landbridge_sandbox_process() -> Iterator[Sandbox]:
    """The one sandbox of the session, on free ports of this machine."""
    with Sandbox(candidates=Wishes().candidates) as sandbox:
        yield sandbox


@pytest.fixture
def landbridge_sandbox(request: pytest.FixtureRequest, landbridge_sandbox_process: Sandbox) -> Iterator[Sandbox]:
    """A sandbox that knows nothing of any other test; see :class:`landbridge.sandbox.Sandbox` for what it offers."""
    wishes = _wishes(request)
    sandbox = landbridge_sandbox_process
    _make_new(sandbox, wishes)
    yield sandbox
    if wishes.strict:
        _check_client(sandbox)


def _wishes(request: pytest.FixtureRequest) -> Wishes:
    mark = request.node.get_closest_marker(MARK)
    try:
        return msgspec.convert({} if mark is None else mark.kwargs, Wishes)
    except msgspec.ValidationError as problem:
        raise pytest.UsageError(f"the mark {MARK} of {request.node.nodeid}: {problem}") from None


def _make_new(sandbox: Sandbox, wishes: Wishes) -> None:
    choice = WorldChoice(world=wishes.world, seed=wishes.seed, candidates=wishes.candidates)
    sandbox.site.snapshots.clear()
    if sandbox.site.choice != choice:
        sandbox.site.seed(choice)
    sandbox.site.reset()
    for system in sandbox.site.systems:
        system.set_limits({"mode": wishes.limits})


def _check_client(sandbox: Sandbox) -> None:
    rows = [
        f"{system.name}: {each.says} ({each.count}x, {each.rule}, {each.source})"
        for system in sandbox.site.systems
        for each in system.journal.findings()
    ]
    if rows:
        pytest.fail("the client broke documented rules:\n" + "\n".join(rows), pytrace=False)
