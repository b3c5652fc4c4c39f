"""LinkedIn asks for jobs to be sent again. Source: job-resync-notifications."""

from __future__ import annotations

from collections.abc import Sequence

from landbridge.sandbox.linkedin.pushes import RESYNC
from landbridge.sandbox.linkedin.records import Resync
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.talent.desk import Desk

RESYNC_MINUTES = 30


class Resyncs:
    """What was asked for again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(self, jobs: Sequence[str] | None = None, client_id: str | None = None) -> Resync:
        """Push the wish for these jobs (None: all open ones); they are expected as UPDATEs within 30 minutes."""
        child, at = self._desk.child(client_id), self._desk.clock.ms()
        if jobs is not None and not jobs:
            raise RefusalError(422, "name the jobs, or none at all for all open ones")
        resyncs = self._desk.records.resyncs
        resync = Resync(
            number=len(resyncs) + 1,
            client_id=child.client_id,
            all_open=jobs is None,
            jobs=tuple(jobs or ()),
            asked_at=at,
            due_at=at + RESYNC_MINUTES * 60_000,
        )
        payload = {
            "developerApplicationUrn": child.urn,
            "type": RESYNC,
            "syncAllOpenJobs": resync.all_open,
            "externalJobPostingIds": list(resync.jobs),
        }
        resyncs.append(resync)
        self._desk.pushes.notify(child, RESYNC, f"resync-{resync.number:06d}", payload, resync.due_at)
        return resync
