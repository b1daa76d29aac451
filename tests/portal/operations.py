"""The operations of the committed document, ready to be sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from google.protobuf.descriptor import MethodDescriptor

from tests.portal.backends import FILES

DOCUMENT_FILE = Path(__file__).parents[2] / "docs" / "api" / "openapi.json"
DOCUMENT: dict[str, Any] = json.loads(DOCUMENT_FILE.read_text())
SOME_ID = UUID("01932f70-1c2b-7d4e-8a5f-6b7c8d9e0f10")


@dataclass(frozen=True)
class Operation:
    """One of them."""

    verb: str
    method: str
    path: str
    document: dict[str, Any]

    def address(self, cell: UUID) -> str:
        """The path with ids in it."""
        names = {name.strip("{}") for name in self.path.split("/") if name.startswith("{")}
        return self.path.format(**{name: str(cell if name == "cell" else SOME_ID) for name in names})

    @property
    def body(self) -> dict[str, Any] | None:
        """The example body."""
        if "requestBody" not in self.document:
            return None
        value: dict[str, Any] = self.content["examples"]["example"]["value"]
        return value

    @property
    def content(self) -> dict[str, Any]:
        """The description of the body."""
        content: dict[str, Any] = self.document["requestBody"]["content"]["application/json"]
        return content

    @property
    def success(self) -> tuple[int, dict[str, Any]]:
        """The status when all is well, and the description of the answer."""
        ((status, response),) = (
            response for response in self.document["responses"].items() if response[0].startswith("2")
        )
        return int(status), response

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """Headers, query and path parameters by name."""
        return {value["name"]: value for value in self.document.get("parameters", [])}

    @property
    def rpc(self) -> MethodDescriptor:
        """The method behind it, by the same name."""
        name = self.verb.title().replace("_", "")
        found: MethodDescriptor = next(
            service.methods_by_name[name]
            for file in FILES.values()
            for service in file.DESCRIPTOR.services_by_name.values()
            if name in service.methods_by_name
        )
        return found


def operations() -> Iterator[Operation]:
    """All of them."""
    for path, item in DOCUMENT["paths"].items():
        for method, document in item.items():
            yield Operation(document["operationId"], method, path, document)


OPERATIONS = {operation.verb: operation for operation in operations()}
COMMANDS = [verb for verb, operation in OPERATIONS.items() if "Idempotency-Key" in operation.parameters]
QUERIES = [verb for verb in OPERATIONS if verb not in COMMANDS]
CHANGES = [verb for verb in COMMANDS if "If-Match" in OPERATIONS[verb].parameters]


def schema_of(content: dict[str, Any]) -> dict[str, Any]:
    """A schema with all components, to validate against."""
    return {**content["schema"], "components": DOCUMENT["components"]}
