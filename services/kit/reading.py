"""From a message to a frozen dataclass: each field by its name, and by what the proto says of it (options.proto).

A reader is made once for each pair, when its module is imported: what does not fit fails there. It reads what others
send, so it checks; a reader of `facts` takes over what our own services tell over NATS, whose fields have no limits,
and raises ValueError for what cannot be such a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from operator import attrgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from rondetafel.kit.v1 import codes_pb2
from rondetafel.kit.v1 import options_pb2 as options
from services.kit.errors import Invalid
from services.kit.fields import (
    FieldMissing,
    ListTooLong,
    parse_code,
    parse_codes,
    parse_colour,
    parse_day,
    parse_email,
    parse_kbo,
    parse_nis,
    parse_nis_codes,
    parse_page_size,
    parse_text,
    parse_uuid,
    required_moment,
)
from services.kit.shapes import (
    SAME,
    Differences,
    Shape,
    Unfitting,
    descriptor_of,
    expect_known,
    expect_used,
    names_of,
    part_of,
    shapes_of,
)

Made = TypeVar("Made")
Step = Callable[[Any], object]
Parse = Callable[[str, str], object]

TIMESTAMP = "google.protobuf.Timestamp"


class Reader(Generic[Made]):
    """Reads one kind of message. Raises Invalid, which names the field, or ValueError when it reads facts."""

    def __init__(self, made: type[Made], asked: Descriptor, differences: Differences, *, facts: bool) -> None:
        self.made = made
        self._given = frozenset(differences.given)
        names, steps = _Plan(made, asked, differences, facts=facts).steps()
        self._names, self._steps = names, steps

    def __call__(self, message: Message, /, **given: object) -> Made:
        """The dataclass; `given` are the fields that the message does not hold."""
        if not self._given:
            return self.made(*[step(message) for step in self._steps])
        values = {name: step(message) for name, step in zip(self._names, self._steps, strict=True)}
        return self.made(**values, **given)


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

    def steps(self) -> tuple[list[str], list[Step]]:
        """The fields of the dataclass, and what makes each."""
        if not is_dataclass(self._made):
            raise Unfitting(f"{self._made.__name__} is no dataclass")
        differences, shapes = self._differences, shapes_of(self._made)
        named = (*differences.names, *differences.by_hand, *differences.flat, *differences.absent, *differences.given)
        expect_known(shapes, named, self._made.__name__)
        steps = {name: self._step(name, shape) for name, shape in shapes.items() if name not in differences.given}
        expect_used(self._used, names_of(self._asked), self._asked.full_name)
        return list(steps), list(steps.values())

    def _step(self, name: str, shape: Shape) -> Step:
        differences = self._differences
        if name in differences.flat:
            inner = _Plan(shape.base, self._asked, Differences(nested=differences.nested), facts=self._facts)
            return self._flat(inner, shape.base)
        source = differences.names.get(name, name)
        field = self._asked.fields_by_name.get(source)
        self._used.add(source)
        if name in differences.by_hand:
            return differences.by_hand[name]
        if field is None:
            raise Unfitting(f"{self._asked.full_name} has no {source} for {self._made.__name__}")
        try:
            return self._message(field, shape) if field.message_type is not None else self._value(name, field, shape)
        except Unfitting as error:
            raise Unfitting(f"{self._made.__name__}.{name}: {error}") from None

    def _flat(self, inner: _Plan, made: type) -> Step:
        """A part whose fields stand in this message itself."""
        steps = [inner._step(name, shape) for name, shape in shapes_of(made).items()]
        self._used |= inner._used
        return lambda message: made(*[step(message) for step in steps])

    def _message(self, field: FieldDescriptor, shape: Shape) -> Step:
        name, inner = field.name, part_of(field)
        if inner.full_name == TIMESTAMP:
            return _moment(name, shape, facts=self._facts)
        nested = (one for one in self._differences.nested if one.made is shape.base)
        read = next(nested, None) or Reader(shape.base, inner, SAME, facts=self._facts)
        get = attrgetter(name)
        if field.is_repeated:
            _expect_many(shape)
            within = _bounds(field)
            return lambda message: each(read, within(get(message)), name)

        def one(message: Message) -> object:
            if shape.optional and not message.HasField(name):
                return None
            try:
                return read(get(message))
            except Invalid as error:
                error.field = f"{name}.{error.field}"
                raise

        return one

    def _value(self, name: str, field: FieldDescriptor, shape: Shape) -> Step:
        get = attrgetter(field.name)
        if field.type != FieldDescriptor.TYPE_STRING:
            return _number(field, shape)
        if self._facts:
            return _fact(field, shape)
        rule = field.GetOptions().Extensions[options.field]
        if field.is_repeated:
            return _list(field, rule, shape)
        absent = self._differences.absent.get(name, None if shape.optional else "")
        parse, label = _parser(rule, shape), field.name
        if rule.required:
            return lambda message: parse(get(message), label)
        if absent == "" and not issubclass(shape.base, str):
            raise Unfitting(f"may be empty and is always a {shape.base.__name__}")
        if rule.kind == options.TEXT:
            return lambda message: parse(get(message), label) or absent
        return lambda message: parse(value, label) if (value := get(message)) else absent


def _expect_many(shape: Shape) -> None:
    if not shape.many:
        raise Unfitting("is a list in the message")


def _expect(shape: Shape, *allowed: type) -> None:
    if shape.base not in allowed or shape.many:
        raise Unfitting(f"is {' or '.join(one.__name__ for one in allowed)} in the message")


def _parser(rule: options.FieldRule, shape: Shape) -> Parse:
    """What reads a text of this kind, for a field of this type."""
    if rule.kind == options.CODE:
        return _code(rule, shape)
    plain: dict[options.Kind.ValueType, tuple[type, Parse]] = {
        options.UUID: (UUID, parse_uuid),
        options.CURSOR: (UUID, parse_uuid),
        options.DAY: (date, parse_day),
        options.NIS: (str, parse_nis),
        options.KBO: (str, parse_kbo),
        options.EMAIL: (str, parse_email),
        options.COLOUR: (str, parse_colour),
    }
    if rule.kind in plain:
        base, parse = plain[rule.kind]
        _expect(shape, base)
        return parse
    _expect(shape, str)
    if not rule.longest:
        raise Unfitting("has no limit")
    return partial(parse_text, longest=rule.longest, required=rule.required)


def codes_of(rule: options.FieldRule) -> frozenset[str]:
    """The codes a field may have."""
    listed = codes_pb2.DESCRIPTOR.message_types_by_name[rule.codes].enum_types_by_name["Code"]
    return frozenset(listed.values_by_name) - {"UNSPECIFIED"}


def _enum_of(rule: options.FieldRule, shape: Shape) -> type[StrEnum] | None:
    """The enumeration a code becomes a member of, if the dataclass has one there."""
    if not issubclass(shape.base, StrEnum):
        if shape.base is not str:
            raise Unfitting("is a code in the message")
        return None
    if unknown := codes_of(rule) - {one.value for one in shape.base}:
        raise Unfitting(f"{shape.base.__name__} has no {', '.join(sorted(unknown))}")
    return shape.base


def _code(rule: options.FieldRule, shape: Shape) -> Parse:
    allowed, enum = codes_of(rule), _enum_of(rule, shape)
    if enum is None:
        return partial(parse_code, allowed=allowed)
    return lambda value, field: enum(parse_code(value, field, allowed))


def _bounds(field: FieldDescriptor) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Refuses lists that are too short or too long; facts have no bounds."""
    rule, name = field.GetOptions().Extensions[options.field], field.name
    least, most = rule.least, rule.most

    def within(values: Sequence[Any]) -> Sequence[Any]:
        if len(values) < least:
            raise FieldMissing(field=name, expected=f"{least} to {most}")
        if most and len(values) > most:
            raise ListTooLong(field=name, expected=f"at most {most}")
        return values

    return within


def _list(field: FieldDescriptor, rule: options.FieldRule, shape: Shape) -> Step:
    get, name = attrgetter(field.name), field.name
    _expect_many(shape)
    if not rule.most:
        raise Unfitting("has no limit")
    one = Shape(shape.base)
    if rule.kind == options.CODE:
        allowed, least, most, enum = codes_of(rule), rule.least, rule.most, _enum_of(rule, one)
        make = enum or str
        return lambda message: tuple(map(make, parse_codes(get(message), name, allowed, least=least, most=most)))
    if rule.kind == options.NIS:
        _expect(one, str)
        return lambda message: parse_nis_codes(get(message), name, least=rule.least, most=rule.most)
    parse, within = _parser(rule, one), _bounds(field)
    return lambda message: tuple(parse(value, f"{name}[{at}]") for at, value in enumerate(within(get(message))))


def _number(field: FieldDescriptor, shape: Shape) -> Step:
    """Flags, numbers and bytes, as they are."""
    if field.GetOptions().Extensions[options.field].kind == options.PAGE_SIZE:
        return lambda message: parse_page_size(message.page_size)
    if field.is_repeated:
        raise Unfitting("is a list of a kind that nothing reads")
    _expect(shape, {FieldDescriptor.TYPE_BOOL: bool, FieldDescriptor.TYPE_BYTES: bytes}.get(field.type, int))
    return attrgetter(field.name)


def _moment(name: str, shape: Shape, *, facts: bool) -> Step:
    _expect(shape, datetime)

    def told(message: Message) -> datetime:
        if not message.HasField(name):
            raise ValueError(f"no {name}")
        moment: datetime = getattr(message, name).ToDatetime(tzinfo=UTC)
        return moment

    read = told if facts else partial(required_moment, name=name)
    if not shape.optional:
        return read
    return lambda message: read(message) if message.HasField(name) else None


def _fact(field: FieldDescriptor, shape: Shape) -> Step:
    """What one of our services told: read, not checked against limits. Each raises ValueError for what it is not."""
    get, base = attrgetter(field.name), shape.base
    make: Callable[[str], object] = date.fromisoformat if base is date else base
    if base not in (str, UUID, date) and not issubclass(base, StrEnum):
        raise Unfitting("is a text in the message")
    if field.is_repeated:
        _expect_many(shape)
        return lambda message: tuple(map(make, get(message)))
    if shape.optional:
        return lambda message: make(value) if (value := get(message)) else None
    if field.GetOptions().Extensions[options.field].required and base is str:
        return partial(_stated, get)
    return get if base is str else lambda message: make(get(message))


def _stated(get: Callable[[Any], str], message: Message) -> str:
    if not (value := get(message)):
        raise ValueError("a text that must be there is empty")
    return value
