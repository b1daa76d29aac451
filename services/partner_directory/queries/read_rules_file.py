"""The PDF of a version, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.fields import FieldMalformed
from services.partner_directory.errors import RulesNotFound
from services.partner_directory.model import RulesPart
from services.partner_directory.ruling import find_rules, place_of_part


@dataclass(frozen=True, slots=True)
class ReadRulesFile:
    """Of which version, which part from 1 on; empty is the first."""

    rules_id: UUID
    part: str


@dataclass(frozen=True, slots=True)
class RulesFile:
    """A part as base64, how many there are, and how many bytes the whole has."""

    content: str
    parts: int
    size: int


async def read_rules_file(work: Work, query: ReadRulesFile) -> RulesFile:
    """For whoever may read the version. Raises RulesNotFound, also for a text."""
    rules = await find_rules(work, query.rules_id)
    if not (query.part or "1").isdecimal():
        raise FieldMalformed(field="part", expected="a number from 1 on")
    if rules.upload_id is None:
        raise RulesNotFound
    place = int(query.part or "1")
    part = await work.session.get(RulesPart, (work.cell_id, rules.upload_id, place))
    if part is None or part.content is None:
        raise RulesNotFound
    work.trail.detail |= {"kind": rules.kind, "rules": str(rules.rules_id)}
    content = await work.open(part.content, place_of_part(work, rules.upload_id, place))
    return RulesFile(content, part.parts, rules.file_size or 0)
