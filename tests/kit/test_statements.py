"""Statements that are compiled at import: their values, their rows, and what they refuse."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import JSON, Text, bindparam, column, func, select, table, text
from sqlalchemy.orm import DeclarativeBase, Mapped, load_only, mapped_column

from services.kit.statements import Entities, Statement
from services.kit.work import Work
from tests.databases import Migrated
from tests.harness import Harness
from tests.kit.things import POLICY, ReadScope, TouchThing, coordinator, read_scope

MANDATE = table("mandate", column("role", Text), column("mandate_id"))
NAMED = Statement(
    select(MANDATE.c.role, func.length(bindparam("word", type_=Text)).label("size")).where(
        MANDATE.c.role.in_(["coordinator", "mayor"]), MANDATE.c.role != bindparam("other", type_=Text)
    )
)


def test_values_go_by_name_and_constants_stand_in_the_statement() -> None:
    arguments = NAMED.arguments({"word": "four", "other": "dpo", "needless": 1})
    assert sorted(str(value) for value in arguments) == ["coordinator", "dpo", "four", "mayor"]
    for number in range(1, 5):
        assert f"${number}" in NAMED.text
    with pytest.raises(KeyError):
        NAMED.arguments({"word": "four"})


def test_a_name_that_stands_twice_is_one_value() -> None:
    twice = Statement(text("SELECT :one = :one, :other"))
    assert twice.arguments({"one": 1, "other": 2}) == [1, 2]


def test_what_would_have_to_be_converted_is_refused() -> None:
    assert Statement(select(func.json_agg(1).cast(Text)))
    with pytest.raises(TypeError):
        Statement(select(func.json_agg(1, type_=JSON)))
    with pytest.raises(TypeError):
        Statement(select(bindparam("document", type_=JSON)))


async def test_rows_are_the_drivers_and_of_the_acts_own_transaction(database: Migrated) -> None:
    async def ask(work: Work, query: ReadScope) -> list[object]:
        rows = await work.fetch(NAMED, {"word": "four", "other": "dpo"})
        assert [(row.role, row["size"], row[:1]) for row in rows] == [("coordinator", 4, ("coordinator",))]
        with pytest.raises(AttributeError):
            _ = rows[0].nothing
        one = await work.fetch_one(NAMED, {"word": "", "other": "coordinator"})
        # What SQLAlchemy's session asks, it asks in the same transaction.
        asked = text("SELECT txid_current()")
        by_driver = await work.fetch_one(Statement(asked), {})
        assert by_driver is not None
        return [one, by_driver[0] == (await work.session.execute(asked)).scalar_one()]

    harness = Harness("case", database, {**POLICY, ask: POLICY[read_scope]})
    person = await coordinator(harness)
    assert await person.run(ask, ReadScope(TouchThing(uuid4()))) == [None, True]


class Base(DeclarativeBase):
    """The tables of these tests."""


class Held(Base):
    """A mandate, its key not its first column."""

    __tablename__ = "mandate"
    role: Mapped[str]
    mandate_id: Mapped[UUID] = mapped_column(primary_key=True)


def test_rows_of_entities_are_as_they_were_selected() -> None:
    asked = Entities(select(Held, func.count().label("number")))
    key = uuid4()
    found, number = row = asked.of(("mayor", key, 3))
    assert (found.role, found.mandate_id, number) == ("mayor", key, 3)
    assert (row.Held, row.number) == (found, 3)
    # What an outer join did not find.
    assert asked.of((None, None, 0)) == (None, 0)


def test_an_entity_of_which_columns_are_left_out_is_refused() -> None:
    assert Entities(select(Held.role))
    with pytest.raises(TypeError):
        Entities(select(Held).options(load_only(Held.mandate_id)))
