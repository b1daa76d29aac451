"""A mandate ends now."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select, update

from services.kit.errors import RoleMissing
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.kit.principal import PLATFORM, PrincipalKind
from services.partner_directory.errors import LastCoordinator, MandateNotFound
from services.partner_directory.events import publish_mandates
from services.partner_directory.giving import announcement
from services.partner_directory.model import WITHOUT_CELL, Done, Mandate, MandateState, PersonCell

STAND_INS = (Role.COORDINATOR, Role.MAYOR)


@dataclass(frozen=True, slots=True)
class EndMandate:
    """Which mandate, in the version last read, and the code of the reason."""

    mandate_id: UUID
    expected_version: int
    reason: str


async def end_mandate(work: Work, command: EndMandate) -> Receipt:
    """End a mandate; everywhere within a second it gives no access any more (invariant 15)."""
    mandate, others = await locked(work, command.mandate_id)
    check_caller(work, mandate, others)
    mandate.expect(command.expected_version)
    was_active = mandate.state_at(work.now) is MandateState.ACTIVE
    mandate.end(command.reason, at=work.now, by=work.actor_id)
    if was_active and mandate.role in STAND_INS and not corrects(work, mandate):
        check_stand_in(work, mandate, others)
    await work.session.execute(
        update(PersonCell)
        .where(PersonCell.person_id == mandate.person_id, PersonCell.tenant_id == work.cell_id)
        .where(PersonCell.mandate_id == mandate.mandate_id)
        .values(ends_at=mandate.ends_at)
    )
    if work.principal.kind is PrincipalKind.HOST and work.cell_id != PLATFORM:
        work.session.add(announcement(work, mandate, Done.ENDED))
    await publish_mandates(work, mandate)
    await work.session.flush()
    return Receipt(mandate.mandate_id, mandate.state_at(work.now), mandate.version)


async def locked(work: Work, mandate_id: UUID) -> tuple[Mandate, list[Mandate]]:
    """The mandate and all that may stand in for a coordinator, locked: two coordinators cannot end each other."""
    found = await work.session.scalars(
        select(Mandate)
        .where(Mandate.tenant_id == work.cell_id)
        .where(or_(Mandate.mandate_id == mandate_id, Mandate.role.in_(STAND_INS) & (Mandate.ends_at > work.now)))
        .order_by(Mandate.mandate_id)
        .with_for_update()
    )
    mandates = {one.mandate_id: one for one in found}
    mandate = mandates.pop(mandate_id, None)
    if mandate is None:
        raise MandateNotFound
    return mandate, list(mandates.values())


def check_caller(work: Work, mandate: Mandate, others: list[Mandate]) -> None:
    """The host ends any mandate; mayor and coordinator all that touch their towns. Raises RoleMissing.

    Taking access away opens nothing, so the host keeps it for emergencies, on the record. The last mayor of a town is
    ended by a mayor, not by the coordinator.
    """
    if work.principal.kind is PrincipalKind.HOST:
        return
    mine = [one for one in work.facts.mandates if one.role in STAND_INS]
    if set(mandate.nis_codes).isdisjoint(town for one in mine for town in one.nis_codes):
        raise RoleMissing(field="mandate_id", expected="a mandate for one of your towns")
    is_mayor = any(one.role is Role.MAYOR for one in mine)
    if mandate.role == Role.MAYOR and not is_mayor and uncovered(work, mandate, others, Role.MAYOR):
        raise RoleMissing(field="mandate_id", expected="not the last mayor of a town; that is for the mayor")


def corrects(work: Work, mandate: Mandate) -> bool:
    """Whether the host takes back in time what it gave itself: nothing was opened, nothing is founded."""
    by_host = work.principal.kind is PrincipalKind.HOST
    return by_host and mandate.given_by in WITHOUT_CELL and mandate.came_to_nothing


def check_stand_in(work: Work, ended: Mandate, others: list[Mandate]) -> None:
    """Each town keeps a coordinator, or a mayor to stand in (K11), whoever ends the other. Raises LastCoordinator."""
    if missing := uncovered(work, ended, others, *STAND_INS):
        raise LastCoordinator(field="mandate_id", expected=f"first a successor for {', '.join(missing)}")


def uncovered(work: Work, ended: Mandate, others: list[Mandate], *roles: Role) -> list[str]:
    """The towns of this mandate in which nobody else is any of these now."""
    active = [one for one in others if one.role in roles and one.state_at(work.now) is MandateState.ACTIVE]
    return sorted(set(ended.nis_codes) - {nis_code for one in active for nis_code in one.nis_codes})
