"""Snapshots: a restored sandbox is the one it was, to the byte of its next answers, and nothing is left out."""

from __future__ import annotations

import gzip
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.sandbox import Sandbox
from landbridge.sandbox.kernel import snapshots
from landbridge.sandbox.kernel.graph import BadSnapshotError, CannotKeepError, Reader, Writer
from landbridge.sandbox.kernel.snapshots import Landmarks
from tests.sandbox.linkedin_caller import Caller, application, candidate, job, stage

#: Attributes that hold things which are no state of the world, and why.
MACHINERY = {
    "*._site": "the sandbox itself",
    "*.site": "the sandbox itself",
    "*.journal": "tells what clients did, not how the world stands; its number goes along",
    "*._journal": "as above",
    "*.faults": "written as the waiting faults",
    "*._faults": "as above",
    "*._control": "the control room",
    "LinkedIn._busy": "calls that are on their way at this moment",
    "*._network": "part of the world",
    "*.network": "part of the world",
    "*._derived": "a cache",
    "SmartRecruiters._own": "handlers by operation",
    "Courier._working": "deliveries on their way at this moment",
}


def smartrecruiters_client(sandbox: Sandbox) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=sandbox.smartrecruiters)
    key = sandbox.smartrecruiters.credentials()["api_key"]
    return httpx2.AsyncClient(transport=transport, base_url="http://sandbox", headers={"X-SmartToken": key})


async def live(sandbox: Sandbox, linkedin: Caller) -> None:
    """Leave something of everything: records, a task on its way, used quotas, a waiting fault, edits, a report."""
    sandbox.linkedin.set_limits({"mode": "real"})
    sandbox.linkedin.faults.add({"operation": "candidates.*", "kind": "status", "skip": 2, "status": 503})
    sandbox.linkedin.recruiter.request()
    await linkedin.put_candidates({"C1": candidate(1), "C2": candidate(2)})
    await linkedin.put_applications({"A1": application()})
    await linkedin.put_stages("A1", {"S1": stage()})
    await linkedin.post_jobs(job(linkedin.organization))
    async with smartrecruiters_client(sandbox) as http:
        await http.post("/_sandbox/edit", json={"percent": 20})
        [report, *_] = (await http.get("/reporting-api/v201804/reports")).json()["content"]
        await http.post(f"/reporting-api/v201804/reports/{report['id']}/files")


async def answers(sandbox: Sandbox, linkedin: Caller) -> list[tuple[int, bytes, list[tuple[str, str]]]]:
    """The answers to calls of many kinds, which change things as well."""
    found = []
    for number in range(3):
        found.append(await linkedin.put_candidates({"C1": candidate(number), f"D{number}": candidate()}))
        found.append(await linkedin.post_jobs(job(linkedin.organization, f"J{number}")))
        urn = found[-1].json()["elements"][0]["id"]
        sandbox.clock.advance(timedelta(minutes=4))
        found.append(await linkedin.send("GET", "/v2/simpleJobPostingTasks", f"ids={quote(urn, safe='')}"))
        found.append(await linkedin.fetch_token())
    async with smartrecruiters_client(sandbox) as http:
        paths = ("/candidates?limit=100", "/jobs?limit=100", "/reporting-api/v201804/reports")
        found.extend([await http.get(path) for path in paths])
        rows = (await http.get("/candidates?limit=3")).json()["content"]
        found.extend([await http.get(f"/candidates/{row['id']}") for row in rows])
        found.append(await http.post("/_sandbox/edit", json={"percent": 10}))
        found.append(await http.get("/candidates?limit=100"))
    return [(answer.status_code, answer.content, sorted(answer.headers.items())) for answer in found]


def dumps(sandbox: Sandbox) -> dict[str, list[Any]]:
    from landbridge.sandbox.linkedin.dump import DUMPS as OF_LINKEDIN
    from landbridge.sandbox.smartrecruiters.dumps import DUMPS as OF_SMARTRECRUITERS

    found = {}
    for system, names in ((sandbox.linkedin, OF_LINKEDIN), (sandbox.smartrecruiters, OF_SMARTRECRUITERS)):
        for name in names:
            rows = system.dump(name)
            found[f"{system.name}.{name}"] = [] if rows is None else list(rows)
    return found


async def test_restored_sandbox_answers_the_same_bytes(sandbox: Sandbox, linkedin: Caller) -> None:
    await live(sandbox, linkedin)
    before = dumps(sandbox)
    sandbox.site.snapshot("here")
    first = await answers(sandbox, linkedin)
    assert {200, 503} <= {status for status, _, _ in first}
    after = dumps(sandbox)
    sandbox.site.reset()
    assert dumps(sandbox) != before
    sandbox.site.restore("here")
    assert dumps(sandbox) == before
    assert await answers(sandbox, linkedin) == first
    assert dumps(sandbox) == after


async def test_file_makes_another_sandbox_the_same_one(sandbox: Sandbox, linkedin: Caller, tmp_path: Path) -> None:
    await live(sandbox, linkedin)
    sandbox.site.save(tmp_path / "all.sandbox")
    other = Sandbox(world="hostile", seed=7, candidates=5)
    other.site.load(tmp_path / "all.sandbox")
    assert dumps(other) == dumps(sandbox)
    transport = httpx2.ASGITransport(app=other.linkedin)
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        caller = Caller(http, other)
        caller.token = linkedin.token
        assert await answers(other, caller) == await answers(sandbox, linkedin)


@pytest.mark.parametrize("world", ["plain", "hostile"])
def test_same_state_gives_the_same_bytes_after_restore(world: str) -> None:
    sandbox = Sandbox(world=world, candidates=60)
    sandbox.clock.freeze()
    sandbox.smartrecruiters.state.changed()
    content = sandbox.site.snapshot("a").content
    sandbox.site.restore("a")
    assert sandbox.site.snapshot("b").content == content


def test_untouched_world_is_not_in_the_snapshot() -> None:
    small, large = (Sandbox(candidates=size).site.snapshot("a").content for size in (20, 2000))
    changed = Sandbox(candidates=2000)
    changed.smartrecruiters.state.changed()
    # A hundred bytes per person at most, for the orders of lists: the people themselves are made once more.
    assert len(large) - len(small) < 2000 * 100
    assert len(changed.site.snapshot("a").content) > 2 * len(large)


async def test_everything_a_system_remembers_is_in_the_snapshot(sandbox: Sandbox, linkedin: Caller) -> None:
    """Whatever can be reached from a system and can change is written, or named in MACHINERY with the reason."""
    await live(sandbox, linkedin)
    # With the world as a whole among the written things, whatever belongs to it counts as written.
    sandbox.smartrecruiters.state.changed()
    writer = snapshots.export(sandbox.site, len)
    forgotten = [path for system in sandbox.site.systems for path in unwritten(system, type(system).__name__, writer)]
    assert forgotten == []


def unwritten(thing: Any, path: str, writer: Writer, met: set[int] | None = None) -> Iterator[str]:
    met = set() if met is None else met
    if id(thing) in met or writer.knows(thing):
        return
    met.add(id(thing))
    if isinstance(thing, list | dict | set | deque):
        yield path
        return
    cls = type(thing)
    if not cls.__module__.startswith("landbridge.sandbox"):
        return
    if isinstance(thing, msgspec.Struct):
        if not cls.__struct_config__.frozen:
            yield path
        return
    for name, part in getattr(thing, "__dict__", {}).items():
        if f"{cls.__name__}.{name}" not in MACHINERY and f"*.{name}" not in MACHINERY:
            yield from unwritten(part, f"{path}.{name}", writer, met)


def test_function_in_the_state_is_not_left_out_in_silence(sandbox: Sandbox) -> None:
    sandbox.linkedin.state.status_requests["x"] = print  # type: ignore[assignment]
    with pytest.raises(CannotKeepError, match="status_requests"):
        sandbox.site.snapshot("a")


WHOLE = Sandbox(candidates=2).site.snapshot("whole").content
NOT_A_STREAM = [
    b"",
    b"not gzip at all",
    # Without the time of day, or two workers would not collect the same tests.
    gzip.compress(b"\0\0\0\1\x90", mtime=0),
    gzip.compress(b"\0\0\0\4\xff\xff\xff\xff", mtime=0),
]
ODD_NAMES = [
    (b"linkedin.state:Integration", b"linkedin.state:Integratium"),
    (b"linkedin.state:Integration", b"linkedin.audit:Integration"),
    (b"linkedin.books:Book", b"kernel.server:serve"),
]


@pytest.mark.parametrize("content", NOT_A_STREAM)
def test_other_files_are_no_snapshots(sandbox: Sandbox, tmp_path: Path, content: bytes) -> None:
    refuse(sandbox, tmp_path, content)


@pytest.mark.parametrize("names", ODD_NAMES)
async def test_spoiled_file_changes_nothing(linkedin: Caller, tmp_path: Path, names: tuple[bytes, bytes]) -> None:
    await live(linkedin.sandbox, linkedin)
    whole = linkedin.sandbox.site.snapshot("a").content
    refuse(linkedin.sandbox, tmp_path, whole[: len(whole) // 2])
    plain = gzip.decompress(whole)
    assert names[0] in plain
    refuse(linkedin.sandbox, tmp_path, gzip.compress(plain.replace(*names)))


def refuse(sandbox: Sandbox, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "spoiled.sandbox"
    path.write_bytes(content)
    before = dumps(sandbox)
    with pytest.raises(BadSnapshotError):
        sandbox.site.load(path)
    assert dumps(sandbox) == before


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_file_with_any_byte_changed_is_taken_or_refused_but_never_worse(data: st.DataObject) -> None:
    plain = bytearray(gzip.decompress(WHOLE))
    # Behind the heading, which names the size of a world to be made.
    first = plain.index(b"systems")
    for _ in range(data.draw(st.integers(1, 4))):
        plain[data.draw(st.integers(first, len(plain) - 1))] = data.draw(st.integers(0, 255))
    sandbox = Sandbox(candidates=1)
    try:
        snapshots.restore(sandbox.site, [gzip.compress(bytes(plain))])
    except BadSnapshotError:
        assert sandbox.site.choice.candidates == 1


def test_file_cannot_name_anything_but_our_own_data() -> None:
    for name in ("os:system", "subprocess:Popen", "landbridge.sandbox.kernel.server:BackgroundServer.start", "x:y"):
        content: list[bytes] = []
        writer = Writer(content.append, Landmarks(Sandbox(candidates=1).clock))
        writer._out.append([8, 0, name])
        writer.close()
        with pytest.raises(BadSnapshotError):
            Reader(content, Landmarks(Sandbox(candidates=1).clock)).read()
