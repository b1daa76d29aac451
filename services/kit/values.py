"""What a text, number or moment of a message becomes: by the kind the proto names, for the type the dataclass has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from operator import attrgetter
from typing import Any
from uuid import UUID

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from rondetafel.kit.v1 import codes_pb2
from rondetafel.kit.v1 import options_pb2 as options
from services.kit.fields import (
    FieldMissing,
    ListTooLong,
    parse_code,
    parse_codes,
    parse_colour,
    parse_day,
    parse_email,
    parse_kbo,
    parse_name,
    parse_nis,
    parse_nis_codes,
    parse_page_size,
    parse_text,
    parse_uuid,
    required_moment,
)
from services.kit.paging import Position, parse_position
from services.kit.partial_dates import PartialDay, parse_age, parse_partial_day
from services.kit.shapes import Shape, Unfitting

Step = Callable[[Any], object]
Parse = Callable[[str, str], object]


def expect_many(shape: Shape) -> None:
    if not shape.many:
        raise Unfitting("is a list in the message")


def _expect(shape: Shape, *allowed: type) -> None:
    if shape.base not in allowed or shape.many:
        raise Unfitting(f"is {' or '.join(base.__name__ for base in allowed)} in the message")


def parser_of(rule: options.FieldRule, shape: Shape) -> Parse:
    """What reads a text of this kind, for a field of this type."""
    if rule.kind == options.CODE:
        return _code(rule, shape)
    plain: dict[options.Kind.ValueType, tuple[type, Parse]] = {
        options.UUID: (UUID, parse_uuid),
        options.CURSOR: (Position, parse_position) if shape.base is Position else (UUID, parse_uuid),
        options.DAY: (date, parse_day),
        options.PARTIAL_DAY: (PartialDay, parse_partial_day),
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
    parse_words = parse_name if rule.kind == options.NAME else parse_text
    return partial(parse_words, longest=rule.longest, required=rule.required)


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
    if unknown := codes_of(rule) - {member.value for member in shape.base}:
        raise Unfitting(f"{shape.base.__name__} has no {', '.join(sorted(unknown))}")
    return shape.base


def _code(rule: options.FieldRule, shape: Shape) -> Parse:
    allowed, enum = codes_of(rule), _enum_of(rule, shape)
    if enum is None:
        return partial(parse_code, allowed=allowed)
    return lambda value, field: enum(parse_code(value, field, allowed))


def bounds(field: FieldDescriptor) -> Callable[[Sequence[Any]], Sequence[Any]]:
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


def listed_value(field: FieldDescriptor, rule: options.FieldRule, shape: Shape) -> Step:
    get, name = attrgetter(field.name), field.name
    expect_many(shape)
    if not rule.most:
        raise Unfitting("has no limit")
    entry = Shape(shape.base)
    if rule.kind == options.CODE:
        allowed, least, most, enum = codes_of(rule), rule.least, rule.most, _enum_of(rule, entry)
        make = enum or str
        return lambda message: tuple(map(make, parse_codes(get(message), name, allowed, least=least, most=most)))
    if rule.kind == options.NIS:
        _expect(entry, str)
        return lambda message: parse_nis_codes(get(message), name, least=rule.least, most=rule.most)
    parse, within = parser_of(rule, entry), bounds(field)
    return lambda message: tuple(parse(value, f"{name}[{at}]") for at, value in enumerate(within(get(message))))


def number_value(field: FieldDescriptor, shape: Shape) -> Step:
    """Flags, numbers and bytes, as they are; None for what may be left unsaid (`optional`) and is."""
    kind, name, get = field.GetOptions().Extensions[options.field].kind, field.name, attrgetter(field.name)
    if kind == options.PAGE_SIZE:
        return lambda message: parse_page_size(message.page_size)
    if field.is_repeated:
        raise Unfitting("is a list of a kind that nothing reads")
    _expect(shape, {FieldDescriptor.TYPE_BOOL: bool, FieldDescriptor.TYPE_BYTES: bytes}.get(field.type, int))
    if shape.optional != field.has_presence:
        raise Unfitting("may be left unsaid on one side alone")
    if shape.optional:
        return lambda message: get(message) if message.HasField(name) else None
    return (lambda message: parse_age(get(message), name)) if kind == options.AGE else get


def moment_value(name: str, shape: Shape, *, facts: bool) -> Step:
    _expect(shape, datetime)

    def told(message: Message) -> datetime:
        moment: datetime = getattr(message, name).ToDatetime(tzinfo=UTC)
        return moment

    read = told if facts else partial(required_moment, name=name)
    if not shape.optional:
        return read
    return lambda message: read(message) if message.HasField(name) else None


def told_value(field: FieldDescriptor, shape: Shape) -> Step:
    """What one of our services told: read, not checked against limits. Each raises ValueError for what it is not."""
    get, base = attrgetter(field.name), shape.base
    texts: dict[type, Callable[[str], object]] = {date: date.fromisoformat, PartialDay: PartialDay.from_text}
    make = texts.get(base, base)
    if base not in (str, UUID, *texts) and not issubclass(base, StrEnum):
        raise Unfitting("is a text in the message")
    if field.is_repeated:
        expect_many(shape)
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
