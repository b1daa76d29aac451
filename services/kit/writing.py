"""From what a handler answers to a message: each field by its name; the reverse of kit.reading, made as early.

The source is a dataclass, of which everything must be written, or an entity, of which what the message asks for is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import is_dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from rondetafel.kit.v1 import options_pb2 as options
from services.kit.fields import to_timestamp
from services.kit.paging import Position
from services.kit.partial_dates import PartialDay
from services.kit.reading import TIMESTAMP
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
    shape_at,
    shape_of,
)

Source = TypeVar("Source")
Written = TypeVar("Written", bound=Message)
Step = Callable[[Any], Any]


class Writer(Generic[Source, Written]):
    """Writes one kind of message."""

    def __init__(self, written: type[Written], source: type[Source], differences: Differences) -> None:
        self.written, self.source = written, source
        self._steps = _Plan(descriptor_of(written), source, differences).steps()

    def __call__(self, source: Source) -> Written:
        """The message."""
        return self.written(**{name: step(source) for name, step in self._steps})


def writer(
    written: type[Written], source: type[Source], differences: Differences = SAME
) -> Writer[Source, Written]:  # fmt: skip
    """The writer of a message from a dataclass or entity. Raises Unfitting unless each field has its source."""
    return Writer(written, source, differences)


def writer_of(
    written: type[Written], annotation: Any, differences: Differences = SAME
) -> Callable[[Any], Written]:  # fmt: skip
    """The writer of what a handler answers: a dataclass, or several of one for the message's only list."""
    shape = shape_of(annotation)
    if not shape.many:
        return writer(written, shape.base, differences)
    name, *others = names_of(descriptor_of(written))
    if others:
        raise Unfitting(f"{written.DESCRIPTOR.full_name} holds more than a list")
    write = _nested(descriptor_of(written).fields_by_name[name], shape.base, differences)
    return lambda several: written(**{name: [write(entry) for entry in several]})


class _Plan:
    """One message and one class, put together."""

    def __init__(self, written: Descriptor, source: type, differences: Differences) -> None:
        self._written, self._source, self._differences = written, source, differences
        self._used = set(differences.unused)
        # Names of fields are as few as they are; a field of the message may stand for none of the class.
        self._own = (*differences.names, *differences.by_hand, *differences.leave_out)

    def steps(self) -> list[tuple[str, Step]]:
        """The fields of the message, and what makes each."""
        expect_known(names_of(self._written), self._own, self._written.full_name)
        left_out = self._differences.leave_out
        steps = [(name, self._step(name)) for name in names_of(self._written) if name not in left_out]
        if is_dataclass(self._source):
            expect_used(self._used, annotations_of(self._source), self._source.__name__)
        self._expect_parts_written()
        return steps

    def _step(self, name: str) -> Step:
        if name in self._differences.by_hand:
            self._used.add(name)
            return self._differences.by_hand[name]
        path, shape = self._found(name)
        self._used.add(path)
        self._used.add(path.partition(".")[0])
        try:
            return _converted(_getter(self._source, path), self._written.fields_by_name[name], shape, self._differences)
        except Unfitting as error:
            raise Unfitting(f"{self._written.full_name}.{name}: {error}") from None

    def _found(self, name: str) -> tuple[str, Shape]:
        """Where a field of the message comes from: its name in the class itself, or in one of its flat parts."""
        named = self._differences.names.get(name)
        for path in [named] if named else [name, *(f"{part}.{name}" for part in self._differences.flat)]:
            if (shape := shape_at(self._source, path)) is not None:
                return path, shape
        raise Unfitting(f"{self._source.__name__} has no {named or name} for {self._written.full_name}")

    def _expect_parts_written(self) -> None:
        for part in self._differences.flat:
            shape = shape_at(self._source, part)
            if shape is None:
                raise Unfitting(f"{self._source.__name__} has no {part}")
            if is_dataclass(shape.base):
                expect_used(
                    self._used, (f"{part}.{name}" for name in annotations_of(shape.base)), self._source.__name__
                )


def _getter(source: type, path: str) -> Step:
    first, _, rest = path.partition(".")
    shape = shape_at(source, first)
    if not rest or shape is None or not shape.optional:
        return attrgetter(path)
    part, inner = attrgetter(first), attrgetter(rest)
    return lambda value: None if (found := part(value)) is None else inner(found)


def _converted(get: Step, field: FieldDescriptor, shape: Shape, differences: Differences) -> Step:
    if field.is_repeated != shape.many:
        raise Unfitting("is a list on one side alone")
    if field.message_type is not None and field.message_type.full_name != TIMESTAMP:
        write: Step = _nested(field, shape.base, differences)
    else:
        write = _value(field, shape.base)
        if write is _as_it_is and not shape.optional:
            return get
    if shape.many:
        return lambda source: [write(entry) for entry in get(source)]
    absent = "" if field.type == FieldDescriptor.TYPE_STRING else None
    return lambda source: absent if (value := get(source)) is None else write(value)


def _nested(field: FieldDescriptor, source: type, differences: Differences) -> Step:
    inner = part_of(field)
    for write in differences.nested:
        if write.source is source and write.written.DESCRIPTOR is inner:
            return cast(Step, write)
    without: Iterable[str] = field.GetOptions().Extensions[options.field].without
    return Writer(GetMessageClass(inner), source, Differences(leave_out=tuple(without), nested=differences.nested))


def _as_it_is(value: Any) -> Any:
    return value


def _value(field: FieldDescriptor, base: type) -> Step:
    """What turns a value of this type into one of the field."""
    if field.message_type is not None:
        _expect(base is datetime)
        return to_timestamp
    if field.type == FieldDescriptor.TYPE_STRING:
        _expect(base in (UUID, date, PartialDay, Position) or issubclass(base, str))
        texts: dict[type, Step] = {UUID: str, Position: str, PartialDay: str, date: date.isoformat}
        return texts.get(base, _as_it_is)
    _expect(base is {FieldDescriptor.TYPE_BOOL: bool, FieldDescriptor.TYPE_BYTES: bytes}.get(field.type, int))
    return _as_it_is


def _expect(fits: bool) -> None:
    if not fits:
        raise Unfitting("is of another type")
