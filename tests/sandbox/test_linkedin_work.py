"""A write costs the same whatever is there already, so that a large sync is not slower than a small one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.sandbox_bodies import BATCH, Batch, applications, assignees, candidates, entity_acls, stages
from landbridge.sandbox import Sandbox
from landbridge.sandbox.linkedin.calls import Request

SOURCE = str(Path(sys.modules["landbridge.sandbox"].__file__ or "").parent)


class Line:
    """Serves batches below any socket and counts the sandbox's own function calls meanwhile."""

    def __init__(self) -> None:
        sandbox = Sandbox(candidates=60)
        self.linkedin, self.clock = sandbox.linkedin, sandbox.clock
        state = self.linkedin.state
        self.organization = state.network.organization
        self.linkedin.recruiter.set_status(self.organization, "IN_ATS_INDICATOR", "ENABLED")
        self.token = self.linkedin.tokens.issue(state.child.client_id, self.clock.ms(), 1800)
        self.people = [state.child.persons.urn(member.number) for member in state.network.members]

    def send(self, batch: Batch) -> None:
        head, _, body = batch.request(self.token).partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        pairs = (line.split(b": ", 1) for line in lines[1:])
        headers = {name.lower(): value for name, value in pairs}
        request = Request(method="POST", path=batch.path, query="", headers=headers, body=body)
        answer, _ = self.linkedin._reception.serve(request, parallel=False)
        assert answer is not None
        assert answer.status == 200
        assert answer.body.endswith(b'"errors":{}}'), answer.body[-300:]

    def work(self, batch: Batch) -> int:
        calls = 0

        def count(frame: object, event: str, _: object) -> None:
            nonlocal calls
            code = getattr(frame, "f_code", None)
            calls += event == "call" and code is not None and code.co_filename.startswith(SOURCE)

        sys.setprofile(count)
        try:
            self.send(batch)
        finally:
            sys.setprofile(None)
        return calls


Make = Callable[[Line, int], Iterator[Batch]]
KINDS: dict[str, Make] = {
    "candidates": lambda line, count: candidates(line.organization, count),
    "candidates, rest": lambda line, count: candidates(line.organization, count, rest=True),
    "candidates, changed": lambda line, count: candidates(line.organization, count, version=1),
    "applications": lambda line, count: applications(line.organization, count),
    "stages": lambda line, count: stages(line.organization, count),
    "lists of jobs": lambda line, count: entity_acls(line.organization, count),
    "people on lists": lambda line, count: assignees(line.organization, line.people, count),
}


@pytest.mark.parametrize("kind", KINDS)
def test_batch_takes_as_many_steps_with_much_there_as_with_little(kind: str) -> None:
    line = Line()
    little, much = 2 * BATCH, 20 * BATCH
    if kind == "candidates, changed":
        for batch in candidates(line.organization, much):
            line.send(batch)
    if kind == "stages":
        for batch in applications(line.organization, much):
            line.send(batch)
    steps = [line.work(batch) for batch in KINDS[kind](line, much)]
    early, late = steps[little // BATCH], steps[-1]
    assert late <= early * 1.05 + 5
    # A handful of steps per record: the ceiling is the point, a new one per record shows here first.
    assert late <= 25 * BATCH
