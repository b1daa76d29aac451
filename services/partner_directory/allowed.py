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
from services.kit.clock import local_date
from services.kit.errors import RoleMissing
from services.kit.execute import Work
from services.kit.facts import Facts
from services.kit.facts import Mandate as Fact
from services.kit.opening import CIRCLE_SEATS
from services.kit.policy import SEATS, TABLE, Role, Rule, Verb
from services.kit.principal import PrincipalKind
from services.partner_directory.errors import (
    LastCoordinator,
    MandateEnded,
    MandateNotSuspended,
    MandateSuspended,
    MandateTooLong,
    OrganisationNotFound,
)
from services.partner_directory.model import GIVES, WITHOUT_CELL, Mandate, MandateState

STAND_INS = (Role.COORDINATOR, Role.MAYOR)

OWN_VERBS = (
    "accept_undertaking", "change_brand_colour", "confirm_legal_basis", "invite_person", "import_seats",
    "list_invitations", "list_mandates", "list_proposals", "list_recoveries", "read_set_up", "register_organisation",
    "read_contacts", "export_contacts", "mark_absent", "draft_rules", "list_rules",
)  # fmt: skip
"""What the directory itself lets people do in a cell."""
HOST_VERBS = (
    "add_legal_basis", "add_provider", "add_saml_provider", "create_cell", "disable_identity", "enable_identity",
    "end_legal_basis", "list_cells", "list_municipalities", "list_providers", "list_recoveries", "propose_recovery",
    "register_organisation",
)  # fmt: skip
"""What it lets the host's people do on the platform."""
COORDINATOR = frozenset({Role.COORDINATOR})
ELSEWHERE: Mapping[str, frozenset[Role]] = {
    "enter_signal": TABLE,
    "ask_question": TABLE,
    "answer_question": COORDINATOR,
    "list_answers": TABLE | {Role.DPO},
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


def cell_gives(roles: Iterable[str], may: Collection[str]) -> tuple[str, ...]:
    """The roles that the holder of these may invite somebody to; none without the verb."""
    if "invite_person" not in may:
        return ()
    return tuple(sorted({given for role in roles for given in GIVES.get(Role(role), ())}))


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
    if mandate.state_at(work.now) is MandateState.ENDED:
        raise MandateEnded
    if not corrects(work, mandate):
        check_leaving(work, mandate, others)


def allow_shorten_mandate(work: Work, mandate: Mandate, others: Collection[Mandate], seen: int) -> None:
    """To give it an earlier last day. Raises what ending it raises, and MandateNotShorter when today is its last."""
    check_caller(work, mandate, others)
    expect_lasting(work, mandate, seen)
    today = local_date(work.now)
    mandate.expect_shorter(max(today, local_date(mandate.starts_at)), today)
    check_leaving(work, mandate, others)


def check_leaving(work: Work, mandate: Mandate, others: Collection[Mandate]) -> None:
    """That one who counts now may count no more. Raises LastCoordinator."""
    if mandate.state_at(work.now) is MandateState.ACTIVE and mandate.role in STAND_INS:
        check_stand_in(work, mandate.nis_codes, others)


def allow_extend_mandate(work: Work, mandate: Mandate, seen: int) -> None:
    """To give it a later last day. Raises RoleMissing, VersionChanged, MandateEnded, MandateTooLong."""
    check_giver(work, mandate, everywhere=True)
    expect_lasting(work, mandate, seen)
    if mandate.last_day >= mandate.longest_day:
        raise MandateTooLong(field="last_day", expected=f"at the latest {mandate.longest_day}")


def allow_change_mandate(work: Work, mandate: Mandate, seen: int) -> None:
    """To change its towns or its clearance. Raises RoleMissing, VersionChanged, MandateEnded."""
    check_giver(work, mandate, everywhere=True)
    expect_lasting(work, mandate, seen)


def allow_suspend_mandate(work: Work, mandate: Mandate, others: Collection[Mandate], seen: int) -> None:
    """To suspend it; `others` may stand in. Raises what ending it raises, and MandateSuspended."""
    check_caller(work, mandate, others)
    expect_lasting(work, mandate, seen)
    if mandate.suspended_at is not None:
        raise MandateSuspended
    check_leaving(work, mandate, others)


def allow_resume_mandate(work: Work, mandate: Mandate, seen: int) -> None:
    """To have it count again. Raises RoleMissing, VersionChanged, MandateEnded, MandateNotSuspended."""
    check_giver(work, mandate, everywhere=False)
    expect_lasting(work, mandate, seen)
    if mandate.suspended_at is None:
        raise MandateNotSuspended


def suspended_with(work: Work, held: Iterable[Mandate], stand_ins: Iterable[Mandate]) -> list[Mandate]:
    """What of an organisation's mandates is suspended with it: all in the caller's towns, or nothing.

    Raises OrganisationNotFound, MandateSuspended, and what keeps one of them.
    """
    there = _of_my_towns(work, held)
    going = [mandate for mandate in there if mandate.suspended_at is None]
    if not going:
        raise MandateSuspended(field="organisation_id", expected="an organisation with people who are not")
    others = [mandate for mandate in stand_ins if mandate not in going]
    for mandate in going:
        check_caller(work, mandate, others)
        check_leaving(work, mandate, others)
    return going


def resumed_with(work: Work, held: Iterable[Mandate]) -> list[Mandate]:
    """What was suspended with an organisation. Raises OrganisationNotFound, MandateNotSuspended, RoleMissing."""
    there = _of_my_towns(work, held)
    back = [mandate for mandate in there if mandate.suspended_with is not None]
    if not back:
        raise MandateNotSuspended(field="organisation_id", expected="an organisation that was suspended")
    for mandate in back:
        check_giver(work, mandate, everywhere=False)
    return back


def mandate_may(work: Work, mandate: Mandate, known: Collection[Mandate]) -> tuple[str, ...]:
    """What the caller may do with a mandate, and with its organisation; `known` are the stand-ins and its people."""
    version = mandate.version
    others = [other for other in known if other.mandate_id != mandate.mandate_id and other.role in STAND_INS]
    stand_ins = [other for other in known if other.role in STAND_INS]
    people = [
        other for other in known
        if other.organisation_id == mandate.organisation_id and other.state_at(work.now) is not MandateState.ENDED
    ]  # fmt: skip
    return allowed(
        work.may,
        {
            "extend_mandate": lambda: allow_extend_mandate(work, mandate, version),
            "change_mandate": lambda: allow_change_mandate(work, mandate, version),
            "suspend_mandate": lambda: allow_suspend_mandate(work, mandate, others, version),
            "resume_mandate": lambda: allow_resume_mandate(work, mandate, version),
            "shorten_mandate": lambda: allow_shorten_mandate(work, mandate, others, version),
            "end_mandate": lambda: allow_end_mandate(work, mandate, others, version),
            "suspend_organisation": lambda: suspended_with(work, people, stand_ins),
            "resume_organisation": lambda: resumed_with(work, people),
        },
    )


def expect_lasting(work: Work, mandate: Mandate, seen: int) -> None:
    """Raises VersionChanged, MandateEnded."""
    expect_version(mandate.version, seen)
    if mandate.state_at(work.now) is MandateState.ENDED:
        raise MandateEnded


def check_giver(work: Work, mandate: Mandate, *, everywhere: bool) -> None:
    """Whoever opens something gives, so it is for who may give this role: for all its towns, or for one of them.

    Oversight is given by nobody of the cell alone; what the cell suspended of it, its mayor and coordinator resume.
    """
    gives = {giver: roles | {Role.OVERSIGHT} for giver, roles in GIVES.items()} if not everywhere else GIVES
    own = {
        town for mine in work.facts.mandates if mandate.role in gives.get(mine.role, ()) for town in mine.nis_codes
    }  # fmt: skip
    if not (own >= set(mandate.nis_codes) if everywhere else own & set(mandate.nis_codes)):
        raise RoleMissing(field="mandate_id", expected="a mandate that you may give, for your towns")


def _of_my_towns(work: Work, held: Iterable[Mandate]) -> list[Mandate]:
    """Those that touch a town for which the caller is mayor or coordinator. Raises OrganisationNotFound."""
    own = {town for mine in work.facts.mandates if mine.role in STAND_INS for town in mine.nis_codes}
    there = [mandate for mandate in held if not own.isdisjoint(mandate.nis_codes)]
    if not there:
        raise OrganisationNotFound
    return there


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
    if mandate.role == Role.MAYOR and not is_mayor and uncovered(work, mandate.nis_codes, others, Role.MAYOR):
        raise RoleMissing(field="mandate_id", expected="not the last mayor of a town; that is for the mayor")


def corrects(work: Work, mandate: Mandate) -> bool:
    """Whether the host takes back in time what it gave itself: nothing was opened, nothing is founded."""
    by_host = work.principal.kind is PrincipalKind.HOST
    return by_host and mandate.given_by in WITHOUT_CELL and mandate.comes_to_nothing(work.now)


def check_stand_in(
    work: Work, towns: Iterable[str], others: Collection[Mandate], field: str = "mandate_id"
) -> None:  # fmt: skip
    """Each town keeps a coordinator, or a mayor to stand in (K11), whoever ends the other. Raises LastCoordinator."""
    if missing := uncovered(work, towns, others, *STAND_INS):
        raise LastCoordinator(field=field, expected=f"first a successor for {', '.join(missing)}")


def uncovered(work: Work, towns: Iterable[str], others: Collection[Mandate], *roles: Role) -> list[str]:
    """Of these towns those in which nobody else is any of these now."""
    active = [other for other in others if other.role in roles and other.state_at(work.now) is MandateState.ACTIVE]
    return sorted(set(towns) - {nis_code for mandate in active for nis_code in mandate.nis_codes})
