"""A cell with rules of its own: who drafts, who decides, who accepts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.kit.clock import local_date
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.commands.rules.accept_rules import AcceptRules, accept_rules
from services.partner_directory.commands.rules.decide_rules import DecideRules, decide_rules
from services.partner_directory.commands.rules.draft_rules import DraftRules, draft_rules
from services.partner_directory.queries.list_rules import ListRules, RulesView, list_rules
from services.partner_directory.queries.read_rules import ReadRules, RulesRead, read_rules
from tests.harness import Person
from tests.partner_directory.town import Host, Town

TEXT = "# Doel\n\nWij helpen mensen tijdig.\n\n- samen\n- op tijd"


@dataclass
class Ruled:
    """The cell and its people; the partner speaks for an organisation of its own."""

    town: Town
    coordinator: Person
    mayor: Person
    partner: Person

    @property
    def today(self) -> date:
        """The day it is in Brussels."""
        return local_date(self.town.harness.clock())

    def in_days(self, days: int) -> date:
        """So many days from today."""
        return self.today + timedelta(days=days)

    async def draft(self, kind: str = "internal_rules", follows: UUID | None = None, **texts: str) -> Receipt:
        """The coordinator puts one forward."""
        said = {"text_nl": "", "text_fr": "", "text_de": "", **(texts or {"text_nl": TEXT})}
        return await self.coordinator.run(draft_rules, DraftRules(kind, follows, **said))

    async def decide(self, rules_id: UUID, first_day: date | None = None, version: int = 1) -> Receipt:
        """The mayor says yes, from today on or another day."""
        return await self.mayor.run(decide_rules, DecideRules(rules_id, version, first_day or self.today, ""))

    async def in_force(self, kind: str = "internal_rules", first_day: date | None = None, **more: Any) -> UUID:
        """One that is decided."""
        rules = await self.draft(kind, **more)
        await self.decide(rules.id, first_day)
        return rules.id


async def ruled(host: Host) -> Ruled:
    """A running cell without rules."""
    town, coordinator = await host.town_with_coordinator(region="wallonia")
    mayor = await town.sworn(Role.MAYOR)
    partner = await town.sworn(Role.PARTICIPANT, kbo_number=await host.organisation())
    return Ruled(town, coordinator, mayor, partner)


async def listed(who: Person) -> tuple[RulesView, ...]:
    """The versions somebody is told of."""
    return (await who.run(list_rules, ListRules(50, None))).rules


async def read(who: Person, rules_id: UUID) -> RulesRead:
    """One, as somebody reads it."""
    return await who.run(read_rules, ReadRules(rules_id))


async def accept(who: Person, rules_id: UUID, version: int = 2) -> Receipt:
    """Somebody accepts it."""
    return await who.run(accept_rules, AcceptRules(rules_id, version))
