"""How fast records have been going to LinkedIn of late, from the journal of calls."""

from __future__ import annotations

from datetime import datetime, timedelta

from landbridge.store.database import Connection
from landbridge.store.scope import scoped

WITHIN = timedelta(minutes=5)

# Which lane a call was of, by its path pattern in either generation of the API; children come before their parents.
_RESOURCE = """
CASE WHEN route ILIKE '%%simpleJobPostings%%' THEN 'jobs'
     WHEN route ILIKE '%%stage%%' THEN 'stages'
     WHEN route ILIKE '%%interviewFeedback%%' THEN 'feedback'
     WHEN route ILIKE '%%applications/%%notes%%' OR route ILIKE '%%applicationNotes%%' THEN 'notes'
     WHEN route ILIKE '%%attachments%%' THEN 'resumes'
     WHEN route ILIKE '%%candidates%%' THEN 'candidates'
     WHEN route ILIKE '%%applications%%' THEN 'applications' END
"""


@scoped
async def load_pace(connection: Connection, workspace: int, now: datetime) -> dict[str, float]:
    """Records sent per minute by resource, over the last five minutes or since the first call within them."""
    cursor = await connection.execute(
        f"""
        SELECT {_RESOURCE} AS resource, sum(records), min(at) FROM call
        WHERE workspace_id = %s AND at > %s AND system = 'linkedin' AND method <> 'GET' AND status < 300
          AND records > 0 GROUP BY 1
        """,  # noqa: S608 - a constant
        [workspace, now - WITHIN],
    )
    found = {}
    for resource, records, first in await cursor.fetchall():
        minutes = max((now - first).total_seconds() / 60, 1 / 6)
        if resource is not None:
            found[resource] = records / minutes
    return found
