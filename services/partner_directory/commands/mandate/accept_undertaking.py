"""Somebody with a mandate in the cell accepts secrecy."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from services.kit.clock import local_date
from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.data import current_undertaking
from services.partner_directory.errors import UndertakingTextChanged
from services.partner_directory.events import publish_mandates
from services.partner_directory.inviting import forget_welcome
from services.partner_directory.model import Mandate, MandateState, PersonCell
from services.partner_directory.reminding import remind


@dataclass(frozen=True, slots=True)
class AcceptUndertaking:
    """Version of the text that was shown."""

    text_version: str


async def accept_undertaking(work: Work, command: AcceptUndertaking) -> Receipt:
    """Accept the present text for all own mandates in this cell that are not over (invariant 7)."""
    current = current_undertaking(local_date(work.now)).version
    if command.text_version != current:
        raise UndertakingTextChanged(field="text_version", expected=current)
    mandates = await own_mandates(work)
    if not mandates:
        raise CellNotFound
    for mandate in mandates:
        mandate.undertake(current, at=work.now)
        remind(work, mandate)
        await work.session.execute(
            update(PersonCell)
            .where(PersonCell.person_id == mandate.person_id, PersonCell.tenant_id == work.cell_id)
            .where(PersonCell.mandate_id == mandate.mandate_id)
            .values(undertaken_until=mandate.undertaken_until, undertaken_at=mandate.undertaken_at)
        )
    await forget_welcome(work)
    await publish_mandates(work, *mandates)
    await work.session.flush()
    work.trail.count = len(mandates)
    return Receipt(mandates[0].mandate_id, "ACCEPTED", mandates[0].version)


async def own_mandates(work: Work) -> list[Mandate]:
    """The caller's mandates here that are not over, locked, always in the same order."""
    found = await work.session.scalars(
        select(Mandate)
        .where(Mandate.tenant_id == work.cell_id, Mandate.person_id == work.actor_id, Mandate.ends_at > work.now)
        .order_by(Mandate.mandate_id)
        .with_for_update()
    )
    return [mandate for mandate in found if mandate.state_at(work.now) is not MandateState.ENDED]
