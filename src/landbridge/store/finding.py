"""Finding records by key, by what they point at and by number, in ways that no statistics can change (decision 0021).

What PostgreSQL believes of a table may be long out of date: of a company that has just come it knows nothing, and takes
every condition on it to leave one row. Left to choose, it then walks all of a company's rows for each one wanted. So
the way in is written down: ``OFFSET 0`` keeps a part of a statement as it stands, and a value behind a SELECT is taken
for an average one instead of one never seen.

The pieces are SQL for a place in FROM, and ask for the parameter ``workspace``. Their arguments are SQL as well:
``kind`` a parameter, a literal, or a column of what stands before.
"""

from __future__ import annotations

from landbridge.records import Kind


def pointer_to(pointed: Kind) -> str:
    """The column in which records name what they point at."""
    return "job_key" if pointed is Kind.JOB else "parent_key"


def by_key(kind: str, key: str) -> str:
    """The record of this key, or none: ``CROSS JOIN {by_key("%(kind)s", "n.key")} AS r``."""
    return _lookup(kind, "key", key)


def by_pointer(kind: str, column: str, key: str) -> str:
    """The records whose ``column`` (see ``pointer_to``) has this key."""
    return _lookup(kind, column, key)


def by_number(table: str, numbers: str, *, number: str = "id") -> str:
    """Rows of the workspace by number. ``numbers`` is an array; what else they must be like is asked of these alone."""
    return f"""(
        SELECT * FROM (SELECT * FROM {table} WHERE {number} = ANY({numbers}) OFFSET 0) AS named
        WHERE named.workspace_id = %(workspace)s)"""  # noqa: S608 - built from constants


def _lookup(kind: str, column: str, key: str) -> str:
    wanted = f"(SELECT {kind}::text)" if kind.startswith(("%", "'")) else kind
    return f"""LATERAL (
        SELECT * FROM record sought
        WHERE sought.workspace_id = (SELECT %(workspace)s) AND sought.kind = {wanted} AND sought.{column} = {key}
        OFFSET 0)"""  # noqa: S608 - built from constants
