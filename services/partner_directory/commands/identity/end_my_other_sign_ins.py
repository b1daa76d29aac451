"""Somebody ends all the own sign-ins but the one at hand."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.model import on_platform
from services.partner_directory.signed_in import end, open_sign_ins


@dataclass(frozen=True, slots=True)
class EndMyOtherSignIns:
    """All but the one whose token this is asked with."""


async def end_my_other_sign_ins(work: Work, command: EndMyOtherSignIns) -> Receipt:
    """Their tokens count nowhere within a second (invariant 15). Without any other there is nothing to do."""
    on_platform(work.cell_id)
    own = work.principal.identities
    await end(work, [sign_in for sign_in in await open_sign_ins(work) if sign_in.sign_in_id not in own])
    return Receipt(work.actor_id, "ENDED", 1)
