"""What Landbridge itself says of its work, for when something has not arrived: where it waits, and for what."""

from __future__ import annotations

from landbridge.store.database import Connection

# Each gives one column of text. Nothing in them is about a person.
_QUESTIONS = (
    """SELECT format('connection to %%s: %%s', system, problem_code) FROM connection
       WHERE workspace_id = %(workspace)s AND problem_code <> ''""",
    """SELECT format('%%s from LinkedIn: %%s%%s', kind, state, concat_ws(', ', '', nullif(reason, ''),
                  'tried ' || nullif(attempts, 0) || ' times', 'again at ' || to_char(next_at, 'HH24:MI:SS')))
       FROM arrival WHERE workspace_id = %(workspace)s AND state <> 'done' ORDER BY kind, id LIMIT 20""",
    """SELECT format('reading of %%s: up to %%s, again at %%s%%s', kind, to_char(read_until, 'HH24:MI:SS'),
                  to_char(next_at, 'HH24:MI:SS'), concat_ws(', ', '', nullif(problem, '')))
       FROM stream WHERE workspace_id = %(workspace)s AND wanted ORDER BY kind, id LIMIT 20""",
    """SELECT format('job %%s: %%s%%s', task_name, status, ', at ' || to_char(scheduled_at, 'HH24:MI:SS'))
       FROM procrastinate_jobs WHERE status IN ('todo', 'doing') ORDER BY id LIMIT 20""",
)


async def what_waits(connection: Connection, workspace: int) -> list[str]:
    """Lines for people; times as of this database's clock."""
    lines = []
    for question in _QUESTIONS:
        cursor = await connection.execute(question, {"workspace": workspace})
        lines += [text async for (text,) in cursor]
    return lines
