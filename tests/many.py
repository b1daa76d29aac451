"""Many of what a test made one of: copies of a row, put there at once past the walls."""

from __future__ import annotations

from typing import Any

from tests.databases import Migrated


async def copy_rows(database: Migrated, table: str, of: str, count: int, *values: Any, **columns: str) -> None:
    """`count` copies of the row where `of` holds ($1 and so on are the `values`), each with these columns anew.

    A column is an SQL expression, in which `n` counts from 1.
    """
    anew = ", ".join(f"'{column}', {expression}" for column, expression in columns.items())
    await database.unwalled(
        f"INSERT INTO {table} SELECT (jsonb_populate_record(one, jsonb_build_object({anew}))).*"
        f" FROM {table} AS one, generate_series(1, {count}) AS n WHERE {of}",
        *values,
    )
