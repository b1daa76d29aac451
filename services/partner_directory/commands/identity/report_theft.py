"""Somebody says: that was not me."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select

from services.kit.execute import Work
from services.kit.identities import Revoked
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.principal import PLATFORM
from services.partner_directory.events import identity_enabled
from services.partner_directory.model import PersonCell, Theft, on_platform
from services.partner_directory.revoking import revoke_before
from services.partner_directory.signed_in import end, open_sign_ins


@dataclass(frozen=True, slots=True)
class ReportTheft:
    """By whose token it is asked, that person's."""


async def report_theft(work: Work, command: ReportTheft) -> Receipt:
    """End every sign-in of the caller, this one too, and all tokens issued until now (invariant 15).

    What follows it (the sign-in service, the coordinators of the caller's tables) is a term's: it ends here whatever
    becomes of them.
    """
    on_platform(work.cell_id)
    theft_id, counts = new_id(), (PersonCell.counts_from <= work.now) & (PersonCell.counts_until > work.now)
    tables = select(PersonCell.tenant_id).where(
        PersonCell.person_id == work.actor_id, PersonCell.tenant_id != PLATFORM, counts
    )
    cells = sorted(set(await work.session.scalars(tables)))
    values = {"person_id": work.actor_id, "cell_ids": cells, "reported_at": work.now, "followed_at": None}
    await work.session.execute(insert(Theft).values(tenant_id=PLATFORM, theft_id=theft_id, **values))
    work.at(work.now, "theft", theft_id)
    work.trail.detail["theft"] = str(theft_id)
    await end(work, await open_sign_ins(work))
    await revoke_before(work, work.actor_id, Revoked.SUBJECT, identity_enabled)
    return Receipt(theft_id, "REPORTED", 1)
