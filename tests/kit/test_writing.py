"""Messages are written by the names of their fields; all of a dataclass is written, or making the writer fails."""

from __future__ import annotations

from dataclasses import dataclass, make_dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.message import Message
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.kit.reading import reader
from services.kit.shapes import Differences, Unfitting
from services.kit.writing import writer, writer_of
from tests.kit.form import Everything, Form, Person, Things, ThingsCounted
from tests.kit.test_reading import FIRST_DAY, FULL, ID, LEAST, All, Filled, Somebody


class Base(DeclarativeBase):
    """Of the entities of these tests."""


class Human(Base):
    """An entity: more than the message asks for."""

    __tablename__ = "human"
    human_id: Mapped[UUID] = mapped_column(primary_key=True)
    given_name: Mapped[str]
    born_on: Mapped[date | None]

    @property
    def birth_date(self) -> date | None:
        """As the message names it."""
        return self.born_on


BACK = Differences(names={"from": "first_day"})


@pytest.mark.parametrize("fields", [FULL, LEAST])
def test_what_was_read_is_written_alike(fields: dict[str, Any]) -> None:
    read = reader(All, Everything, FIRST_DAY)
    values = read(Everything(**fields))
    message = writer(Everything, All, BACK)(values)
    assert read(message) == values
    assert message.HasField("until") is ("until" in fields)
    assert message.HasField("second") is ("second" in fields)


def test_parts_and_lists_of_parts() -> None:
    filled = Filled(Somebody("An", date(2010, 4, 2)), True, (Somebody("Bo", None),))
    message: Any = writer(Form, Filled)(filled)
    assert (message.person.birth_date, message.people[0].given_name, message.people[0].birth_date) == (
        "2010-04-02", "Bo", "",
    )  # fmt: skip


def test_an_entity_gives_what_is_asked() -> None:
    human = Human(human_id=UUID(ID), given_name="An", born_on=date(2010, 4, 2))
    assert writer(Person, Human)(human) == Person(given_name="An", birth_date="2010-04-02")


@dataclass(frozen=True, slots=True)
class Seen:
    """An entity with something beside it."""

    human: Human
    note: str


@dataclass(frozen=True, slots=True)
class Perhaps:
    """A part that may be missing."""

    somebody: Somebody | None


def test_differences_are_said() -> None:
    human = Human(human_id=UUID(ID), given_name="An", born_on=date(2010, 4, 2))
    flat = writer(Person, Seen, Differences(flat=("human",), unused=("note",)))
    named = writer(
        Person,
        Seen,
        Differences(names={"given_name": "human.given_name", "birth_date": "human.born_on"}, unused=("note",)),
    )
    hand = writer(
        Person, Seen, Differences(by_hand={"given_name": lambda seen: seen.note}, unused=("note", "human"),
                                  leave_out=("birth_date",))
    )  # fmt: skip
    assert flat(Seen(human, "x")) == named(Seen(human, "x")) == Person(given_name="An", birth_date="2010-04-02")
    assert hand(Seen(human, "x")) == Person(given_name="x")
    perhaps = writer(Person, Perhaps, Differences(flat=("somebody",)))
    assert (perhaps(Perhaps(None)), perhaps(Perhaps(Somebody("An", None)))) == (Person(), Person(given_name="An"))


def test_a_part_has_its_own_writer() -> None:
    @dataclass(frozen=True, slots=True)
    class Crowd:
        people: tuple[Human, ...]

    shouted = writer(Person, Human, Differences(by_hand={"given_name": lambda human: human.given_name.upper()}))
    message: Any = writer(Things, Crowd, Differences(nested=(shouted,)))(Crowd((Human(given_name="An"),)))
    assert message.people[0].given_name == "AN"


def test_several_fill_the_only_list() -> None:
    people = (Somebody("An", None), Somebody("Bo", None))
    message: Any = writer_of(Things, tuple[Somebody, ...])(people)
    assert [person.given_name for person in message.people] == ["An", "Bo"]
    with pytest.raises(Unfitting):
        writer_of(ThingsCounted, tuple[Somebody, ...])


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody of whom no more is told."""

    given_name: str


@dataclass(frozen=True, slots=True)
class Names:
    """Some of them."""

    people: tuple[Name, ...]
    count: int


def test_the_proto_says_what_is_never_filled() -> None:
    message: Any = writer(ThingsCounted, Names)(Names((Name("An"),), 1))
    assert (message.people[0].given_name, message.count) == ("An", 1)


MORE = make_dataclass("More", [("given_name", str), ("birth_date", date | None), ("secret", str)])
TEXT_DAY = make_dataclass("TextDay", [("given_name", str), ("birth_date", datetime)])


@pytest.mark.parametrize(
    ("written", "source", "differences"),
    [
        (Person, Name, Differences()),
        (Person, MORE, Differences()),
        (Person, TEXT_DAY, Differences()),
        (Person, Somebody, Differences(names={"given_name": "family_name"})),
        (Person, Somebody, Differences(leave_out=("nothing",))),
        (Person, Somebody, Differences(leave_out=("birth_date",))),
        (Person, Seen, Differences(flat=("human",))),
        (Person, Seen, Differences(flat=("nobody",), unused=("note",))),
        (Form, Names, Differences()),
    ],
)
def test_what_does_not_fit_fails_when_it_is_put_together(
    written: type[Message], source: type, differences: Differences
) -> None:
    writer(Person, Somebody)
    with pytest.raises(Unfitting):
        writer(written, source, differences)


def test_moments_keep_their_microseconds() -> None:
    at = datetime(2026, 11, 24, 13, 0, 0, 5, tzinfo=UTC)
    message: Any = writer(Everything, All, BACK)(reader(All, Everything, FIRST_DAY)(Everything(**(FULL | {"at": at}))))
    assert message.at.ToDatetime(UTC) == at
