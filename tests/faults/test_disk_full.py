"""The database's disk fills up in the middle of a sync, and somebody makes room again."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.faults.command import landbridge
from tests.faults.rig import Rig, running
from tests.faults.storm import CALLS_PER_SECOND, findings, settle

SIZE = "260m"
CHUNK = bytes(1024 * 1024)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own that is soon full. Only root may mount one."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small file system")
    place = Path(tempfile.mkdtemp(prefix="landbridge-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        place.rmdir()
        pytest.skip("this machine does not let even root mount a file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
    place.rmdir()


def fill(disk: Path) -> Path:
    """A file that takes all the room there is."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for piece in (CHUNK, bytes(4096), b"\0"):
            try:
                while True:
                    file.write(piece)
            except OSError:
                continue
    return filler


def still_writable(rig: Rig) -> str:
    """Empty as soon as the database cannot save anything any more."""
    try:
        rig.query("SELECT pg_logical_emit_message(true, 'filler', repeat('x', 1000000))::text")
    except psycopg.Error:
        return ""
    return "the database still finds room to write"


def nothing_sent(rig: Rig) -> str:
    [(delivered,)] = rig.query("SELECT count(*) FROM delivery WHERE state = 'delivered'")
    return "" if delivered else "nothing was delivered yet"


@pytest.mark.timeout(240)
async def test_full_disk_is_told_and_the_sync_goes_on_by_itself_when_there_is_room(small_disk: Path) -> None:
    async with running(candidates=60, workers=1, data_dir=small_disk) as rig:
        rig.source.limits(requests_per_second=CALLS_PER_SECOND)
        await rig.sync()
        await rig.until(lambda: nothing_sent(rig), 60)
        filler = fill(small_disk)
        await rig.until(lambda: still_writable(rig), 60)
        told = await landbridge(rig.environment, "sync", "--no-follow")
        assert told.status in {3, 5}, told
        assert any(f"code: {code} " in told.text for code in ("disk_full", "database_unreachable")), told
        assert "Traceback" not in told.text, told
        filler.unlink()
        await settle(rig, 120)
        assert await findings(rig) == []
