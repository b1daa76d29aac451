"""What the proto files say of a field (options.proto): its kind and its limits, for doors and pages."""

from __future__ import annotations

import re
from functools import cache

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from rondetafel.kit.v1 import options_pb2


def rule_of(message_type: type[Message], path: str) -> options_pb2.FieldRule:
    """What the proto says of a field; `path` leads into nested messages: `person.given_name`, `criteria[0].code`.

    Raises LookupError when there is no such field.
    """
    return _rule_of(message_type.DESCRIPTOR, re.sub(r"\[\d+\]", "", path))


@cache
def _rule_of(descriptor: Descriptor, path: str) -> options_pb2.FieldRule:
    name, dot, rest = path.partition(".")
    field = descriptor.fields_by_name.get(name)
    if field is None or (dot and field.message_type is None):
        raise LookupError(f"{descriptor.full_name} has no field {path}")
    if dot:
        return _rule_of(field.message_type, rest)
    return field.GetOptions().Extensions[options_pb2.field]


def limit_of(message_type: type[Message], path: str) -> int:
    """How many characters a text field may have. Raises LookupError when there is no such field, or no such limit."""
    longest = rule_of(message_type, path).longest
    if not longest:
        raise LookupError(f"{message_type.DESCRIPTOR.full_name} sets no limit for {path}")
    return longest
