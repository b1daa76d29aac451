"""What every change of a mandate has in common: who is locked meanwhile, and that it is told everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from services.kit.audit import MAX_OBJECTS
from services.kit.execute import Work
from services.partner_directory.allowed import STAND_INS
from services.partner_directory.errors import MandateExists, MandateNotFound
from services.partner_directory.events import publish_mandates
from services.partner_directory.model import Mandate, MandateState, PersonCell


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
    """These of the cell and all that may stand in, locked by one statement, always in the same order."""
    found = await work.session.scalars(
        select(Mandate)
        .where(Mandate.tenant_id == work.cell_id)
        .where(or_(those, Mandate.role.in_(STAND_INS) & (Mandate.ends_at > work.now)))
        .order_by(Mandate.mandate_id)
        .with_for_update()
    )
    return list(found)


async def tell_changed(work: Work, *mandates: Mandate) -> None:
    """Write when they count where their people find them, move their terms, and tell all services. A last act."""
    for mandate in mandates:
        await work.session.execute(
            update(PersonCell)
            .where(PersonCell.person_id == mandate.person_id, PersonCell.tenant_id == work.cell_id)
            .where(PersonCell.mandate_id == mandate.mandate_id)
            .values(ends_at=mandate.ends_at, counts_from=mandate.counts_from, counts_until=mandate.counts_until)
        )
        set_terms(work, mandate)
    await publish_mandates(work, *mandates)
    await work.session.flush()


def set_terms(work: Work, mandate: Mandate) -> None:
    """What falls due for it by itself; nothing any more for one that was ended."""
    work.at(None if mandate.end_reason else mandate.ends_at, "mandate", mandate.mandate_id)
    if mandate.clearance_ends_at is not None:
        work.at(mandate.next_warning(work.now), "clearance", mandate.mandate_id)


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
