"""What the ATS tells by webhooks, to be delivered by hand and as often as wanted."""

from __future__ import annotations

import hmac
from datetime import timedelta
from uuid import UUID

import msgspec

from landbridge.connectors.smartrecruiters.webhooks import read_delivery
from landbridge.jobs import live
from landbridge.jobs.wiring import ATS
from landbridge.sandbox import Sandbox
from landbridge.sandbox.smartrecruiters.happenings import Happening
from landbridge.store import inbox
from tests.inbound.rig import Recruiting

KEY = "a key of this test"


class Told:
    """What the ATS has told by webhooks, to be told again."""

    def __init__(self, company: Recruiting, sandbox: Sandbox) -> None:
        self.company = company
        self.happened: list[Happening] = []
        sandbox.smartrecruiters.state.tell = self.happened.append

    async def deliver(self, turn: int) -> None:
        """All of it, as events nobody has seen, through signature and inbox; and follow them."""
        taken = []
        for number, one in enumerate(self.happened):
            event_id, body = str(UUID(int=turn * 10_000 + number)), msgspec.json.encode(one.body())
            text = b".".join([b"1700000000", body, f"{event_id}.{one.name}.v201910.".encode()])
            headers = {
                "smartrecruiters-timestamp": "1700000000",
                "event-id": event_id,
                "event-name": one.name,
                "event-version": "v201910",
                "smartrecruiters-signature": "v1=" + hmac.digest(KEY.encode(), text, "sha256").hex(),
            }
            delivery = read_delivery(headers, body, [KEY])
            if delivery is not None:
                taken.append(inbox.Taken(workspace=self.company.workspace, event_id=event_id, type=one.name, body=body))
        await live.keep(self.company.works.database, ATS, taken, self.company.now())
        for _ in range(20):
            end = await live.follow(
                self.company.works, self.company.workspace, length=timedelta(seconds=60), stopping=lambda: False
            )
            assert end.problem is None
            if end.resume_at is None:
                return
            self.company.clock.advance(timedelta(seconds=30))
        raise AssertionError("following does not come to rest")
