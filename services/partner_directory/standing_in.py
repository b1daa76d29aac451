"""Who may be whose deputy, and who says that a holder is away."""

from __future__ import annotations

from collections.abc import Iterable

from services.kit.allowed import allowed, expect_version
from services.kit.clock import local_date
from services.kit.errors import RoleMissing
from services.kit.execute import Work
from services.kit.policy import Role
from services.partner_directory.allowed import STAND_INS, check_giver, expect_lasting
from services.partner_directory.errors import (
    AbsenceOutside,
    AbsenceOver,
    AbsenceOverlaps,
    AbsenceReversed,
    DeputyKindWrong,
    DeputyOfDeputy,
    DeputyOfOneself,
    DeputyOverlaps,
    DeputyRoleWrong,
    DeputyTownWrong,
    MandateEnded,
    SeatWithoutDeputy,
)
from services.partner_directory.model import DEPUTIES, Absence, Mandate, MandateState, Window

STANDS_IN = frozenset[Role]().union(*DEPUTIES.values())
"""Roles a deputy may have."""


def allow_name_deputy(work: Work, deputy: Mandate, seen: int) -> None:
    """To make it a deputy's, of whomever. Raises RoleMissing, VersionChanged, MandateEnded, DeputyRoleWrong."""
    check_giver(work, deputy, everywhere=True)
    expect_lasting(work, deputy, seen)
    if deputy.role not in STANDS_IN:
        raise DeputyRoleWrong(field="mandate_id", expected="one of " + ", ".join(sorted(STANDS_IN)))


def deputy_may(work: Work, mandate: Mandate) -> tuple[str, ...]:
    """What the caller may do about deputies with it."""
    return allowed(
        work.may,
        {
            "name_deputy": lambda: allow_name_deputy(work, mandate, mandate.version),
            "mark_absent": lambda: allow_mark_absent(work, mandate),
        },
    )


def check_deputy(deputy: Mandate, holder: Mandate, others: Iterable[Mandate]) -> None:
    """Whether it may stand in for this holder; `others` are the deputies there are. Raises what is wrong with it."""
    if deputy.person_id == holder.person_id:
        raise DeputyOfOneself(field="holder_id", expected="the mandate of somebody else")
    if holder.deputy_of is not None or any(other.deputy_of == deputy.mandate_id for other in others):
        raise DeputyOfDeputy(field="holder_id", expected="a holder who is no deputy, for who has none")
    may = DEPUTIES.get(Role(holder.role), frozenset())
    if deputy.role not in may:
        expected = "one of " + ", ".join(sorted(may)) if may else "a mandatory seat or the coordinator's"
        raise DeputyRoleWrong(field="holder_id", expected=expected)
    if deputy.organisation_kind != holder.organisation_kind:
        raise DeputyKindWrong(field="holder_id", expected=f"a holder of a {deputy.organisation_kind}")
    check_towns(deputy, holder)
    for other in others:
        if other.deputy_of == holder.mandate_id and other.mandate_id != deputy.mandate_id and _meet(other, deputy):
            raise DeputyOverlaps(field="mandate_id", expected="one deputy of a holder at a time")


def check_towns(deputy: Mandate, holder: Mandate) -> None:
    """Raises DeputyTownWrong for a town that the holder does not have."""
    if beyond := sorted(set(deputy.nis_codes) - set(holder.nis_codes)):
        raise DeputyTownWrong(field="nis_codes", expected=f"towns of the holder, without {', '.join(beyond)}")


def _meet(one: Mandate, other: Mandate) -> bool:
    a_town = not set(one.nis_codes).isdisjoint(other.nis_codes)
    return a_town and one.starts_at < other.ends_at and other.starts_at < one.ends_at


def allow_mark_absent(work: Work, holder: Mandate) -> None:
    """To say that its holder is away. Raises RoleMissing, MandateEnded, SeatWithoutDeputy."""
    check_concerned(work, holder)
    if holder.state_at(work.now) is MandateState.ENDED:
        raise MandateEnded
    if holder.deputy_of is not None or holder.role not in DEPUTIES:
        raise SeatWithoutDeputy(field="mandate_id", expected="the holder of a mandatory seat, or the coordinator")


def check_absence(work: Work, holder: Mandate, days: Window, others: Iterable[Absence]) -> None:
    """Raises AbsenceReversed, AbsenceOutside, AbsenceOverlaps."""
    if days.last < days.first:
        raise AbsenceReversed(field="last_day", expected="a day not before the first")
    first, today = local_date(holder.starts_at), local_date(work.now)
    if days.first < max(first, today):
        raise AbsenceOutside(field="first_day", expected=f"{max(first, today)} or later")
    if days.last > holder.last_day:
        raise AbsenceOutside(field="last_day", expected=f"at the latest {holder.last_day}")
    if any(other.starts_at < days.ends_at and days.starts_at < other.ends_at for other in others):
        raise AbsenceOverlaps(field="first_day", expected="days on which the holder is not marked absent yet")


def allow_end_absence(work: Work, holder: Mandate, absence: Absence, seen: int) -> None:
    """To say that the holder is back. Raises RoleMissing, VersionChanged, AbsenceOver."""
    check_concerned(work, holder)
    expect_version(absence.version, seen)
    if absence.ends_at <= work.now or absence.ends_at <= absence.starts_at:
        raise AbsenceOver


def check_concerned(work: Work, holder: Mandate) -> None:
    """It is the holder's own, or of a town of which the caller is mayor or coordinator. Raises RoleMissing."""
    own = {town for mine in work.facts.mandates if mine.role in STAND_INS for town in mine.nis_codes}
    if holder.person_id != work.actor_id and own.isdisjoint(holder.nis_codes):
        raise RoleMissing(field="mandate_id", expected="your own mandate, or one for your towns")
