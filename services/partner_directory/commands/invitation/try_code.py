"""A code is compared with that of an invitation, and counted when it is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from services.kit.execute import Work
from services.partner_directory.inviting import keyed, locked_invitation


@dataclass(frozen=True, slots=True)
class TryCode:
    """Which invitation, and what the code that was typed comes to."""

    invitation_id: UUID
    derived: str = field(repr=False)


async def try_code(work: Work, command: TryCode) -> bytes | None:
    """What is kept of the code, if it is the right one and counts. Unrecorded: the act that asks has its record."""
    invitation = await locked_invitation(work, command.invitation_id)
    if invitation is None:
        return None
    code_hash = await keyed(work, command.derived)
    return code_hash if invitation.try_code(code_hash, work.now) else None
