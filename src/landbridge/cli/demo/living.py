"""After the history: people work on both sides, and each thing they do has to arrive on the other.

They use the doors people use: Recruiter's actions and SmartRecruiters' pages. What is checked is what stands there
afterwards, not what Landbridge says of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, structs

from landbridge.cli.connecting import now
from landbridge.cli.demo.colleague import Colleague, signed_in
from landbridge.cli.demo.stage import Stage
from landbridge.cli.demo.story import Connected
from landbridge.cli.demo.telling import Teller
from landbridge.cli.demo.waiting import what_waits
from landbridge.records import Kind

Row = Mapping[str, Any]
Check = Callable[[], Awaitable[bool]]
BY = "demo"
LOOK_EVERY = 0.2
# InMails are read every few minutes where nobody has shortened that.
WITHIN, WITHIN_REAL = 60.0, 900.0
SUBJECT, MAIL = "A role in our team", "Would you like to hear about a role in our team?"
ANSWER = "Yes, gladly. Here is how to reach me."
NOTE = "Met at the spring fair; would start in the autumn."


class Happened(Struct, frozen=True, kw_only=True):
    """One thing that had to arrive on the other side. ``seconds`` from when somebody did it until it stood there."""

    arrived: bool
    seconds: float | None = None
    count: int = 0


class Living(Struct, frozen=True, kw_only=True):
    """``users``: how many seats are connected; ``desk``: how many exported people wait for an e-mail address."""

    users: Happened
    edit: Happened
    export: Happened
    inmail: Happened
    note: Happened
    desk: Happened
    erasure: Happened

    @property
    def all(self) -> dict[str, Happened]:
        return structs.asdict(self)

    @property
    def all_arrived(self) -> bool:
        return all(one.arrived for one in self.all.values())


class _Cast(Struct, frozen=True, kw_only=True):
    """Who plays: a recruiter's seat, two members who are no candidates, two candidates, and an open job."""

    seat: str
    recruiter: str
    answering: Row
    silent: Row
    edited: Row
    leaving: Row
    job: Row


async def live(stage: Stage, connected: Connected, teller: Teller, *, hurried: bool) -> Living:
    """Let people work, and see what becomes of it. ``hurried``: waits are shortened, so nothing may take long."""
    async with signed_in(stage.smartrecruiters) as colleague:
        return await _Scene(stage, connected, teller, colleague, WITHIN if hurried else WITHIN_REAL).play()


class _Scene:
    def __init__(self, stage: Stage, connected: Connected, teller: Teller, colleague: Colleague, within: float) -> None:
        self._stage = stage
        self._workspace = connected.workspace.id
        self._client_id = connected.client_id
        self._teller = teller
        self._colleague = colleague
        self._within = within

    async def play(self) -> Living:
        users = await self._connect_users()
        cast = await self._cast()
        wrote_at = time.monotonic()
        await self._write(cast)
        edit = await self._edit(cast.edited)
        desk = await self._export_without_address(cast)
        erasure = await self._erase(cast.leaving)
        export, candidate = await self._export(cast)
        inmail = await self._read_on_page(candidate, MAIL, "The InMail", wrote_at)
        note = await self._read_on_page(candidate, NOTE, "The prospect note", wrote_at)
        return Living(users=users, edit=edit, export=export, inmail=inmail, note=note, desk=desk, erasure=erasure)

    # -- who is whom

    async def _connect_users(self) -> Happened:
        """What an admin does on the page Connect users: read both sides, accept what is certain."""
        from landbridge.cli.syncing import works_of
        from landbridge.jobs.onboarding import people
        from landbridge.store.seats import count_seats

        async with works_of(self._stage.opened) as works:
            await people.read_people(works, self._workspace)
            count = await people.accept_certain(works, self._workspace, by=BY)
        async with self._stage.opened.database.connection() as connection:
            seats = (await count_seats(connection, self._workspace)).seats
        self._teller.done(f"Connect users: {count} of {seats} seats of Recruiter are users of SmartRecruiters")
        return Happened(arrived=count > 0, count=count)

    async def _cast(self) -> _Cast:
        people = await self._stage.smartrecruiters.dumps(("candidates", "applications"))
        seat, recruiter = await self._a_recruiter()
        first, second = await self._strangers(people["candidates"])
        jobs = await self._stage.linkedin.act("jobs", seat=seat, text="")
        edited, leaving = await self._ordinary(people["candidates"])
        return _Cast(
            seat=seat,
            recruiter=recruiter,
            answering=first,
            silent=second,
            edited=edited,
            leaving=leaving,
            job=next(job for job in jobs if job["client_id"] == self._client_id),
        )

    async def _a_recruiter(self) -> tuple[str, str]:
        """A seat that is linked to a user, and its holder's name."""
        from landbridge.store.seats import load_seats

        async with self._stage.opened.database.connection() as connection:
            seats, _ = await load_seats(connection, self._workspace)
        return next((seat.urn, seat.name) for seat in seats if seat.user is not None and seat.left_at is None)

    async def _strangers(self, candidates: Sequence[Row]) -> Sequence[Row]:
        """Two members who are nobody in the ATS, by address and profile; best such as nobody has written to yet."""
        emails = {str(one.get("email") or "").lower() for one in candidates}
        profiles = {str((one.get("web") or {}).get("linkedin") or "").lower() for one in candidates}
        members = await self._stage.linkedin.dump("members")
        busy = {one["member"] for one in await self._stage.linkedin.dump("inmail_threads")}
        busy |= {one["member"] for one in await self._stage.linkedin.dump("prospect_notes")}
        seats = {one["member"] for one in await self._stage.linkedin.dump("seats")}
        unknown = [
            one
            for one in members
            if one["emails"]
            and one["number"] not in seats
            and not emails & {email.lower() for email in one["emails"]}
            and one["profile_url"].lower() not in profiles
        ]
        return sorted(unknown, key=lambda one: one["number"] not in busy)[-2:]

    async def _ordinary(self, candidates: Sequence[Row]) -> list[Row]:
        """Two candidates that are on LinkedIn and with whom nothing is odd."""
        delivered = set(await self._standing(Kind.CANDIDATE, "delivered"))
        return [
            one
            for one in candidates
            if one["id"] in delivered
            and one["applications"]
            and one["readable"] == 200
            and not one["oddities"]
            and f"{one['firstName']}{one['lastName']}".isascii()
        ][1:3]

    async def _standing(self, kind: Kind, state: str) -> list[str]:
        async with self._stage.opened.database.connection() as connection:
            cursor = await connection.execute(
                """SELECT record.key FROM delivery JOIN record ON record.id = delivery.record_id
                   WHERE delivery.workspace_id = %s AND delivery.kind = %s AND delivery.state = %s""",
                [self._workspace, kind.value, state],
            )
            return [key async for (key,) in cursor]

    # -- what they do

    async def _write(self, cast: _Cast) -> None:
        """To somebody who answers and shares an address; nobody tells us, so it is found by looking."""
        linkedin, about = self._stage.linkedin, {"seat": cast.seat, "member": cast.answering["number"]}
        thread = await linkedin.act("send-inmail", **about, subject=SUBJECT, body=MAIL)
        await linkedin.act("reply", thread=thread["urn"], body=ANSWER, share_contact=True)
        await linkedin.act("write-note", **about, text=NOTE)
        self._teller.say(f"{cast.recruiter} writes an InMail and a note in Recruiter; the answer shares an address.")

    async def _edit(self, candidate: Row) -> Happened:
        last_name = f"{candidate['lastName']}-Berg"
        began, at = time.monotonic(), now()
        await self._colleague.rename(candidate, last_name)

        async def is_told() -> bool:
            return await self._is_settled("delivered", candidate["id"], at)

        async def is_there() -> bool:
            return any(one["lastName"] == last_name for one in await self._on_linkedin("candidates", candidate["id"]))

        return await self._await("An edit in SmartRecruiters is on LinkedIn", is_told, began, is_there)

    async def _export_without_address(self, cast: _Cast) -> Happened:
        """SmartRecruiters wants an e-mail address and LinkedIn gives none: nothing is invented."""
        began = time.monotonic()
        await self._stage.linkedin.act(
            "export", seat=cast.seat, member=cast.silent["number"], job=cast.job["job"], client_id=self._client_id
        )

        async def is_waiting() -> bool:
            return await self._waiting_for_address() > 0

        happened = await self._await("Somebody exported without an e-mail address waits on the desk", is_waiting, began)
        return structs.replace(happened, count=await self._waiting_for_address())

    async def _waiting_for_address(self) -> int:
        from landbridge.store.arrivals import count_arrivals

        async with self._stage.opened.database.connection() as connection:
            counts = await count_arrivals(connection, self._workspace)
        return counts.get(("export", "desk", "needs_email"), 0)

    async def _erase(self, candidate: Row) -> Happened:
        began, at = time.monotonic(), now()
        await self._colleague.delete(candidate["id"])

        async def is_told() -> bool:
            return await self._is_settled("gone", candidate["id"], at)

        async def is_gone() -> bool:
            left = [await self._on_linkedin("applications", one) for one in candidate["applications"]]
            return not any([*left, await self._on_linkedin("candidates", candidate["id"])])

        return await self._await("Somebody deleted in SmartRecruiters is gone from LinkedIn", is_told, began, is_gone)

    async def _export(self, cast: _Cast) -> tuple[Happened, str | None]:
        """Once the shared address is known: the candidate's id as well, None where there is none in time."""
        with self._teller.waiting("LinkedIn does not tell of InMails and shared addresses: they are looked for"):
            await self._within_time(lambda: self._knows_address(cast.answering))
        began, at, job = time.monotonic(), now(), cast.job["job"]
        await self._stage.linkedin.act(
            "export", seat=cast.seat, member=cast.answering["number"], job=job, client_id=self._client_id
        )
        candidate: list[str] = []

        async def is_told() -> bool:
            candidate[:] = await self._made_by_export(at)
            return bool(candidate) and await self._is_settled("delivered", candidate[0], at)

        async def is_there() -> bool:
            return await self._is_on_job(candidate[0], cast.answering, job) and bool(
                await self._on_linkedin("candidates", candidate[0])
            )

        what = f"Somebody exported in Recruiter is a candidate for {cast.job['title']}, and In ATS"
        happened = await self._await(what, is_told, began, is_there)
        return happened, candidate[0] if candidate else None

    async def _knows_address(self, member: Row) -> bool:
        async with self._stage.opened.database.connection() as connection:
            cursor = await connection.execute(
                """SELECT EXISTS (SELECT FROM arrival
                                  WHERE workspace_id = %s AND kind = 'contact' AND body->'emails' ?| %s)""",
                [self._workspace, list(member["emails"])],
            )
            row = await cursor.fetchone()
        return bool(row and row[0])

    async def _made_by_export(self, since: datetime) -> list[str]:
        async with self._stage.opened.database.connection() as connection:
            cursor = await connection.execute(
                """SELECT ats_id FROM arrival WHERE workspace_id = %s AND kind = 'export' AND state = 'done'
                   AND received_at >= %s AND ats_id IS NOT NULL""",
                [self._workspace, since],
            )
            return [key async for (key,) in cursor]

    async def _is_on_job(self, candidate: str, member: Row, job: str) -> bool:
        """Whether the ATS has this candidate under the member's address, on the job."""
        people = await self._stage.smartrecruiters.dumps(("candidates", "applications"))
        emails = {email.lower() for email in member["emails"]}
        return any(one["id"] == candidate and one["email"].lower() in emails for one in people["candidates"]) and any(
            one["candidateId"] == candidate and one["jobId"] == job for one in people["applications"]
        )

    async def _read_on_page(self, candidate: str | None, text: str, what: str, began: float) -> Happened:
        async def is_read() -> bool:
            return candidate is not None and await self._colleague.reads(candidate, text)

        return await self._await(f"{what} is a note on the candidate", is_read, began)

    # -- looking

    async def _on_linkedin(self, entity: str, key: str) -> list[Row]:
        name = {"candidates": "atsCandidateId", "applications": "atsJobApplicationId"}[entity]
        rows = await self._stage.linkedin.dump(entity)
        return [row for row in rows if row["clientId"] == self._client_id and row[name] == key]

    async def _is_settled(self, state: str, candidate: str, since: datetime) -> bool:
        """Whether LinkedIn has acknowledged the newest state of a candidate. Asking LinkedIn itself again and again
        would slow down what is being timed."""
        async with self._stage.opened.database.connection() as connection:
            cursor = await connection.execute(
                """SELECT EXISTS (
                       SELECT FROM delivery d JOIN record r ON r.id = d.record_id
                       WHERE d.workspace_id = %s AND d.kind = 'candidate' AND r.key = %s AND d.state = %s
                         AND d.changed_at >= %s)""",
                [self._workspace, candidate, state, since],
            )
            row = await cursor.fetchone()
        return bool(row and row[0])

    async def _await(self, what: str, told: Check, began: float, truth: Check | None = None) -> Happened:
        """Wait until we are told; then it has to be true."""
        with self._teller.waiting(what):
            arrived = await self._within_time(told)
        seconds = round(time.monotonic() - began, 1)
        if arrived and truth is not None:
            arrived = await truth()
        if arrived:
            self._teller.done(what, seconds)
        else:
            self._teller.failed(f"{what} (not within {seconds:.0f} s)")
            async with self._stage.opened.database.connection() as connection:
                for line in await what_waits(connection, self._workspace):
                    self._teller.say(f"  {line}")
        return Happened(arrived=arrived, seconds=seconds if arrived else None, count=int(arrived))

    async def _within_time(self, check: Check) -> bool:
        ends = time.monotonic() + self._within
        while not (arrived := await check()) and time.monotonic() < ends:
            await asyncio.sleep(LOOK_EVERY)
        return arrived
