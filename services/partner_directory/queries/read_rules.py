"""One version of a text of the cell, as it is and as it was before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.kit.execute import Work
from services.partner_directory.allowed import STAND_INS
from services.partner_directory.model import Rules, RulesAcceptance, RulesKind, RulesStanding
from services.partner_directory.queries.list_rules import RulesView, views_of_rules
from services.partner_directory.ruling import (
    LIVE,
    RulesTexts,
    acceptances_of,
    asked_to_accept,
    before,
    decided_rules,
    find_rules,
    opened_text,
    opened_texts,
    parties_of,
)


@dataclass(frozen=True, slots=True)
class ReadRules:
    """Which."""

    rules_id: UUID


@dataclass(frozen=True, slots=True)
class EarlierRules:
    """What it is compared with."""

    rules_id: UUID
    first_day: date
    texts: RulesTexts


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who accepted, for which organisation, when."""

    person_id: UUID
    organisation_id: UUID | None
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class RulesRead:
    """All of it. Who accepted and who is still asked: for coordinator and mayor all, for others what is their own."""

    rules: RulesView
    texts: RulesTexts
    earlier: EarlierRules | None
    reason: str
    acceptances: tuple[Acceptance, ...]
    outstanding: tuple[UUID, ...]
    everybody: bool


async def read_rules(work: Work, query: ReadRules) -> RulesRead:
    """Its texts opened, with those of the version before."""
    rules = await find_rules(work, query.rules_id)
    (view,) = await views_of_rules(work, [rules])
    earlier = before(rules, await decided_rules(work, rules.kind))
    work.trail.detail |= {"kind": rules.kind, "rules": str(rules.rules_id)}
    work.trail.count = 1
    acceptances, outstanding = await _accepted(work, rules, view.standing)
    return RulesRead(
        view,
        await opened_texts(work, rules),
        await _earlier(work, earlier) if earlier else None,
        await opened_text(work, rules, "reason"),
        acceptances,
        outstanding,
        work.has_role(*STAND_INS),
    )


async def _earlier(work: Work, rules: Rules) -> EarlierRules:
    assert rules.in_force_from is not None
    return EarlierRules(rules.rules_id, rules.in_force_from, await opened_texts(work, rules))


async def _accepted(
    work: Work, rules: Rules, standing: RulesStanding
) -> tuple[tuple[Acceptance, ...], tuple[UUID, ...]]:
    """Who has and who has not; nobody is asked for what is over, waits, or is promised elsewhere."""
    found = (await acceptances_of(work, [rules]))[rules.rules_id]
    asks = standing in LIVE and rules.kind != RulesKind.UNDERTAKING
    asked = await asked_to_accept(work, rules.kind) if asks else frozenset()
    outstanding = asked - {acceptance.party_id for acceptance in found}
    if not work.has_role(*STAND_INS):
        mine = parties_of(work, rules.kind)
        found = [acceptance for acceptance in found if acceptance.party_id in mine]
        outstanding &= mine
    return tuple(_views(found, rules.kind)), tuple(sorted(outstanding))


def _views(found: Iterable[RulesAcceptance], kind: str) -> Iterable[Acceptance]:
    for acceptance in found:
        organisation = acceptance.party_id if kind == RulesKind.COOPERATION_PROTOCOL else None
        yield Acceptance(acceptance.person_id, organisation, acceptance.accepted_at)
