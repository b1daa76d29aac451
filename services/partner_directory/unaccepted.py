"""Who has not accepted rules that begin soon or are in force: whom a letter reminds, a week after it was time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from services.kit.clock import local_date
from services.kit.execute import Work
from services.partner_directory.model import Mandate, Rules, RulesKind
from services.partner_directory.ruling import ACCEPTS, LIVE, REMINDED, acceptances_of, decided_rules, standing_of

LETTER_AFTER = timedelta(days=7)
"""So long after rules began to wait on start pages a letter goes to whoever has not accepted them: who comes to a table
that is being opened accepts them there, and is spared it."""


async def is_time(work: Work, rules: Rules) -> bool:
    """Whether these begin within two weeks or are in force, and no other version takes their place."""
    today = local_date(work.now)
    if rules.in_force_from is None or rules.in_force_from > today + REMINDED:
        return False
    return standing_of(rules, await decided_rules(work, rules.kind), today) in LIVE


async def to_remind(work: Work, rules: Rules | None) -> frozenset[UUID]:
    """The people by whom, or by whose organisation, these are still to be accepted; nobody where it is not the time."""
    if rules is None or not await is_time(work, rules):
        return frozenset()
    accepted = {acceptance.party_id for acceptance in (await acceptances_of(work, [rules]))[rules.rules_id]}
    party = Mandate.organisation_id if rules.kind == RulesKind.COOPERATION_PROTOCOL else Mandate.person_id
    asked = select(Mandate.person_id).where(
        Mandate.tenant_id == work.cell_id, Mandate.role.in_(ACCEPTS), Mandate.counts_from <= work.now,
        Mandate.counts_until > work.now, party.not_in(accepted),
    )  # fmt: skip
    return frozenset(await work.session.scalars(asked))
