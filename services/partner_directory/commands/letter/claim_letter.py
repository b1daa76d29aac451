"""A process takes a letter upon itself, so that no other has it sent at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.partner_directory.lettering import locked_letter


@dataclass(frozen=True, slots=True)
class ClaimLetter:
    """The letter of which mandate."""

    mandate_id: UUID


async def claim_letter(work: Work, command: ClaimLetter) -> bool:
    """Claim it for two minutes; whether it still waits. Raises LetterUnderWay. Unrecorded: it opens nothing."""
    letter = await locked_letter(work, command.mandate_id)
    if letter is None:
        return False
    letter.claim(work.now)
    return True
