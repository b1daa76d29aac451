"""What every change of a mandate has in common: who is locked meanwhile, and that it is told everywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from services.kit.audit import MAX_OBJECTS
from services.kit.execute import Work
from services.kit.policy import Role
from services.kit.principal import PLATFORM
from services.partner_directory.allowed import STAND_INS
from services.partner_directory.errors import MandateExists, MandateNotFound
from services.partner_directory.events import publish_mandates
from services.partner_directory.lacking import warn_of_lack
from services.partner_directory.model import (
    ABSENT,
    DEPUTIES,
    Absence,
    Cell,
    Invitation,
    Mandate,
    MandateState,
    PersonCell,
    turn_of,
)
from services.partner_directory.reminding import remind


async def locked(work: Work, mandate_id: UUID) -> tuple[Mandate, list[Mandate]]:
    """The mandate and all that may stand in for a coordinator, locked: two coordinators cannot end each other.

    Raises MandateNotFound.
    """
    mandates = await lock_mandates(work, Mandate.mandate_id == mandate_id)
    mandate = next((found for found in mandates if found.mandate_id == mandate_id), None)
    if mandate is None:
        raise MandateNotFound
    return mandate, [other for other in mandates if other is not mandate and other.role in STAND_INS]


async def lock_mandates(work: Work, those: ColumnElement[bool]) -> list[Mandate]:
    """These of the cell, all that may stand in and all deputies, locked by one statement, always in the same order."""
    found = await work.session.scalars(
        select(Mandate)
        .where(Mandate.tenant_id == work.cell_id)
        .where(
            or_(those, (Mandate.role.in_(STAND_INS) | Mandate.deputy_of.is_not(None)) & (Mandate.ends_at > work.now))
        )
        .order_by(Mandate.mandate_id)
        .with_for_update()
    )
    return list(found)


async def tell_changed(work: Work, *mandates: Mandate) -> None:
    """Write when they count where their people find them, move their terms, and tell all services. A last act.

    So it is with the mandates of deputies whose turn changes by it.
    """
    turned = await settle_deputies(work, *mandates)
    mandates = tuple({mandate.mandate_id: mandate for mandate in (*mandates, *turned)}.values())
    for mandate in mandates:
        await _write_counts(work, mandate)
        set_terms(work, mandate)
    await publish_mandates(work, *mandates)
    await work.session.flush()
    await warn_of_lack(work, *(gone for gone in mandates if not gone.counts_from <= work.now < gone.counts_until))


async def forget_address(work: Work, mandate_id: UUID) -> None:
    """It is over: by which address its holder was invited is not found any more."""
    await work.session.execute(
        update(Invitation)
        .where(Invitation.tenant_id == work.cell_id, Invitation.invitation_id == mandate_id)
        .values(address_index=None)
    )


async def _write_counts(work: Work, mandate: Mandate) -> None:
    await work.session.execute(
        update(PersonCell)
        .where(PersonCell.person_id == mandate.person_id, PersonCell.tenant_id == work.cell_id)
        .where(PersonCell.mandate_id == mandate.mandate_id)
        .values(ends_at=mandate.ends_at, counts_from=mandate.counts_from, counts_until=mandate.counts_until)
    )


async def tell_given(work: Work, mandate: Mandate) -> None:
    """Tell a new mandate, also a deputy's; a successor ends the turn of the deputy of who was there before."""
    await _stop_in_suspended(work, mandate)
    turned = await settle_deputies(work, mandate)
    for deputy in turned:
        await _write_counts(work, deputy)
        set_terms(work, deputy)
    await publish_mandates(work, mandate, *(deputy for deputy in turned if deputy is not mandate))
    work.session.add(mandate)
    set_terms(work, mandate)


async def _stop_in_suspended(work: Work, mandate: Mandate) -> None:
    """In a suspended cell nothing that is given counts before it is resumed; who gives has its row locked."""
    cell = await work.session.get(Cell, work.cell_id)
    if cell is not None and cell.suspended_at is not None and mandate.role != Role.OVERSIGHT:
        mandate.stop(work.now)
        await work.session.flush()
        await _write_counts(work, mandate)


async def settle_deputies(work: Work, *changed: Mandate) -> list[Mandate]:
    """Have each deputy of the cell count when it is the turn; those for whom that is another one now.

    `changed`: the mandates of this act, which the database does not have so yet.
    """
    if work.cell_id == PLATFORM:
        return []
    in_turn = (Mandate.deputy_when == ABSENT) & (Mandate.ends_at > work.now) & Mandate.end_reason.is_(None)
    here = Mandate.tenant_id == work.cell_id
    deputies = list(
        await work.session.scalars(select(Mandate).where(here, in_turn).order_by(Mandate.mandate_id).with_for_update())
    )
    deputies += [mandate for mandate in changed if mandate.deputy_when == ABSENT and mandate not in deputies]
    if not deputies:
        return []
    holders = {deputy.deputy_of for deputy in deputies}
    of_seats = or_(Mandate.mandate_id.in_(holders), Mandate.role.in_(set(DEPUTIES)))
    seated = {*await work.session.scalars(select(Mandate).where(here, of_seats)), *changed}
    known = {mandate.mandate_id: mandate for mandate in seated}
    away: dict[UUID, list[Absence]] = defaultdict(list)
    for absence in await work.session.scalars(
        select(Absence).where(Absence.tenant_id == work.cell_id, Absence.mandate_id.in_(holders))
    ):
        away[absence.mandate_id].append(absence)
    turned = []
    for deputy in deputies:
        before, holder = (deputy.counts_from, deputy.counts_until), known[deputy.deputy_of or deputy.mandate_id]
        deputy.settle(turn_of(deputy, holder, away[holder.mandate_id], list(seated), work.now))
        if before != (deputy.counts_from, deputy.counts_until):
            turned.append(deputy)
    return turned


def set_terms(work: Work, mandate: Mandate) -> None:
    """What falls due for it by itself; nothing any more for one that was ended."""
    remind(work, mandate)
    if mandate.clearance_ends_at is not None:
        work.at(mandate.next_warning(work.now), "clearance", mandate.mandate_id)
    if mandate.deputy_of is not None:
        ends = (mandate.counts_from, mandate.counts_until)
        work.at(next((at for at in ends if work.now < at < mandate.ends_at), None), "deputy", mandate.mandate_id)


async def lock_organisation(work: Work, organisation_id: UUID) -> tuple[list[Mandate], list[Mandate]]:
    """What its people hold in this cell that is not over, and all stand-ins of the cell, locked."""
    there = (Mandate.organisation_id == organisation_id) & (Mandate.ends_at > work.now)
    mandates = await lock_mandates(work, there)
    people = [
        mandate for mandate in mandates
        if mandate.organisation_id == organisation_id and mandate.state_at(work.now) is not MandateState.ENDED
    ]  # fmt: skip
    return people, [mandate for mandate in mandates if mandate.role in STAND_INS]


def name_changed(work: Work, organisation_id: UUID, mandates: Sequence[Mandate]) -> None:
    """The record says which, and how many there are of them."""
    named = ",".join(str(mandate.mandate_id) for mandate in mandates[:MAX_OBJECTS])
    work.trail.count = len(mandates)
    work.trail.detail |= {"organisation": str(organisation_id), "mandates": named}


async def expect_alone(work: Work, mandate: Mandate, field: str) -> None:
    """Raises MandateExists when another mandate of the person covers some of it, as it is from now on."""
    others = await work.session.scalars(
        select(Mandate).where(
            Mandate.tenant_id == work.cell_id,
            Mandate.person_id == mandate.person_id,
            Mandate.mandate_id != mandate.mandate_id,
            Mandate.ends_at > work.now,
            Mandate.end_reason.is_(None),
        )
    )
    if any(other.covers_some_of(mandate) for other in others):
        raise MandateExists(field=field, expected="a time or towns another mandate of the person does not cover")
