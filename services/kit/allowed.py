"""Whether a caller may run a handler: the policy's answer. The rows hold town and circle, guards hold the state.

A command asks its guards and acts; a read asks the very same and tells (`may`), so that nobody else has to know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from services.kit.errors import (
    CellNotFound,
    Conflict,
    Denied,
    Invalid,
    NotFound,
    RoleMissing,
    SecondFactorMissing,
    UndertakingMissing,
    VersionChanged,
)
from services.kit.facts import Facts, Mandate
from services.kit.policy import Role, Rule
from services.kit.principal import Principal, PrincipalKind

Guard = Callable[[], object]
"""What a command asks before it acts, for one caller and one thing: raises what the command would raise."""

REFUSALS = (Invalid, Denied, NotFound, Conflict)


def authorise(principal: Principal, rule: Rule, facts: Facts, now: datetime) -> Mandate | None:
    """The mandate that grants, None for host and system; raises what is missing. Default is refusal."""
    missing = missing_for(principal, rule, facts, now)
    if missing is not None:
        raise missing
    if principal.kind is not PrincipalKind.PERSON or rule.signed_in:
        return None
    return granting(rule, facts, now)[0]


def missing_for(principal: Principal, rule: Rule, facts: Facts, now: datetime) -> type[Denied | NotFound] | None:
    """What keeps this caller out, None when nothing does. Asked a dozen times by one read, so nothing is raised.

    Order matters: whoever has no business in the cell learns nothing but CellNotFound.
    """
    if principal.kind is PrincipalKind.SYSTEM:
        return None if principal.name in rule.systems else CellNotFound
    if principal.kind is PrincipalKind.HOST:
        return None if rule.host else CellNotFound
    without_second_factor = rule.second_factor and principal.acr < 2
    if rule.signed_in:
        return SecondFactorMissing if without_second_factor else None
    if not facts.mandates:
        return CellNotFound
    may = [mandate.role for mandate in facts.mandates if mandate.role in rule.roles]
    if not may:
        return RoleMissing
    if without_second_factor:
        return SecondFactorMissing
    if rule.undertaking and Role.HOST not in may and not facts.undertaken(now):
        return UndertakingMissing
    return None


def granting(rule: Rule, facts: Facts, now: datetime) -> list[Mandate]:
    """The caller's mandates that the rule accepts: those with an undertaking in force first, then the oldest."""
    return sorted(
        (mandate for mandate in facts.mandates if mandate.role in rule.roles),
        key=lambda one: (one.undertaken_until is None or one.undertaken_until <= now, one.mandate_id),
    )


def passes(guard: Guard) -> bool:
    """Whether it refuses nothing."""
    try:
        guard()
    except REFUSALS:
        return False
    return True


def first_refusal(guards: Iterable[Guard]) -> str:
    """The code of the first refusal of these, in order; empty when there is none."""
    for guard in guards:
        try:
            guard()
        except REFUSALS as refusal:
            return refusal.code
    return ""


def open_to(principal: Principal, rule: Rule, facts: Facts, now: datetime) -> bool:
    """Whether the policy lets this caller in."""
    return missing_for(principal, rule, facts, now) is None


def allowed(may: Callable[[str], bool], guards: Mapping[str, Guard]) -> tuple[str, ...]:
    """The verbs that policy (`Work.may`) and guard both let this caller do now, in the order given."""
    return tuple(verb for verb, guard in guards.items() if may(verb) and passes(guard))


def expect_version(present: int, seen: int) -> None:
    """Raises VersionChanged unless the caller saw the present version."""
    if seen != present:
        raise VersionChanged(field="expected_version", expected="the version last read")
