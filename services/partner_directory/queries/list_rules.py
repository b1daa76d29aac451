"""The versions of the cell's own texts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select, true

from services.kit.execute import Work
from services.kit.paging import page_of
from services.partner_directory.allowed import STAND_INS
from services.partner_directory.model import Rules, RulesStanding, RulesState
from services.partner_directory.ruling import acceptances_of, judged, rules_may


@dataclass(frozen=True, slots=True)
class ListRules:
    """One page, newest first, after the version `cursor`; of one kind, or of all when it is empty."""

    page_size: int
    cursor: UUID | None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RulesView:
    """A version, what it is today, whether the caller has accepted it, and the verbs open to the caller."""

    rules: Rules
    standing: RulesStanding
    accepted: bool
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RulesPage:
    """A page; `next_cursor` is None on the last."""

    rules: tuple[RulesView, ...]
    next_cursor: UUID | None


async def list_rules(work: Work, query: ListRules) -> RulesPage:
    """Those the caller may read, without their texts."""
    asked = (
        select(Rules)
        .where(Rules.tenant_id == work.cell_id)
        .where(or_(Rules.state == RulesState.DECIDED, true() if work.has_role(*STAND_INS) else Rules.state.is_(None)))
        .order_by(Rules.rules_id.desc())
        .limit(query.page_size + 1)
    )
    if query.kind:
        asked = asked.where(Rules.kind == query.kind)
    if query.cursor is not None:
        asked = asked.where(Rules.rules_id < query.cursor)
    rows, more = page_of((await work.session.scalars(asked)).all(), query.page_size)
    views = await views_of_rules(work, list(rows))
    work.trail.count = len(views)
    return RulesPage(views, views[-1].rules.rules_id if more else None)


async def views_of_rules(work: Work, versions: list[Rules]) -> tuple[RulesView, ...]:
    """Each with what the caller is told of it: two statements for all."""
    accepted, decided = await acceptances_of(work, versions), await _all_decided(work)
    views = []
    for rules in versions:
        version = judged(work, rules, decided[rules.kind], accepted[rules.rules_id])
        is_accepted = rules.in_force_from is not None and not version.missing
        views.append(RulesView(rules, version.standing, is_accepted, rules_may(work, version)))
    return tuple(views)


async def _all_decided(work: Work) -> dict[str, list[Rules]]:
    found: dict[str, list[Rules]] = defaultdict(list)
    rows = await work.session.scalars(
        select(Rules)
        .where(Rules.tenant_id == work.cell_id, Rules.state == RulesState.DECIDED)
        .order_by(Rules.in_force_from)
    )
    for rules in rows:
        found[rules.kind].append(rules)
    return found
