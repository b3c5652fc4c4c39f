"""Throwing away what has served its time: old calls, ended sessions, used links. Cheap enough for every minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from landbridge.store.answers import LIFE
from landbridge.store.database import Connection
from landbridge.store.journal import trim_calls
from landbridge.store.tallies import fold

# Looks for changes come every few minutes and are of interest for a while; readings of the whole ATS are kept.
KEEP_DELTAS = timedelta(days=7)
# An ATS repeats an event for some days and can be asked for 30 days of its log: until then it has to be known again.
KEEP_EVENTS = timedelta(days=40)
MOST_AT_ONCE = 5_000


async def tidy(connection: Connection, now: datetime, *, keep_calls: timedelta) -> None:
    """Of every workspace. Nothing that anybody still needs goes: what is deleted here no longer opens or shows."""
    await trim_calls(connection, now - keep_calls)
    await fold(connection)
    await connection.execute("DELETE FROM django_session WHERE expire_date < %s", [now])
    await connection.execute("DELETE FROM sign_in_link WHERE expires_at < %s", [now])
    await connection.execute("DELETE FROM api_answer WHERE at < %s", [now - LIFE])
    await _tidy_sweeps(connection, now - KEEP_DELTAS)
    await _tidy_inbox(connection, now - KEEP_EVENTS)


async def _tidy_sweeps(connection: Connection, before: datetime) -> None:
    """Finished looks for changes. The newest sweep of each workspace stays, and the newest that came to its end: from
    its beginning on the next one looks."""
    await connection.execute(
        """WITH old AS (
               SELECT s.id FROM sweep s
               WHERE s.mode = 'delta' AND s.state IN ('done', 'stopped') AND s.finished_at < %(before)s
                 AND EXISTS (SELECT FROM sweep n WHERE n.workspace_id = s.workspace_id AND n.id > s.id)
                 AND (s.state = 'stopped' OR EXISTS (
                     SELECT FROM sweep n WHERE n.workspace_id = s.workspace_id AND n.state = 'done'
                         AND n.started_at > s.started_at))
               ORDER BY s.id LIMIT %(most)s
           ), passes AS (
               DELETE FROM sweep_pass p USING old WHERE p.sweep_id = old.id
           )
           DELETE FROM sweep s USING old WHERE s.id = old.id""",
        {"before": before, "most": MOST_AT_ONCE},
    )


async def _tidy_inbox(connection: Connection, before: datetime) -> None:
    """Events that are done, among the oldest: looking at those by number needs no index on the time."""
    await connection.execute(
        """DELETE FROM inbox WHERE state = 'done' AND done_at < %s
           AND id IN (SELECT id FROM inbox ORDER BY id LIMIT %s)""",
        [before, MOST_AT_ONCE],
    )
