"""All that is in a database, to look for what has to be gone."""

from __future__ import annotations

from typing import Any, LiteralString

from psycopg import sql

from landbridge.store.database import Connection, Database


async def everything(database: Database) -> str:
    """Every row of every table as text, binary columns as well."""
    async with database.connection() as connection:
        tables = await _column(
            connection,
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
        )
        texts = []
        for table in tables:
            rows = await _column(connection, sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
            texts += [text.replace('""', '"') for text in rows]
            binary = await _column(
                connection,
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_schema = 'public' AND table_name = %s AND data_type = 'bytea'",
                table,
            )
            for column in binary:
                names = {"column": sql.Identifier(column), "table": sql.Identifier(table)}
                query = sql.SQL("SELECT {column} FROM {table} WHERE {column} IS NOT NULL").format(**names)
                texts += [bytes(value).decode("utf-8", "replace") for value in await _column(connection, query)]
    return "\n".join(texts)


async def _column(connection: Connection, query: LiteralString | sql.Composed, *parameters: str) -> list[Any]:
    return [value for (value,) in await (await connection.execute(query, parameters)).fetchall()]
