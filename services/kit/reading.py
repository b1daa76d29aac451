"""From a message to a frozen dataclass: each field by its name, and by what the proto says of it (options.proto).

A reader is made once for each pair, when its module is imported: what does not fit fails there. It reads what others
send, so it checks; a reader of `facts` takes over what our own services tell over NATS, whose fields have no limits,
and raises ValueError for what cannot be such a fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import is_dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from rondetafel.kit.v1 import options_pb2 as options
from services.kit.errors import Invalid
from services.kit.shapes import (
    SAME,
    Differences,
    Shape,
    Unfitting,
    annotations_of,
    descriptor_of,
    expect_known,
    expect_used,
    names_of,
    part_of,
    shape_of,
)
from services.kit.values import (
    Step,
    bounds,
    expect_many,
    listed_value,
    moment_value,
    number_value,
    parser_of,
    told_value,
)

Made = TypeVar("Made")

TIMESTAMP = "google.protobuf.Timestamp"


class Reader(Generic[Made]):
    """Reads one kind of message. Raises Invalid, which names the field, or ValueError when it reads facts."""

    def __init__(self, made: type[Made], asked: Descriptor, differences: Differences, *, facts: bool) -> None:
        self.made = made
        self._steps = _Plan(made, asked, differences, facts=facts).steps()

    def __call__(self, message: Message) -> Made:
        """The dataclass."""
        return self.made(*[step(message) for step in self._steps])


def reader(
    made: type[Made], asked: type[Message], differences: Differences = SAME, *, facts: bool = False
) -> Reader[Made]:
    """The reader of a message that fills a dataclass. Raises Unfitting unless each knows the other's fields."""
    return Reader(made, descriptor_of(asked), differences, facts=facts)


def each(read: Reader[Made], messages: Sequence[Message], field: str) -> tuple[Made, ...]:
    """All of a list; what is wrong in one is named by its place, such as `criteria[0].code`."""
    made: list[Made] = []
    try:
        for message in messages:
            made.append(read(message))
    except Invalid as error:
        error.field = f"{field}[{len(made)}].{error.field}"
        raise
    return tuple(made)


class _Plan:
    """One dataclass and one message, put together."""

    def __init__(self, made: type, asked: Descriptor, differences: Differences, *, facts: bool) -> None:
        self._made, self._asked, self._differences, self._facts = made, asked, differences, facts
        self._used = set(differences.leave_out)
        expect_known(names_of(asked), differences.leave_out, asked.full_name)

    def steps(self) -> list[Step]:
        """What makes the fields of the dataclass, in their order."""
        if not is_dataclass(self._made):
            raise Unfitting(f"{self._made.__name__} is no dataclass")
        differences, annotations = self._differences, annotations_of(self._made)
        named = (*differences.names, *differences.by_hand, *differences.flat, *differences.absent)
        expect_known(annotations, named, self._made.__name__)
        steps = [self._step(name, annotation) for name, annotation in annotations.items()]
        expect_used(self._used, names_of(self._asked), self._asked.full_name)
        return steps

    def _step(self, name: str, annotation: Any) -> Step:
        differences = self._differences
        if name in differences.flat:
            return self._flat(shape_of(annotation).base)
        source = differences.names.get(name, name)
        field = self._asked.fields_by_name.get(source)
        self._used.add(source)
        if name in differences.by_hand:
            return differences.by_hand[name]
        if field is None:
            raise Unfitting(f"{self._asked.full_name} has no {source} for {self._made.__name__}")
        try:
            shape = shape_of(annotation)
            return self._message(field, shape) if field.message_type is not None else self._value(name, field, shape)
        except Unfitting as error:
            raise Unfitting(f"{self._made.__name__}.{name}: {error}") from None

    def _flat(self, made: type) -> Step:
        """A part whose fields stand in this message itself."""
        inner = _Plan(made, self._asked, self._within(), facts=self._facts)
        steps = [inner._step(name, annotation) for name, annotation in annotations_of(made).items()]
        self._used |= inner._used
        return lambda message: made(*[step(message) for step in steps])

    def _within(self) -> Differences:
        """What parts inherit: the readers of theirs."""
        return Differences(nested=self._differences.nested)

    def _message(self, field: FieldDescriptor, shape: Shape) -> Step:
        name, inner = field.name, part_of(field)
        if inner.full_name == TIMESTAMP:
            return moment_value(name, shape, facts=self._facts)
        nested = (read for read in self._differences.nested if read.made is shape.base)
        read = next(nested, None) or Reader(shape.base, inner, self._within(), facts=self._facts)
        get = attrgetter(name)
        if field.is_repeated:
            expect_many(shape)
            within = bounds(field)
            return lambda message: each(read, within(get(message)), name)

        def part(message: Message) -> object:
            if shape.optional and not message.HasField(name):
                return None
            try:
                return read(get(message))
            except Invalid as error:
                error.field = f"{name}.{error.field}"
                raise

        return part

    def _value(self, name: str, field: FieldDescriptor, shape: Shape) -> Step:
        get = attrgetter(field.name)
        if field.type != FieldDescriptor.TYPE_STRING:
            return number_value(field, shape)
        if self._facts:
            return told_value(field, shape)
        rule = field.GetOptions().Extensions[options.field]
        if field.is_repeated:
            return listed_value(field, rule, shape)
        absent = self._differences.absent.get(name, None if shape.optional else "")
        parse, label = parser_of(rule, shape), field.name
        if rule.required:
            return lambda message: parse(get(message), label)
        if absent == "" and shape.base is not str:
            raise Unfitting(f"may be empty and is always a {shape.base.__name__}")
        if rule.kind in (options.TEXT, options.NAME):
            return lambda message: parse(get(message), label) or absent
        return lambda message: parse(value, label) if (value := get(message)) else absent
