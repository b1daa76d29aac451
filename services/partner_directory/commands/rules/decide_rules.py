"""The mayor decides on a text of the cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.kit.clock import day_starts_at, local_date
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.errors import RulesDayTaken, RulesDecisionUnclear
from services.partner_directory.events import publish_mandates
from services.partner_directory.model import CellUndertaking, Rules, RulesKind
from services.partner_directory.promising import shorten_undertakings
from services.partner_directory.ruling import (
    REMINDED,
    allow_decide_rules,
    decided_rules,
    find_rules,
    lock_rules_of_cell,
    sealed_text,
)


@dataclass(frozen=True, slots=True)
class DecideRules:
    """Which, in the version last read; the first day it is in force, or why it is sent back."""

    rules_id: UUID
    expected_version: int
    first_day: date | None
    reason: str


async def decide_rules(work: Work, command: DecideRules) -> Receipt:
    """In force from a day on, or sent back. Raises RulesDecisionUnclear, RulesDayOutside, RulesDayTaken."""
    if (command.first_day is None) == (not command.reason):
        raise RulesDecisionUnclear(field="from", expected="the first day, or else the reason")
    await lock_rules_of_cell(work)
    rules = await find_rules(work, command.rules_id)
    allow_decide_rules(work, rules, command.expected_version)
    work.trail.detail |= {"kind": rules.kind, "rules": str(rules.rules_id)}
    if command.first_day is None:
        reason = await sealed_text(work, rules.rules_id, "reason", command.reason)
        rules.send_back(reason or b"", at=work.now, by=work.actor_id)
    else:
        await _put_in_force(work, rules, command.first_day)
    await work.session.flush()
    return Receipt(rules.rules_id, rules.state, rules.version)


async def _put_in_force(work: Work, rules: Rules, first_day: date) -> None:
    if any(other.in_force_from == first_day for other in await decided_rules(work, rules.kind)):
        raise RulesDayTaken(field="from", expected=f"another day than {first_day}")
    rules.decide(first_day, today=local_date(work.now), at=work.now, by=work.actor_id)
    work.trail.detail["from"] = str(first_day)
    if rules.kind == RulesKind.UNDERTAKING:
        await _ask_anew(work, rules, first_day)
    else:
        work.at(day_starts_at(first_day - REMINDED), "rules", rules.rules_id)


async def _ask_anew(work: Work, rules: Rules, first_day: date) -> None:
    """What was promised in another text counts for 30 days of this one, for everybody in the cell."""
    work.session.add(CellUndertaking(cell_id=work.cell_id, in_force_from=first_day, rules_id=rules.rules_id))
    shortened = await shorten_undertakings(work, first_day)
    work.trail.count = len(shortened)
    if shortened:
        await publish_mandates(work, *shortened)
