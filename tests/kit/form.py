"""A proto file of the tests: every kind a field can have, apart from what the services' own files happen to use."""

from __future__ import annotations

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format
from google.protobuf.message import Message

from rondetafel.kit.v1 import options_pb2

assert options_pb2.DESCRIPTOR.name, "its extensions are known from here on"


def _field(number: int, name: str, rule: str = "", of: str = "TYPE_STRING", label: str = "LABEL_OPTIONAL") -> str:
    options = f"options {{ [rondetafel.kit.v1.field] {{ {rule} }} }}" if rule else ""
    kind = f'type: TYPE_MESSAGE type_name: "{of}"' if of.startswith(".") else f"type: {of}"
    return f'field {{ name: "{name}" number: {number} {kind} label: {label} {options} }}'


def _message(name: str, *fields: str) -> str:
    return f'message_type {{ name: "{name}" {" ".join(fields)} }}'


_FILE = f"""
name: "tests/form.proto" package: "tests.form" syntax: "proto3"
dependency: "rondetafel/kit/v1/options.proto"
{_message("Person", _field(1, "given_name", "required: true longest: 20"), _field(2, "birth_date", "kind: DAY"))}
{
    _message(
        "Form",
        _field(1, "person", "required: true", ".tests.form.Person"),
        _field(2, "urgent", of="TYPE_BOOL"),
        _field(3, "people", "most: 2", ".tests.form.Person", "LABEL_REPEATED"),
    )
}
"""

pool = descriptor_pool.Default()
pool.Add(text_format.Parse(_FILE, descriptor_pb2.FileDescriptorProto()))


def message(name: str) -> type[Message]:
    """A message of the file."""
    found: type[Message] = message_factory.GetMessageClass(pool.FindMessageTypeByName(f"tests.form.{name}"))
    return found


Form = message("Form")
Person = message("Person")
