"""How a field of the proto files becomes a line of the API's models, and what has no form there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deploy.generate.answered import view_field
from deploy.generate.asked import body_field, query_field
from deploy.generate.doors import View, snake, view_name
from deploy.generate.protos import Field, Message
from deploy.generate.writing import docstring, literal, said
from rondetafel.kit.v1.options_pb2 import FieldRule, Kind


def field(rule: FieldRule, name: str = "x", type: str = "text", *, repeated: bool = False, comment: str = "") -> Field:
    return Field(name, type, repeated, "", rule, comment)


UUID = FieldRule(kind=Kind.UUID)
NEEDED = FieldRule(kind=Kind.DAY, required=True)
SHORT = FieldRule(longest=2_000)
FLAG = FieldRule()


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (field(FieldRule(required=True, longest=2_000)), "x: Text = Field(min_length=1, max_length=2_000)"),
        (field(SHORT, comment="Why."), "x: Text | None = Field(None, max_length=2_000, description='Why.')"),
        (field(NEEDED, "from"), 'from_: Day = Field(alias="from")'),
        (field(UUID), "x: Id | None = None"),
        (field(FieldRule(kind=Kind.EMAIL, required=True)), "x: Text = Field(min_length=3, max_length=254)"),
        (field(FieldRule(kind=Kind.NAME, longest=200)), "x: Name | None = Field(None, max_length=200)"),
        (field(FieldRule(kind=Kind.COLOUR, stated=True)), "x: str = Field(max_length=7)"),
        (field(FieldRule(kind=Kind.CODE, codes="Places", required=True)), "x: codes.Places"),
        (field(FLAG, type="flag"), "x: bool = False"),
        (field(FieldRule(stated=True), type="flag"), "x: bool"),
        (replace(field(FLAG, type="flag"), optional=True), "x: bool | None = None"),
        (field(FieldRule(kind=Kind.PARTIAL_DAY)), "x: PartialDay | None = None"),
        (field(FieldRule(kind=Kind.AGE), type="number"), "x: WholeYears"),
        (field(FieldRule(required=True), type="moment"), "x: Moment"),
        (field(FieldRule(kind=Kind.NIS, most=20), repeated=True), "x: list[Nis] = Field([], max_length=20)"),
        (
            field(FieldRule(kind=Kind.UUID, least=1, most=5), repeated=True),
            "x: list[Id] = Field(min_length=1, max_length=5)",
        ),
    ],
)
def test_a_field_of_a_body(asked: Field, line: str) -> None:
    assert body_field(asked) == line


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (field(UUID), 'x: IdOrEmpty = ""'),
        (field(FieldRule(kind=Kind.CODE, codes="Places")), 'x: Literal[codes.Places, ""] = ""'),
        (field(SHORT), 'x: str = Field("", max_length=2_000)'),
        (field(FLAG, "from", "moment"), 'from_: Moment | None = Field(None, alias="from")'),
    ],
)
def test_a_field_of_a_query(asked: Field, line: str) -> None:
    assert query_field(asked) == line


@pytest.mark.parametrize(
    ("answered", "line"),
    [
        (field(FieldRule(required=True)), "x: str"),
        (field(FieldRule(nullable=True)), "x: str | None = None"),
        (field(FLAG), 'x: str = ""'),
        (field(FieldRule(kind=Kind.UUID, required=True)), "x: Id"),
        (field(UUID), 'x: str = ""'),
        (field(UUID, repeated=True), "x: list[Id] = []"),
        (field(FLAG, type="moment"), "x: datetime | None = None"),
        (field(FieldRule(required=True), type="number"), "x: int"),
        (field(FLAG, type="map"), "x: dict[str, str] = {}"),
    ],
)
def test_a_field_of_an_answer(answered: Field, line: str) -> None:
    assert view_field(answered) == line


@pytest.mark.parametrize(
    "formless",
    [
        field(FieldRule(required=True)),
        field(FieldRule(kind=Kind.UUID), repeated=True),
        field(SHORT, repeated=True),
        field(FLAG, type="number"),
        field(FLAG, type="bytes"),
    ],
)
def test_what_has_no_form_stops_the_generator(formless: Field) -> None:
    """A text without limit, a list without one, a list of bare texts, a bare number, bytes."""
    with pytest.raises(SystemExit, match="x: no form"):
        body_field(formless)


@pytest.mark.parametrize("formless", [field(NEEDED), field(UUID, repeated=True), field(FLAG, type="number")])
def test_a_query_asks_little(formless: Field) -> None:
    with pytest.raises(SystemExit, match="x: no form"):
        query_field(formless)


def test_names_of_answers() -> None:
    criterion = Message("case", "Criterion", (), "")
    names = {name: Message("case", name, (), "") for name in ("ListCasesResponse", "MandateView", "Frame")}
    assert {name: view_name(View(message), {}) for name, message in names.items()} == {
        "ListCasesResponse": "Cases",
        "MandateView": "Mandate",
        "Frame": "Frame",
    }
    assert view_name(View(criterion), {criterion.full_name: criterion}) == "CriterionView"
    assert view_name(View(criterion, ("argument",)), {}) == "CriterionFrame"
    assert snake("DeclineContribution") == "decline_contribution"


def test_texts() -> None:
    assert said("the mayor decides (invariants 2, 3) at once (invariant 4).") == "The mayor decides at once."
    assert said("action_due or review_due (dates).") == "action_due or review_due (dates)."
    assert literal({"a": [True, None, "b"]}) == "{'a': [True, None, 'b']}"
    assert eval(literal("word " * 60)) == "word " * 60
    assert max(map(len, docstring("word " * 60, 4).splitlines())) <= 120
