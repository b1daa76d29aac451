"""A verb and its names: close_case, CloseCase, case, CaseService."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

QUERIES = ("read", "list", "search")


class NotAVerb(Exception):
    """What was asked for cannot be written."""


@dataclass(frozen=True, slots=True)
class Verb:
    """What is to be written, named as everything of it will be."""

    service: str
    name: str
    aggregate: str

    @property
    def is_query(self) -> bool:
        """Whether it only reads."""
        return self.name.split("_")[0] in QUERIES

    @property
    def folder(self) -> str:
        """Where its handler stands."""
        return "queries" if self.is_query else "commands"

    def words(self) -> dict[str, str]:
        """What the templates put in."""
        first, *rest = self.name.split("_")
        return {
            "service": self.service,
            "name": self.name,
            "Name": camel(self.name),
            "aggregate": self.aggregate,
            "Aggregate": camel(self.aggregate),
            "path": "_".join(rest) if self.is_query else f"{{{self.aggregate}}}/{first}",
            "plural": f"{self.aggregate}s",
            "summary": " ".join((first.capitalize(), *rest)),
            "PERSON": "host" if self.service == "partner_directory" else "harness",
        }


def camel(name: str) -> str:
    """verb_noun as VerbNoun."""
    return "".join(part.capitalize() for part in name.split("_"))


def aggregates_of(proto: str) -> list[str]:
    """Those a proto file has a service for: `CaseService` is `case`."""
    return [name.lower() for name in re.findall(r"^service (\w+)Service \{", proto, re.MULTILINE)]


def verb_of(root: Path, service: str, name: str, aggregate: str = "") -> Verb:
    """The verb, if it can be one. Raises NotAVerb, which says what would be right."""
    proto = root / "proto" / "rondetafel" / service / "v1" / f"{service}.proto"
    if service not in ("case", "meeting", "partner_directory"):
        raise NotAVerb("service: case, meeting or partner_directory")
    if not re.fullmatch(r"[a-z]+(_[a-z]+)+", name):
        raise NotAVerb("name: a verb and a noun, such as close_case")
    known = aggregates_of(proto.read_text())
    aggregate = aggregate or name.split("_")[-1].removesuffix("s")
    if aggregate not in known:
        raise NotAVerb(f"aggregate: one of {', '.join(known)}, such as aggregate={known[0]}")
    if any((root / "services" / service).rglob(f"{name}.py")) or f"rpc {camel(name)}(" in proto.read_text():
        raise NotAVerb(f"name: one that is new; there is a {name} already")
    return Verb(service, name, aggregate)
