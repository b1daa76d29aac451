"""Somebody with a mandate in the cell accepts secrecy."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.errors import UndertakingTextChanged
from services.partner_directory.events import publish_mandates
from services.partner_directory.inviting import forget_welcome
from services.partner_directory.model import Mandate, MandateState, PersonCell
from services.partner_directory.promising import counts_before, present_undertaking
from services.partner_directory.reminding import remind
from services.partner_directory.ruling import lock_rules_of_cell


@dataclass(frozen=True, slots=True)
class AcceptUndertaking:
    """Version of the text that was shown."""

    text_version: str


async def accept_undertaking(work: Work, command: AcceptUndertaking) -> Receipt:
    """Accept the present text for all own mandates in this cell that are not over (invariant 7)."""
    # Another text is decided on before this act or after it: each mandate gets the end that it gives.
    await lock_rules_of_cell(work)
    present = await present_undertaking(work)
    if command.text_version != present.version:
        raise UndertakingTextChanged(field="text_version", expected=present.version)
    mandates = await own_mandates(work)
    if not mandates:
        raise CellNotFound
    before = await counts_before(work, present)
    for mandate in mandates:
        mandate.undertake(present.version, at=work.now, before=before)
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
