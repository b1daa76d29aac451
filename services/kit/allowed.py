"""Whether a caller may run a handler: the policy's answer. The rows hold town and circle, guards hold the state."""

from __future__ import annotations

from datetime import datetime

from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing
from services.kit.facts import Facts, Mandate
from services.kit.policy import Role, Rule
from services.kit.principal import Principal, PrincipalKind


def authorise(principal: Principal, rule: Rule, facts: Facts, now: datetime) -> Mandate | None:
    """The mandate that grants, None for host and system; raises what is missing. Default is refusal.

    Order matters: whoever has no business in the cell learns nothing but CellNotFound.
    """
    if principal.kind is PrincipalKind.SYSTEM:
        if principal.name not in rule.systems:
            raise CellNotFound
        return None
    if principal.kind is PrincipalKind.HOST:
        if not rule.host:
            raise CellNotFound
        return None
    if rule.signed_in:
        if rule.second_factor and principal.acr < 2:
            raise SecondFactorMissing
        return None
    if not facts.mandates:
        raise CellNotFound
    may = granting(rule, facts, now)
    if not may:
        raise RoleMissing
    if rule.second_factor and principal.acr < 2:
        raise SecondFactorMissing
    if rule.undertaking and may[0].role is not Role.HOST and not facts.undertaken(now):
        raise UndertakingMissing
    return may[0]


def granting(rule: Rule, facts: Facts, now: datetime) -> list[Mandate]:
    """The caller's mandates that the rule accepts: those with an undertaking in force first, then the oldest."""
    return sorted(
        (one for one in facts.mandates if one.role in rule.roles),
        key=lambda one: (one.undertaken_until is None or one.undertaken_until <= now, one.mandate_id),
    )
