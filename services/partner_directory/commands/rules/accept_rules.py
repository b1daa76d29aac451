"""Somebody accepts internal rules, or a cooperation protocol for an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.model import RulesAcceptance
from services.partner_directory.ruling import (
    acceptances_of,
    allow_accept_rules,
    decided_rules,
    find_rules,
    judged,
    lock_rules_of_cell,
)


@dataclass(frozen=True, slots=True)
class AcceptRules:
    """Which, in the version last read."""

    rules_id: UUID
    expected_version: int


async def accept_rules(work: Work, command: AcceptRules) -> Receipt:
    """Accept it for all own parties that have not: the person, or each organisation represented here."""
    await lock_rules_of_cell(work)
    rules = await find_rules(work, command.rules_id)
    accepted = (await acceptances_of(work, [rules]))[rules.rules_id]
    version = judged(work, rules, await decided_rules(work, rules.kind), accepted)
    allow_accept_rules(work, version, command.expected_version)
    work.session.add_all(
        RulesAcceptance(
            tenant_id=work.cell_id, rules_id=rules.rules_id, party_id=party, person_id=work.actor_id,
            accepted_at=work.now,
        )
        for party in sorted(version.missing)
    )  # fmt: skip
    work.trail.detail |= {"kind": rules.kind, "rules": str(rules.rules_id)}
    work.trail.count = len(version.missing)
    return Receipt(rules.rules_id, "ACCEPTED", rules.version)
