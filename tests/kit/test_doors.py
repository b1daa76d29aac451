"""Every field of every request at its door: what is refused, in which words, and what becomes of what is not.

`doors.json` is what the doors said when each was written by hand; made anew, and its difference read, with
`python -m tests.kit.test_doors`.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message

from tests.kit.spoiled import RIGHT, record
from tests.rules.sources import DOMAIN

KEPT = Path(__file__).with_name("doors.json")


@pytest.mark.parametrize("request_type", RIGHT, ids=lambda request: request.DESCRIPTOR.name)
def test_a_door_says_what_it_said(request_type: type[Message]) -> None:
    kept = json.loads(KEPT.read_text())[request_type.DESCRIPTOR.full_name]
    assert record(request_type) == kept


def test_every_method_is_asked() -> None:
    protos: list[Any] = [importlib.import_module(f"rondetafel.{name}.v1.{name}_pb2") for name in DOMAIN]
    services = [service for pb in protos for service in pb.DESCRIPTOR.services_by_name.values()]
    assert {request.DESCRIPTOR for request in RIGHT} == {
        method.input_type for service in services for method in service.methods
    }


if __name__ == "__main__":
    said = {request_type.DESCRIPTOR.full_name: record(request_type) for request_type in RIGHT}
    KEPT.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n")
