"""Who may do what in a cell, and with a mandate where it stands.

A command asks before it acts, in this order, and a read answers by the same (`may`). What hangs on what is sent, such
as the role somebody is to have, is the command's own. `seen` is the version the caller last read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit.allowed import allowed, expect_version, open_to
from services.kit.errors import RoleMissing
from services.kit.execute import Work
from services.kit.facts import Facts
from services.kit.facts import Mandate as Fact
from services.kit.opening import CIRCLE_SEATS
from services.kit.policy import SEATS, TABLE, Role, Rule, Verb
from services.kit.principal import PrincipalKind
from services.partner_directory.errors import LastCoordinator, MandateEnded
from services.partner_directory.model import WITHOUT_CELL, Mandate, MandateState

STAND_INS = (Role.COORDINATOR, Role.MAYOR)

OWN_VERBS = (
    "accept_undertaking", "change_brand_colour", "confirm_legal_basis", "draft_rules", "invite_person",
    "list_mandates", "list_proposals", "list_recoveries", "list_rules", "register_organisation",
)  # fmt: skip
"""What the directory itself lets people do in a cell."""
HOST_VERBS = (
    "add_legal_basis", "create_cell", "disable_identity", "enable_identity", "end_legal_basis", "list_cells",
    "list_municipalities", "list_recoveries", "propose_recovery", "register_organisation",
)  # fmt: skip
"""What it lets the host's people do on the platform."""
COORDINATOR = frozenset({Role.COORDINATOR})
ELSEWHERE: Mapping[str, frozenset[Role]] = {
    "enter_signal": TABLE,
    "list_signals": TABLE | {Role.DPO},
    "propose_case": COORDINATOR,
    "place_on_list": SEATS["mayor"],
    "list_cases": TABLE | {Role.DPO},
    "list_waiting": TABLE,
    "plan_session": COORDINATOR,
    "list_sessions": TABLE,
    "search_audit": frozenset({Role.DPO, Role.OVERSIGHT}),
}
"""What the other services' policies let the roles of a cell do; a test compares it with those policies."""

_RULES_ELSEWHERE = {verb: Rule(Verb.CONSULT, roles=roles) for verb, roles in ELSEWHERE.items()}


@dataclass(frozen=True, slots=True)
class Held:
    """A mandate of the caller valid now, as far as it counts here; content is closed to it before `opens_at`."""

    mandate_id: UUID
    role: Role
    undertaken_until: datetime | None
    opens_at: datetime | None

    @property
    def fact(self) -> Fact:
        """The same, as the policy asks it."""
        return Fact(self.mandate_id, self.mandate_id, "", self.role, (), "", None, self.undertaken_until)


def cell_may(work: Work, held: Iterable[Held]) -> tuple[str, ...]:
    """The verbs that the policies of all services let the holder of these mandates do in their cell.

    Town, circle and state come on top: what may be done with one thing, that thing's own answer says.
    """
    mandates = list(held)
    here = Facts(tuple(mandate.fact for mandate in mandates))
    opened = Facts(
        tuple(mandate.fact for mandate in mandates if mandate.opens_at is None or mandate.opens_at <= work.now)
    )

    def allows(rule: Rule, facts: Facts) -> bool:
        return open_to(work.principal, rule, facts, work.now)

    own = [verb for verb in OWN_VERBS if allows(work.rules[verb], here)]
    others = [verb for verb, rule in _RULES_ELSEWHERE.items() if allows(rule, opened)]
    return (*own, *others)


def host_may(work: Work) -> tuple[str, ...]:
    """What the caller may do on the platform, as one who acts for the host."""
    return tuple(verb for verb in HOST_VERBS if work.may(verb))


def seat_of(role: Role) -> str:
    """The seat somebody with this role takes, `participant` for a guest at the table; empty for who does not sit."""
    seats = (seat for seat, roles in CIRCLE_SEATS.items() if role in roles)
    return next(seats, "participant" if role in TABLE else "")


def allow_end_mandate(work: Work, mandate: Mandate, others: Collection[Mandate], seen: int) -> None:
    """To end it; `others` may stand in. Raises RoleMissing, VersionChanged, MandateEnded, LastCoordinator."""
    check_caller(work, mandate, others)
    expect_version(mandate.version, seen)
    state = mandate.state_at(work.now)
    if state is MandateState.ENDED:
        raise MandateEnded
    if state is MandateState.ACTIVE and mandate.role in STAND_INS and not corrects(work, mandate):
        check_stand_in(work, mandate, others)


def mandate_may(work: Work, mandate: Mandate, stand_ins: Iterable[Mandate]) -> tuple[str, ...]:
    """What the caller may do with a mandate."""
    others = [stand_in for stand_in in stand_ins if stand_in.mandate_id != mandate.mandate_id]
    return allowed(work.may, {"end_mandate": lambda: allow_end_mandate(work, mandate, others, mandate.version)})


def check_caller(work: Work, mandate: Mandate, others: Collection[Mandate]) -> None:
    """The host ends any mandate; mayor and coordinator all that touch their towns. Raises RoleMissing.

    Taking access away opens nothing, so the host keeps it for emergencies, on the record. The last mayor of a town is
    ended by a mayor, not by the coordinator.
    """
    if work.principal.kind is PrincipalKind.HOST:
        return
    mine = [mandate for mandate in work.facts.mandates if mandate.role in STAND_INS]
    if set(mandate.nis_codes).isdisjoint(town for mandate in mine for town in mandate.nis_codes):
        raise RoleMissing(field="mandate_id", expected="a mandate for one of your towns")
    is_mayor = any(mandate.role is Role.MAYOR for mandate in mine)
    if mandate.role == Role.MAYOR and not is_mayor and uncovered(work, mandate, others, Role.MAYOR):
        raise RoleMissing(field="mandate_id", expected="not the last mayor of a town; that is for the mayor")


def corrects(work: Work, mandate: Mandate) -> bool:
    """Whether the host takes back in time what it gave itself: nothing was opened, nothing is founded."""
    by_host = work.principal.kind is PrincipalKind.HOST
    return by_host and mandate.given_by in WITHOUT_CELL and mandate.comes_to_nothing(work.now)


def check_stand_in(work: Work, ended: Mandate, others: Collection[Mandate]) -> None:
    """Each town keeps a coordinator, or a mayor to stand in (K11), whoever ends the other. Raises LastCoordinator."""
    if missing := uncovered(work, ended, others, *STAND_INS):
        raise LastCoordinator(field="mandate_id", expected=f"first a successor for {', '.join(missing)}")


def uncovered(work: Work, ended: Mandate, others: Collection[Mandate], *roles: Role) -> list[str]:
    """The towns of this mandate in which nobody else is any of these now."""
    active = [other for other in others if other.role in roles and other.state_at(work.now) is MandateState.ACTIVE]
    return sorted(set(ended.nis_codes) - {nis_code for mandate in active for nis_code in mandate.nis_codes})
