"""Messages are read by the names of their fields and what the proto says of each; what does not fit fails early."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, make_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.message import Message

from services.kit.errors import Invalid
from services.kit.fields import (
    DEFAULT_PAGE,
    DateOutOfRange,
    FieldMalformed,
    FieldMissing,
    KboNumberWrong,
    ListTooLong,
    TextTooLong,
    UnknownCode,
)
from services.kit.partial_dates import PartialDay
from services.kit.reading import reader
from services.kit.shapes import Differences, Unfitting
from tests.kit.form import Everything, Form, Loose, Person

ID = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55"


class Outcome(StrEnum):
    """All a session may decide."""

    FOLLOW_UP = "follow_up"
    NO_ACTION = "no_action"


@dataclass(frozen=True, slots=True)
class Somebody:
    """As `Person`."""

    given_name: str
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class Filled:
    """As `Form`."""

    person: Somebody
    urgent: bool
    people: tuple[Somebody, ...]


@dataclass(frozen=True, slots=True)
class All:
    """As `Everything`."""

    id: UUID
    other_id: UUID | None
    first_day: date
    town: str
    enterprise: str
    email: str
    contact: str
    colour: str
    language: str
    place: str | None
    cursor: UUID | None
    page_size: int
    note: str
    at: datetime
    until: datetime | None
    towns: tuple[str, ...]
    ids: tuple[UUID, ...]
    languages: tuple[str, ...]
    second: Somebody | None
    number: int
    outcome: Outcome
    born: PartialDay | None
    age: int
    agreed: bool | None


FIRST_DAY = Differences(names={"first_day": "from"})
MOMENT = datetime(2026, 11, 24, 13, 0, 0, 5, tzinfo=UTC)
FULL: dict[str, Any] = {
    "id": ID, "other_id": ID, "from": "2026-11-24", "town": "24001", "enterprise": "0417497106", "email": "A@B.example",
    "contact": "Info@b.example", "colour": "#1b6c68", "language": "nl", "place": "online", "cursor": ID, "page_size": 7,
    "note": " abc ", "at": MOMENT, "until": MOMENT, "towns": ["24001", "24001"], "ids": [ID], "languages": ["fr", "nl"],
    "second": {"given_name": "An"}, "number": 9, "outcome": "follow_up",
    "born": "2009-03", "age": 16, "agreed": False,
}  # fmt: skip
LEAST = {name: FULL[name] for name in ("id", "from", "town", "enterprise", "email", "language", "at", "ids", "outcome")}


def everything(**fields: Any) -> All:
    """Read a message with these fields."""
    return reader(All, Everything, FIRST_DAY)(Everything(**fields))


def test_every_kind_becomes_its_type() -> None:
    person_id = UUID(ID)
    assert everything(**FULL) == All(
        person_id, person_id, date(2026, 11, 24), "24001", "0417497106", "a@b.example", "info@b.example", "#1b6c68",
        "nl", "online", person_id, 7, "abc", MOMENT, MOMENT, ("24001",), (person_id,), ("fr", "nl"),
        Somebody("An", None), 9, Outcome.FOLLOW_UP, PartialDay(2009, 3), 16, False,
    )  # fmt: skip
    assert isinstance(everything(**FULL).outcome, Outcome)


def test_what_may_be_empty_is_absent() -> None:
    read = everything(**LEAST)
    assert (read.other_id, read.place, read.cursor, read.until, read.second) == (None, None, None, None, None)
    assert (read.contact, read.colour, read.note, read.towns, read.languages) == ("", "", "", (), ())
    assert (read.page_size, read.number, read.age) == (DEFAULT_PAGE, 0, 0)
    assert (read.born, read.agreed) == (None, None)


@pytest.mark.parametrize(
    ("changes", "error", "path"),
    [
        ({"id": ""}, FieldMalformed, "id"),
        ({"other_id": "x"}, FieldMalformed, "other_id"),
        ({"from": "1899-12-31"}, DateOutOfRange, "from"),
        ({"town": "2400"}, FieldMalformed, "town"),
        ({"enterprise": "0417497107"}, KboNumberWrong, "enterprise"),
        ({"email": " "}, FieldMissing, "email"),
        ({"email": "\u200b"}, FieldMissing, "email"),
        ({"email": f"{'y' * 65}@b.example"}, FieldMalformed, "email"),
        ({"second": {"given_name": "\u200b"}}, FieldMissing, "second.given_name"),
        ({"second": {"given_name": "42"}}, FieldMalformed, "second.given_name"),
        ({"contact": "nele"}, FieldMalformed, "contact"),
        ({"colour": "teal"}, FieldMalformed, "colour"),
        ({"language": ""}, UnknownCode, "language"),
        ({"place": "cellar"}, UnknownCode, "place"),
        ({"cursor": "1"}, FieldMalformed, "cursor"),
        ({"page_size": 51}, FieldMalformed, "page_size"),
        ({"note": "abcdef"}, TextTooLong, "note"),
        ({"at": None}, FieldMissing, "at"),
        ({"until": {"seconds": 10**15}}, DateOutOfRange, "until"),
        ({"towns": ["24001"] * 3}, FieldMissing, "towns"),
        ({"ids": []}, FieldMissing, "ids"),
        ({"ids": [ID] * 3}, ListTooLong, "ids"),
        ({"ids": [ID, "x"]}, FieldMalformed, "ids[1]"),
        ({"languages": ["xx"]}, UnknownCode, "languages"),
        ({"languages": ["nl"] * 3}, ListTooLong, "languages"),
        ({"second": {}}, FieldMissing, "second.given_name"),
        ({"outcome": "UNSPECIFIED"}, UnknownCode, "outcome"),
        ({"born": "03/2009"}, FieldMalformed, "born"),
        ({"born": "1899"}, DateOutOfRange, "born"),
        ({"age": 121}, FieldMalformed, "age"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], error: type[Invalid], path: str) -> None:
    everything(**FULL)
    with pytest.raises(error) as refused:
        everything(**(FULL | changes))
    assert (refused.value.field, bool(refused.value.expected)) == (path, True)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"person": None}, "person.given_name"),
        ({"people": []}, "people"),
        ({"people": [{"given_name": "An"}, {"given_name": "x" * 21}]}, "people[1].given_name"),
        ({"people": [{"given_name": "An", "birth_date": "soon"}]}, "people[0].birth_date"),
    ],
)
def test_what_is_wrong_in_a_part_is_named_by_its_path(changes: dict[str, Any], path: str) -> None:
    right: dict[str, Any] = {"person": {"given_name": "An"}, "people": [{"given_name": "Bo"}]}
    read = reader(Filled, Form)
    assert read(Form(**right)) == Filled(Somebody("An", None), False, (Somebody("Bo", None),))
    with pytest.raises(Invalid) as refused:
        read(Form(**(right | changes)))
    assert refused.value.field == path


def test_differences_are_said() -> None:
    @dataclass(frozen=True)
    class Named:
        somebody: Somebody
        shouted: str

    def shout(message: Any) -> str:
        return str(message.given_name).upper()

    read = reader(Named, Person, Differences(flat=("somebody",), by_hand={"shouted": shout}))
    assert read(Person(given_name="An")) == Named(Somebody("An", None), "AN")


def test_an_empty_field_stands_for_something() -> None:
    place: type[Any] = make_dataclass("Place", [("place", "str")], frozen=True)
    others = tuple(name for name in Everything.DESCRIPTOR.fields_by_name if name != "place")
    read = reader(place, Everything, Differences(leave_out=others, absent={"place": "online"}))
    assert (read(Everything()), read(Everything(place="town_hall"))) == (place("online"), place("town_hall"))


def without(name: str) -> type:
    """`All` without a field."""
    hints = [(field.name, field.type) for field in dataclasses.fields(All) if field.name != name]
    return make_dataclass("Less", hints, frozen=True, namespace={"__module__": __name__})


def typed(**types: Any) -> type:
    """`All` with other types."""
    hints = [(field.name, types.get(field.name, field.type)) for field in dataclasses.fields(All)]
    return make_dataclass("Otherwise", hints, frozen=True, namespace={"__module__": __name__})


@pytest.mark.parametrize(
    ("made", "asked", "differences"),
    [
        (All, Everything, Differences()),
        (All, Everything, Differences(names={"first_day": "from", "last_day": "to"})),
        (All, Everything, Differences(names={"first_day": "start"})),
        (All, Everything, Differences(names=FIRST_DAY.names, leave_out=("nothing",))),
        (All, Everything, Differences(names=FIRST_DAY.names, absent={"nothing": "x"})),
        (All, Form, FIRST_DAY),
        (without("number"), Everything, FIRST_DAY),
        (typed(id=str), Everything, FIRST_DAY),
        (typed(other_id=UUID), Everything, FIRST_DAY),
        (typed(first_day=str), Everything, FIRST_DAY),
        (typed(until=date), Everything, FIRST_DAY),
        (typed(towns=str), Everything, FIRST_DAY),
        (typed(number=bool), Everything, FIRST_DAY),
        (typed(number=int | None), Everything, FIRST_DAY),
        (typed(agreed=bool), Everything, FIRST_DAY),
        (typed(born=date), Everything, FIRST_DAY),
        (typed(language=Outcome), Everything, FIRST_DAY),
        (typed(place=Outcome), Everything, FIRST_DAY),
        (typed(second=str), Everything, FIRST_DAY),
        (typed(note=dict[str, str]), Everything, FIRST_DAY),
        (make_dataclass("Loose", [("text", str), ("texts", tuple[str, ...])]), Loose, Differences()),
        (str, Loose, Differences()),
    ],
)
def test_what_does_not_fit_fails_when_it_is_put_together(
    made: type, asked: type[Message], differences: Differences
) -> None:
    reader(All, Everything, FIRST_DAY)
    with pytest.raises(Unfitting):
        reader(made, asked, differences)


def test_facts_are_taken_over_as_they_are() -> None:
    loose: type[Any] = make_dataclass("Loose", [("text", "str | None"), ("texts", tuple[str, ...])], frozen=True)
    read = reader(loose, Loose, facts=True)
    assert read(Loose(text=" a ", texts=["x", "x"])) == loose(" a ", ("x", "x"))
    assert read(Loose()) == loose(None, ())


@pytest.mark.parametrize(
    ("field", "value"), [("id", ""), ("other_id", "x"), ("from", "soon"), ("outcome", "arrest"), ("town", "")]
)
def test_what_cannot_be_a_fact_is_a_value_error(field: str, value: str) -> None:
    read = reader(All, Everything, FIRST_DAY, facts=True)
    assert read(Everything(**(FULL | {"contact": "", "note": "longer than five"}))).note == "longer than five"
    with pytest.raises(ValueError, match=r"."):
        read(Everything(**(FULL | {field: value})))
