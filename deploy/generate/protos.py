"""The proto files as protoc describes them: messages, fields, verbs with their options and comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

from rondetafel.kit.v1 import options_pb2
from rondetafel.kit.v1.options_pb2 import FieldRule, Kind, Verb

TYPES: Mapping[FieldDescriptorProto.Type.ValueType, str] = {
    FieldDescriptorProto.TYPE_STRING: "text",
    FieldDescriptorProto.TYPE_BOOL: "flag",
    FieldDescriptorProto.TYPE_INT32: "number",
    FieldDescriptorProto.TYPE_INT64: "number",
    FieldDescriptorProto.TYPE_BYTES: "bytes",
    FieldDescriptorProto.TYPE_MESSAGE: "message",
}
MOMENT = "google.protobuf.Timestamp"


@dataclass(frozen=True, slots=True)
class Field:
    """A field with what its options say. `type` is text, flag, number, bytes, moment, map or message."""

    name: str
    type: str
    repeated: bool
    message: str
    """Full name, of fields that hold one."""
    rule: FieldRule
    comment: str
    optional: bool = False
    """Of a flag or number: whether it may be left unsaid."""

    @property
    def kind(self) -> Kind.ValueType:
        """What a text or number means."""
        return self.rule.kind


@dataclass(frozen=True, slots=True)
class Message:
    """A message of ours."""

    package: str
    """Such as "case"."""
    name: str
    fields: tuple[Field, ...]
    comment: str

    @property
    def full_name(self) -> str:
        """As the protocol knows it."""
        return f"rondetafel.{self.package}.v1.{self.name}"


@dataclass(frozen=True, slots=True)
class Method:
    """A verb of an aggregate."""

    package: str
    aggregate: str
    """Such as "contribution"."""
    name: str
    asked: str
    answered: str
    verb: Verb
    comment: str


@dataclass(frozen=True, slots=True)
class Protos:
    """All of them, in the order of their files."""

    messages: Mapping[str, Message] = field(default_factory=dict)
    methods: tuple[Method, ...] = ()
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The lists of codes.proto by name."""
    code_comments: Mapping[str, str] = field(default_factory=dict)


def read(descriptors: Path) -> Protos:
    """What is in a descriptor set with its imports and source info."""
    files = FileDescriptorSet.FromString(descriptors.read_bytes()).file
    ours = sorted((file for file in files if file.package.startswith("rondetafel.")), key=lambda file: file.name)
    lists = next(file for file in ours if file.name.endswith("/codes.proto"))
    others = [file for file in ours if file is not lists]
    return Protos(
        messages={message.full_name: message for file in others for message in _messages(file)},
        methods=tuple(method for file in others for method in _methods(file)),
        codes={found.name: _codes(found) for found in lists.message_type},
        code_comments={
            found.name: _comment(lists, (FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER, number))
            for number, found in enumerate(lists.message_type)
        },
    )


def _codes(found: DescriptorProto) -> tuple[str, ...]:
    return tuple(value.name for value in found.enum_type[0].value if value.number)


def _messages(file: FileDescriptorProto) -> Iterator[Message]:
    for number, found in enumerate(file.message_type):
        place = (FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER, number)
        maps = {f".{file.package}.{found.name}.{nested.name}" for nested in found.nested_type}
        fields = tuple(
            _field(option, maps, _comment(file, (*place, DescriptorProto.FIELD_FIELD_NUMBER, index)))
            for index, option in enumerate(found.field)
        )
        yield Message(_package(file), found.name, fields, _comment(file, place))


def _field(found: FieldDescriptorProto, maps: set[str], comment: str) -> Field:
    kind, repeated = TYPES.get(found.type, "other"), found.label == FieldDescriptorProto.LABEL_REPEATED
    if found.type_name in maps:
        kind, repeated = "map", False
    elif found.type_name == f".{MOMENT}":
        kind = "moment"
    rule = found.options.Extensions[options_pb2.field]
    named = found.type_name.removeprefix(".")
    return Field(found.name, kind, repeated, named, rule, comment, found.proto3_optional)


def _methods(file: FileDescriptorProto) -> Iterator[Method]:
    for number, service in enumerate(file.service):
        for index, method in enumerate(service.method):
            yield Method(
                package=_package(file),
                aggregate=service.name.removesuffix("Service").lower(),
                name=method.name,
                asked=method.input_type.removeprefix("."),
                answered=method.output_type.removeprefix("."),
                verb=method.options.Extensions[options_pb2.verb],
                comment=_comment(file, (FileDescriptorProto.SERVICE_FIELD_NUMBER, number, 2, index)),
            )


def _package(file: FileDescriptorProto) -> str:
    return file.package.split(".")[1]


def _comment(file: FileDescriptorProto, path: tuple[int, ...]) -> str:
    """The comment above it, in one paragraph."""
    for location in file.source_code_info.location:
        if tuple(location.path) == path:
            return " ".join(location.leading_comments.split())
    return ""
