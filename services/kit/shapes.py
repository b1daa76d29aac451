"""What a class says of its fields, as far as messages can hold it; and where class and message differ."""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Union, cast, get_args, get_origin

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from sqlalchemy.orm import Mapped


class Unfitting(TypeError):
    """A class and a message do not say the same; raised when both are put together, before anything is served."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Where a class and its message differ, and on purpose. `{what is made: what it is taken from}` throughout.

    `names`: another name; of a class also a path, such as `organisation.name`. `by_hand`: a function of the whole
    source makes it. `flat`: fields of these parts stand in the message itself. `leave_out`: fields of the message that
    are not read, or not filled. `unused`: fields of a class that are not written. `nested`: readers or writers of
    parts that differ themselves. `absent`, for reading alone: what an empty field stands for.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    by_hand: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)
    flat: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    nested: tuple[Any, ...] = ()
    absent: Mapping[str, object] = field(default_factory=dict)


SAME = Differences()
"""None: every field has its namesake."""
PERIOD = {"first_day": "from", "last_day": "to"}
"""`from` is a word of Python, and a last day is inclusive (invariant 25)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A type: of what, whether it may be None, whether it is a tuple or list of that."""

    base: type
    optional: bool = False
    many: bool = False


def shape_of(annotation: Any) -> Shape:
    """The shape of an annotation such as `UUID | None`, `tuple[Part, ...]` or `Mapped[list[str]]`."""
    if get_origin(annotation) is Mapped:
        return shape_of(get_args(annotation)[0])
    optional = get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation)
    if optional:
        (annotation,) = (part for part in get_args(annotation) if part is not type(None))
    many = get_origin(annotation) in (tuple, list)
    base = get_args(annotation)[0] if many else annotation
    if not isinstance(base, type):
        raise Unfitting(f"{annotation} has no place in a message")
    return Shape(base, optional, many)


def annotations_of(cls: type) -> dict[str, Any]:
    """The fields of a dataclass, in their order, and what is written of each."""
    annotations = inspect.get_annotations(cls, eval_str=True)
    return {field.name: annotations[field.name] for field in dataclasses.fields(cls)}


def shape_at(cls: type, path: str) -> Shape | None:
    """What stands at a path of attributes of a dataclass or entity; None when there is no such thing."""
    name, _, rest = path.partition(".")
    annotation = _annotation(cls, name)
    if annotation is None:
        return None
    shape = shape_of(annotation)
    if not rest:
        return shape
    inner = shape_at(shape.base, rest)
    return dataclasses.replace(inner, optional=inner.optional or shape.optional) if inner else None


def _annotation(cls: type, name: str) -> Any:
    for klass in cls.__mro__:
        value = vars(klass).get(name)
        if isinstance(value, property):
            return inspect.get_annotations(value.fget, eval_str=True)["return"]  # type: ignore[arg-type]
        if name in vars(klass).get("__annotations__", {}):
            return inspect.get_annotations(klass, eval_str=True)[name]
    return None


def expect_known(known: Iterable[str], named: Iterable[str], of: str) -> None:
    """Raises Unfitting when something is named that is not there."""
    if unknown := set(named) - set(known):
        raise Unfitting(f"{of} has no {', '.join(sorted(unknown))}")


def expect_used(used: Iterable[str], there: Iterable[str], of: str) -> None:
    """Raises Unfitting when something is there that nothing stands for."""
    if left := set(there) - set(used):
        raise Unfitting(f"nothing stands for {', '.join(sorted(left))} of {of}")


def descriptor_of(message_type: type[Message]) -> Descriptor:
    """What a message is; its generated stub names another class of the same library."""
    return cast(Descriptor, message_type.DESCRIPTOR)


def part_of(field: FieldDescriptor) -> Descriptor:
    """What the messages in a field are."""
    assert field.message_type is not None
    return field.message_type


def names_of(descriptor: Descriptor) -> list[str]:
    """The names of a message's fields."""
    return list(descriptor.fields_by_name)
