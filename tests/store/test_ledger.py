"""What saving outcomes does to the ledger, and what it refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from landbridge.records import Kind
from landbridge.store import lanes, ledger
from landbridge.store.database import Connection, Database
from landbridge.store.ledger import START, Acknowledged, Fence, FencedError, Place, Verdict
from tests.store.conftest import NOW
from tests.store.test_mirror import rows, upsert

PRINT = bytes(range(16))


async def fill(connection: Connection, workspace: int, count: int = 3) -> list[int]:
    made = await upsert(connection, workspace, rows(*(("candidate", f"c{n}", {"name": "A"}) for n in range(count))))
    return sorted(one.id for one in made)


async def take(connection: Connection, workspace: int) -> Fence:
    fence, _ = await lanes.take_over(connection, workspace, "candidates")
    return fence


async def column(connection: Connection, names: str) -> list[Any]:
    cursor = await connection.execute(f"SELECT {names} FROM delivery ORDER BY record_id".encode())
    found = await cursor.fetchall()
    return [row[0] if len(row) == 1 else row for row in found]


def taken(*pairs: tuple[int, int]) -> Acknowledged:
    made = Acknowledged()
    for record, revision in pairs:
        made.add(record, revision, PRINT)
    return made


async def test_rows_are_picked_by_priority_and_age_behind_a_place(database: Database, acme: int, globex: int) -> None:
    async with database.connection() as connection:
        ids = await fill(connection, acme, 5)
        await fill(connection, globex, 5)
        await connection.execute("UPDATE delivery SET priority = 0 WHERE record_id = %s", [ids[3]])
        await connection.execute("UPDATE delivery SET next_at = %s WHERE record_id = %s", [NOW, ids[1]])
        before = NOW - timedelta(seconds=1)
        picked = await ledger.pick_due(connection, acme, Kind.CANDIDATE, behind=START, limit=3, now=before)
        assert [row.record_id for row in picked] == [ids[3], ids[0], ids[2]]
        behind = Place(picked[-1].priority, picked[-1].record_id)
        picked = await ledger.pick_due(connection, acme, Kind.CANDIDATE, behind=behind, limit=3, now=before)
        assert [row.record_id for row in picked] == [ids[4]]
        urgent = await ledger.pick_urgent(connection, acme, Kind.CANDIDATE, limit=9, now=NOW)
        assert [row.record_id for row in urgent] == [ids[3]]


async def test_application_comes_with_its_candidate_and_the_number_of_its_job(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        made = await upsert(
            connection,
            acme,
            rows(
                ("job", "j1", {"title": "A", "description": "long"}),
                ("candidate", "c1", {"name": "Ž\U0001f600"}),
                ("application", "a1", {"candidate_id": "c1", "job_id": "j1"}),
                ("application", "a2", {"candidate_id": "none", "job_id": "none"}),
            ),
        )
        [job] = [one.id for one in made if one.kind == "job"]
        await connection.execute("UPDATE delivery SET sent_at = %s WHERE record_id = %s", [NOW, job])
        first, second = await ledger.pick_due(connection, acme, Kind.APPLICATION, behind=START, limit=9, now=NOW)
        assert (first.key, first.parent, first.parent_there) == ("a1", '{"name": "Ž\U0001f600"}'.encode(), False)
        assert (first.job_id, first.job_there) == (job, True)
        assert (second.parent, second.parent_there, second.job_id, second.job_there) == (None, False, None, False)
        assert await ledger.load_jobs(connection, acme, [job]) == {job: b'{"title": "A"}'}


async def test_acknowledged_row_is_delivered_unless_it_has_changed_meanwhile(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        first, second, third = await fill(connection, acme)
        fence = await take(connection, acme)
        await connection.execute("UPDATE delivery SET revision = 2 WHERE record_id = %s", [second])
        await ledger.save_acknowledged(connection, fence, taken((first, 1), (second, 1)), now=NOW)
        assert await column(connection, "state, fingerprint, sent_revision, sent_at") == [
            ("delivered", PRINT, 1, NOW),
            ("due", PRINT, 1, NOW),
            ("due", None, None, None),
        ]
        assert third


async def test_sender_whose_epoch_has_passed_saves_nothing(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        first, *_ = await fill(connection, acme)
        fence = await take(connection, acme)
        await take(connection, acme)
        with pytest.raises(FencedError):
            await ledger.save_acknowledged(connection, fence, taken((first, 1)), now=NOW)
        with pytest.raises(FencedError):
            await ledger.save_unchanged(connection, fence, [(first, 1)], now=NOW)
        verdict = Verdict(record=first, revision=1, state="quarantined")
        with pytest.raises(FencedError):
            await ledger.save_verdicts(connection, fence, [verdict], now=NOW)
        assert await column(connection, "state") == ["due"] * 3
        assert not await lanes.is_ours(connection, fence)


async def test_unchanged_row_keeps_when_it_was_sent(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        first, *_ = await fill(connection, acme)
        fence = await take(connection, acme)
        await connection.execute("UPDATE delivery SET sent_at = %s WHERE record_id = %s", [NOW, first])
        await ledger.save_unchanged(connection, fence, [(first, 1)], now=NOW + timedelta(hours=1))
        assert (await column(connection, "state, sent_at"))[0] == ("delivered", NOW)


async def test_verdicts_set_keep_and_clear_what_they_say(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        first, second, third = await fill(connection, acme)
        fence = await take(connection, acme)
        later = NOW + timedelta(minutes=5)
        await ledger.save_verdicts(
            connection,
            fence,
            [
                Verdict(record=first, revision=1, state="pending", fingerprint=PRINT, far='{"task": 1}', next_at=later),
                Verdict(record=second, revision=1, state="held", reason="email_missing", detail="emails"),
                Verdict(record=third, revision=1, state="delivered", fingerprint=PRINT, acknowledged=True),
            ],
            now=NOW,
        )
        assert await column(connection, "state, reason, detail, fingerprint, far, next_at, sent_at, sent_revision") == [
            ("pending", "", "", PRINT, {"task": 1}, later, None, 1),
            ("held", "email_missing", "emails", None, None, None, None, None),
            ("delivered", "", "", PRINT, None, None, NOW, 1),
        ]
        await ledger.save_verdicts(
            connection,
            fence,
            [Verdict(record=first, revision=1, state="gone", fingerprint=b"", acknowledged=False, attempts=2)],
            now=NOW,
            origins=("pending",),
        )
        assert (await column(connection, "state, fingerprint, far, sent_at, attempts"))[0] == (
            "gone",
            None,
            {"task": 1},
            None,
            2,
        )


async def test_verdict_for_a_row_that_is_elsewhere_by_now_changes_nothing(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        first, *_ = await fill(connection, acme)
        fence = await take(connection, acme)
        await connection.execute("UPDATE delivery SET state = 'delivered' WHERE record_id = %s", [first])
        await ledger.save_verdicts(connection, fence, [Verdict(record=first, revision=1, state="held")], now=NOW)
        assert (await column(connection, "state"))[0] == "delivered"


async def test_doubtful_rows_are_due_again_in_their_newest_state(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        first, second, _ = await fill(connection, acme)
        fence = await take(connection, acme)
        await ledger.save_acknowledged(connection, fence, taken((first, 1)), now=NOW)
        await connection.execute("UPDATE delivery SET state = 'quarantined' WHERE record_id = %s", [second])
        await ledger.doubt(connection, acme, [first, second], now=NOW)
        assert await column(connection, "state, fingerprint") == [("due", None), ("quarantined", None), ("due", None)]


async def test_only_those_whose_record_has_arrived_are_woken(database: Database, acme: int, globex: int) -> None:
    async with database.connection() as connection:
        for workspace in (acme, globex):
            await upsert(
                connection,
                workspace,
                rows(
                    ("candidate", "c1", {}),
                    ("candidate", "c2", {}),
                    ("application", "a1", {"candidate_id": "c1", "job_id": "j"}),
                    ("application", "a2", {"candidate_id": "c2", "job_id": "j"}),
                ),
            )
        await connection.execute(
            "UPDATE delivery SET state = 'held', reason = 'waits_for_candidate' WHERE kind = 'application'"
        )
        await connection.execute(
            """UPDATE delivery SET sent_at = %s FROM record r
               WHERE r.id = record_id AND r.key = 'c1' AND r.workspace_id = %s""",
            [NOW, acme],
        )
        reason = "waits_for_candidate"
        asked = Kind.APPLICATION, Kind.CANDIDATE, reason
        assert await ledger.anybody_may_go_on(connection, acme, *asked)
        assert not await ledger.anybody_may_go_on(connection, globex, *asked)
        for workspace, expected in ((acme, 1), (globex, 0)):
            woken = await ledger.wake_waiting(connection, workspace, Kind.APPLICATION, Kind.CANDIDATE, reason, now=NOW)
            assert woken == expected
        assert await ledger.anybody_waits(connection, acme, Kind.APPLICATION, reason)
        assert not await ledger.anybody_may_go_on(connection, acme, *asked)
        assert not await ledger.anybody_waits(connection, acme, Kind.APPLICATION, "waits_for_job")


async def test_kind_is_made_due_by_state_and_reason(database: Database, acme: int) -> None:
    async with database.connection() as connection:
        first, second, _ = await fill(connection, acme)
        await connection.execute(
            "UPDATE delivery SET state = 'quarantined', reason = 'a' WHERE record_id = %s", [first]
        )
        await connection.execute(
            "UPDATE delivery SET state = 'quarantined', reason = 'b' WHERE record_id = %s", [second]
        )
        count = await ledger.make_kind_due(
            connection, acme, Kind.CANDIDATE, states=("quarantined",), reason="a", now=NOW
        )
        assert count == 1
        assert await column(connection, "state, reason") == [("due", ""), ("quarantined", "b"), ("due", "")]
