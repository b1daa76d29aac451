"""Somebody ends one of the own sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.errors import SignInNotFound
from services.partner_directory.model import on_platform
from services.partner_directory.signed_in import end, open_sign_ins


@dataclass(frozen=True, slots=True)
class EndMySignIn:
    """Which of the caller's."""

    sign_in_id: UUID


async def end_my_sign_in(work: Work, command: EndMySignIn) -> Receipt:
    """Its tokens count nowhere within a second (invariant 15). Raises SignInNotFound: it is over, or another's."""
    on_platform(work.cell_id)
    mine = [sign_in for sign_in in await open_sign_ins(work) if sign_in.sign_in_id == command.sign_in_id]
    if not mine:
        raise SignInNotFound
    await end(work, mine)
    return Receipt(command.sign_in_id, "ENDED", 1)
