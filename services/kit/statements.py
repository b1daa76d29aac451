"""Statements of hot acts, compiled once when their module is imported: the driver's text, its values by name.

Written as SQLAlchemy's expressions or `text`, run by `Work.fetch`, `fetch_one` and `execute` on the driver's own
connection. What the driver gives is the row: JSON comes as its text, so a statement casts it to one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import asyncpg
from sqlalchemy import JSON, Executable, TypeDecorator
from sqlalchemy.dialects.postgresql.asyncpg import dialect

_DIALECT = dialect()  # type: ignore[no-untyped-call]


class Row(asyncpg.Record):  # type: ignore[misc]
    """What the driver gives, by the names of its columns too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Statement:
    """One statement. Its values MUST be as the driver takes them: ids, moments, numbers, texts, lists of these."""

    __slots__ = ("_values", "text")

    def __init__(self, said: Executable) -> None:
        asked_of: Any = said
        compiled = asked_of.compile(dialect=_DIALECT)
        asked = {name for bind, name in compiled.bind_names.items() if bind.required}
        # Lists that the expression itself holds, such as states, are written out.
        written = compiled.construct_expanded_state(dict.fromkeys(asked))
        self.text: str = written.statement
        self._values: tuple[tuple[str, bool, object], ...] = tuple(
            (name, name in asked, written.parameters[name]) for name in written.positiontup or ()
        )
        types = [column[3] for column in compiled._result_columns] + [bind.type for bind in compiled.bind_names]
        if any(isinstance(kind, JSON | TypeDecorator) for kind in types):
            raise TypeError("what SQLAlchemy would convert has to be cast in the statement")

    def arguments(self, values: Mapping[str, object]) -> list[object]:
        """In the driver's order. Raises KeyError for a name that has no value."""
        return [values[name] if asked else fixed for name, asked, fixed in self._values]
