"""A sign-in ended, as the portal says, which signs people in and out."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.kit.identities import Revoked, sign_in_id
from services.kit.identity import SIGN_INS_KEPT
from services.kit.outbox import Receipt
from services.kit.revocations import TIDY
from services.partner_directory.events import sign_in_ended
from services.partner_directory.revoking import revoke


@dataclass(frozen=True, slots=True)
class EndSignIn:
    """The `sid` of its tokens."""

    session_id: str


async def end_sign_in(work: Work, command: EndSignIn) -> Receipt:
    """Its tokens count nowhere within a second (invariant 15). It comes twice: by gRPC at once, and by the outbox."""
    identity_id = sign_in_id(command.session_id)
    await work.session.execute(TIDY, {"before": work.now - SIGN_INS_KEPT})
    await revoke(work, identity_id, Revoked.SESSION, sign_in_ended)
    return Receipt(identity_id, "ENDED", 1)
