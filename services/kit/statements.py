"""Statements of hot acts, compiled once when their module is imported: the driver's text, its values by name.

Written as SQLAlchemy's expressions or `text`, run by `Work.fetch`, `fetch_one`, `fetch_entities` and `execute` on the
driver's own connection. What the driver gives is the row: JSON comes as its text, so a statement casts it to one.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

import asyncpg
from sqlalchemy import JSON, Executable, TypeDecorator, inspect
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.util import AliasedInsp

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
        self._compiled(said)

    def _compiled(self, said: Executable) -> Sequence[Any]:
        """The columns of its rows, as SQLAlchemy describes them."""
        compiled = cast(Any, said).compile(dialect=_DIALECT)
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
        columns: Sequence[Any] = compiled._result_columns
        return columns

    def arguments(self, values: Mapping[str, object]) -> list[object]:
        """In the driver's order. Raises KeyError for a name that has no value."""
        return [values[name] if asked else fixed for name, asked, fixed in self._values]


class Entities(Statement):
    """A `select` of whole entities, with columns beside them: rows by the names SQLAlchemy gives what was selected.

    The entities are read and asked, never changed: no session knows them. One that an outer join did not find is None.
    """

    __slots__ = ("_parts", "_row")

    def __init__(self, said: Executable) -> None:
        columns, asked_of = self._compiled(said), cast(Any, said)
        selected: list[dict[str, Any]] = asked_of.column_descriptions
        # Such as Session, state; what has no name gets its place.
        self._row = cast(Any, namedtuple)("Found", [part["name"] for part in selected], rename=True)
        self._parts: list[_Part] = []
        at = 0
        for part in selected:
            found = _Part.at(at, part["expr"])
            found.expect(columns)
            self._parts.append(found)
            at = found.within.stop

    def of(self, row: Sequence[Any]) -> Any:
        """The row of what the driver gave."""
        return self._row(*[row[part.key] if part.kind is None else part.entity(row) for part in self._parts])


class _Part(NamedTuple):
    """What was selected: an entity or a column, where its columns stand, and where the one that is never NULL does."""

    kind: type | None
    names: tuple[str, ...]
    within: slice
    key: int

    @classmethod
    def at(cls, first: int, selected: Any) -> _Part:
        """From this column on."""
        asked: Any = inspect(selected, raiseerr=False)
        if not isinstance(asked, Mapper | AliasedInsp):
            return cls(None, (), slice(first, first + 1), first)
        mapper: Any = asked.mapper
        names = tuple(attribute.key for attribute in mapper.column_attrs)
        key = names.index(mapper.get_property_by_column(mapper.primary_key[0]).key)
        return cls(mapper.class_, names, slice(first, first + len(names)), first + key)

    def expect(self, columns: Sequence[Any]) -> None:
        """Raises TypeError when the statement lists an entity in another order than its attributes."""
        listed = [{getattr(source, "key", None) for source in column.objects} for column in columns[self.within]]
        if self.kind and not all(name in keys for name, keys in zip(self.names, listed, strict=True)):
            raise TypeError(f"{self.kind.__name__} is selected in another order")

    def entity(self, row: Sequence[Any]) -> object:
        """The entity, None when it was not found."""
        if row[self.key] is None:
            return None
        # As SQLAlchemy itself fills what it has read; its constructor notes each as a change, in eight times the time.
        made: object = inspect(self.kind).class_manager.new_instance()
        made.__dict__.update(zip(self.names, row[self.within], strict=True))
        return made
