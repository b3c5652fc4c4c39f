"""Whom an ATS that pushes has told of, for questions it cannot be asked itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landbridge.ports.ats import Known
from landbridge.store.database import Connection, Database
from landbridge.store.finding import by_key, by_pointer
from landbridge.store.scope import scoped


class PushedMirror:
    """``ports.ats.Mirror`` of one workspace."""

    def __init__(self, database: Database, workspace: int) -> None:
        self._database = database
        self._workspace = workspace

    async def read_candidate(self, key: str) -> Known | None:
        async with self._database.connection() as connection:
            return next(iter(await candidates_with_key(connection, self._workspace, key)), None)

    async def find_by_email(self, email: str) -> Sequence[Known]:
        async with self._database.connection() as connection:
            return await candidates_with_email(connection, self._workspace, email)

    async def is_on_job(self, candidate: str, job: str) -> bool:
        async with self._database.connection() as connection:
            return await is_on_job(connection, self._workspace, candidate, job)


@scoped
async def candidates_with_key(connection: Connection, workspace: int, key: str) -> list[Known]:
    cursor = await connection.execute(
        f"""SELECT r.key, r.body FROM {by_key("'candidate'", "%(key)s")} AS r WHERE NOT r.gone""",  # noqa: S608 - built from constants
        {"workspace": workspace, "key": key},
    )
    return [_known(*row) for row in await cursor.fetchall()]


@scoped
async def candidates_with_email(connection: Connection, workspace: int, email: str) -> list[Known]:
    """By any of their addresses, in whatever case. Reads all candidates of the workspace: it is asked seldom."""
    cursor = await connection.execute(
        """SELECT key, body FROM record WHERE workspace_id = %s AND kind = 'candidate' AND NOT gone
           AND EXISTS (SELECT FROM jsonb_array_elements_text(body -> 'emails') AS one WHERE lower(one) = lower(%s))
           ORDER BY key LIMIT 10""",
        [workspace, email],
    )
    return [_known(*row) for row in await cursor.fetchall()]


@scoped
async def is_on_job(connection: Connection, workspace: int, candidate: str, job: str) -> bool:
    cursor = await connection.execute(
        f"""SELECT EXISTS (SELECT FROM {by_pointer("'application'", "parent_key", "%(candidate)s")} AS r
                           WHERE r.job_key = %(job)s AND NOT r.gone)""",  # noqa: S608 - built from constants
        {"workspace": workspace, "candidate": candidate, "job": job},
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


def _known(key: str, body: dict[str, Any]) -> Known:
    return Known(
        key=key,
        first_name=body.get("first_name") or "",
        last_name=body.get("last_name") or "",
        email=next(iter(body.get("emails") or ()), None),
    )
