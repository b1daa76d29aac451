"""What the proto files promise, line by line, and which of an earlier promise is not kept."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, FileDescriptor
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto

from tests.rules.sources import ROOT

Contract = Mapping[str, str]
"""Such as `field rondetafel.kit.v1.Receipt 1` to `id string`."""
TYPES: Mapping[int, str] = {number: name for name, number in FieldDescriptorProto.Type.items()}

NEVER_SENT = "rondetafel/kit/v1/options.proto"
"""What it says stands in the descriptors alone, which are always of one release."""


def promised() -> Contract:
    """What all proto files promise now."""
    lines = (line for file in files() for line in _of_file(file))
    return dict(
        sorted(lines, key=lambda line: [(word.zfill(9) if word.isdigit() else word) for word in line[0].split(" ")])
    )


def files() -> list[FileDescriptor]:
    """Our proto files, as they are in proto/gen."""
    paths = sorted(path.relative_to(ROOT / "proto") for path in (ROOT / "proto" / "rondetafel").rglob("*.proto"))
    names = [".".join(path.with_suffix("").parts) + "_pb2" for path in paths if str(path) != NEVER_SENT]
    return [importlib.import_module(name).DESCRIPTOR for name in names]


def _of_file(file: FileDescriptor) -> Iterator[tuple[str, str]]:
    for message in file.message_types_by_name.values():
        yield from of_message(message)
    for enum in file.enum_types_by_name.values():
        yield from _of_enum(enum)
    for service in file.services_by_name.values():
        for method in service.methods:
            sent, told = (
                "stream " if streams else "" for streams in (method.client_streaming, method.server_streaming)
            )
            types = f"{sent}{method.input_type.full_name} > {told}{method.output_type.full_name}"
            yield f"method {service.full_name} {method.name}", types


def of_message(message: Descriptor) -> Iterator[tuple[str, str]]:
    """The lines of a message and of those inside it; a map's entry is a message inside."""
    made = DescriptorProto()
    message.CopyToProto(made)
    yield f"message {message.full_name}", ""
    for reserved in made.reserved_range:
        for number in range(reserved.start, reserved.end):
            yield f"reserved {message.full_name} {number}", ""
    for field in message.fields:
        yield f"field {message.full_name} {field.number}", f"{field.name} {type_of(field)}"
    for inner in message.nested_types:
        yield from of_message(inner)
    for enum in message.enum_types:
        yield from _of_enum(enum)


def _of_enum(enum: EnumDescriptor) -> Iterator[tuple[str, str]]:
    for value in enum.values:
        yield f"value {enum.full_name} {value.number}", value.name


def type_of(field: FieldDescriptor) -> str:
    """The type as a proto file has it, with what changes how it is read: repeated, optional, one of several."""
    named = field.message_type or field.enum_type
    name = named.full_name if named else TYPES[field.type].removeprefix("TYPE_").lower()
    several = "repeated " if field.is_repeated else ""
    of = field.containing_oneof
    told = "optional " if of and of.name.startswith("_") else f"oneof {of.name} " if of else ""
    return f"{several}{told}{name}"


def not_kept(released: Contract, present: Contract) -> dict[str, str]:
    """Which lines of the last release are not kept, and how. What is new is no breach."""
    gone = {name.split(" ", 1)[1] for name in released if name.startswith("message ") and name not in present}
    found = {f"message {name}": "is gone" for name in gone}
    for name, was in released.items():
        kind, owner, *rest = name.split(" ")
        if owner in gone or kind == "message":
            continue
        now = present.get(name)
        if kind == "reserved" and present.get(f"field {owner} {rest[0]}"):
            found[name] = "is used again"
        elif now is None and kind == "field" and f"reserved {owner} {rest[0]}" not in present:
            found[name] = f"was {was}, and is gone without `reserved {rest[0]};`"
        elif now is None and kind != "field":
            found[name] = f"was {was}, and is gone" if was else "is no longer reserved"
        elif now is not None and now != was:
            found[name] = f"was {was}, and is {now}"
    return found


def parts_of(names: set[str], contract: Contract) -> set[str]:
    """These messages and enums, and all that is in them."""
    found, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            lines = (told for line, told in contract.items() if line.startswith(f"field {name} "))
            waiting += [told.rpartition(" ")[2] for told in lines if "." in told]
    return found
