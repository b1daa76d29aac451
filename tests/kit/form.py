"""A proto file of the tests: every kind a field can have, apart from what the services' own files happen to use."""

from __future__ import annotations

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format, timestamp_pb2
from google.protobuf.message import Message

from rondetafel.kit.v1 import kit_pb2, options_pb2

assert options_pb2.DESCRIPTOR.name, "its extensions are known from here on"
assert kit_pb2.DESCRIPTOR.name
assert timestamp_pb2.DESCRIPTOR.name

PERSON, MOMENT = ".tests.form.Person", ".google.protobuf.Timestamp"


def _field(
    number: int, name: str, rule: str = "", of: str = "TYPE_STRING", label: str = "LABEL_OPTIONAL", more: str = ""
) -> str:
    options = f"options {{ [rondetafel.kit.v1.field] {{ {rule} }} }}" if rule else ""
    kind = f'type: TYPE_MESSAGE type_name: "{of}"' if of.startswith(".") else f"type: {of}"
    return f'field {{ name: "{name}" number: {number} {kind} label: {label} {options} {more} }}'


def _many(number: int, name: str, rule: str = "", of: str = "TYPE_STRING") -> str:
    return _field(number, name, rule, of, "LABEL_REPEATED")


def _message(name: str, *fields: str) -> str:
    return f'message_type {{ name: "{name}" {" ".join(fields)} }}'


_FILE = f"""
name: "tests/form.proto" package: "tests.form" syntax: "proto3"
dependency: "rondetafel/kit/v1/options.proto" dependency: "google/protobuf/timestamp.proto"
dependency: "rondetafel/kit/v1/kit.proto"
{
    _message(
        "Person",
        _field(1, "given_name", "kind: NAME required: true longest: 20"),
        _field(2, "birth_date", "kind: DAY"),
    )
}
{
    _message(
        "Form",
        _field(1, "person", "required: true", PERSON),
        _field(2, "urgent", of="TYPE_BOOL"),
        _many(3, "people", "least: 1 most: 2", PERSON),
    )
}
{
    _message(
        "Everything",
        _field(1, "id", "kind: UUID required: true"),
        _field(2, "other_id", "kind: UUID"),
        _field(3, "from", "kind: DAY required: true"),
        _field(4, "town", "kind: NIS required: true"),
        _field(5, "enterprise", "kind: KBO required: true"),
        _field(6, "email", "kind: EMAIL required: true"),
        _field(7, "contact", "kind: EMAIL"),
        _field(8, "colour", "kind: COLOUR"),
        _field(9, "language", 'kind: CODE codes: "Languages" required: true'),
        _field(10, "place", 'kind: CODE codes: "Places"'),
        _field(11, "cursor", "kind: CURSOR"),
        _field(12, "page_size", "kind: PAGE_SIZE", "TYPE_INT32"),
        _field(13, "note", "longest: 5"),
        _field(14, "at", "required: true", MOMENT),
        _field(15, "until", "", MOMENT),
        _many(16, "towns", "kind: NIS most: 2"),
        _many(17, "ids", "kind: UUID least: 1 most: 2"),
        _many(18, "languages", 'kind: CODE codes: "Languages" most: 2'),
        _field(19, "second", "", PERSON),
        _field(20, "number", of="TYPE_INT64"),
        _field(21, "outcome", 'kind: CODE codes: "Outcomes" required: true'),
        _field(22, "born", "kind: PARTIAL_DAY"),
        _field(23, "age", "kind: AGE", "TYPE_INT32"),
        _field(24, "agreed", of="TYPE_BOOL", more="proto3_optional: true oneof_index: 0"),
        'oneof_decl { name: "_agreed" }',
    )
}
{_message("Loose", _field(1, "text"), _many(2, "texts", 'kind: CODE codes: "Languages"'))}
{_message("Things", _many(1, "people", "", PERSON))}
{_message("ThingsCounted", _many(1, "people", 'without: "birth_date"', PERSON), _field(2, "count", of="TYPE_INT32"))}
{_message("DoThing", _field(1, "thing_id", "kind: UUID required: true"))}
{_message("DoThingRequest", _field(1, "thing_id", "kind: UUID required: true"))}
{_message("ListThingsRequest")}
service {{
  name: "ThingService"
  method {{ name: "DoThing" input_type: ".tests.form.DoThingRequest" output_type: ".rondetafel.kit.v1.Receipt"
    options {{ [rondetafel.kit.v1.verb] {{ peers: "cli" }} }} }}
  method {{ name: "ListThings" input_type: ".tests.form.ListThingsRequest" output_type: ".tests.form.Things" }}
}}
"""

pool = descriptor_pool.Default()
pool.Add(text_format.Parse(_FILE, descriptor_pb2.FileDescriptorProto()))
FILE = pool.FindFileByName("tests/form.proto")


def message(name: str) -> type[Message]:
    """A message of the file."""
    found: type[Message] = message_factory.GetMessageClass(pool.FindMessageTypeByName(f"tests.form.{name}"))
    return found


Everything = message("Everything")
Form = message("Form")
Loose = message("Loose")
Person = message("Person")
Things = message("Things")
ThingsCounted = message("ThingsCounted")
