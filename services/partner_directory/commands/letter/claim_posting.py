"""A process takes a letter of ours upon itself, so that no other hands it in at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.kit.clock import local_date
from services.kit.execute import Work
from services.partner_directory.model import MOST_LETTERS, MOST_URGENT, Letter
from services.partner_directory.posting import Posted, locked_post

_COUNT = text("""
INSERT INTO letters_of_day AS mine (tenant_id, person_id, urgent, day, taken)
VALUES (:tenant, :person, :urgent, :day, 1)
ON CONFLICT (tenant_id, person_id, urgent) DO UPDATE
SET day = excluded.day, taken = CASE WHEN mine.day = excluded.day THEN mine.taken + 1 ELSE 1 END
WHERE mine.day <> excluded.day OR mine.taken < :most RETURNING taken""")


@dataclass(frozen=True, slots=True)
class ClaimPosting:
    """Which letter, in the version its words were made of."""

    letter_id: UUID
    version: int


async def claim_posting(work: Work, command: ClaimPosting) -> Posted:
    """Claim it for two minutes: TAKEN; unless it waits no more, or its person got enough letters today.

    The day's number is taken with the claim, in one row: two processes cannot both send the last one. Raises
    LetterUnderWay. Unrecorded: it opens nothing, and the sending is recorded.
    """
    letter = await locked_post(work, command.letter_id)
    if letter is None:
        return Posted.NOT_WAITING
    again = letter.claimed_until is not None
    letter.claim(work.now, command.version)
    if not again and not await _within_the_day(work, letter):
        letter.release()
        return Posted.ENOUGH_TODAY
    return Posted.TAKEN


async def _within_the_day(work: Work, letter: Letter) -> bool:
    """Whether its person may get one more; a town's contact has no bound."""
    if letter.person_id is None:
        return True
    await work.session.flush()
    await work.scope_to(letter.person_id)
    values = {
        "tenant": work.cell_id, "person": letter.person_id, "urgent": letter.urgent, "day": local_date(work.now),
        "most": MOST_URGENT if letter.urgent else MOST_LETTERS,
    }  # fmt: skip
    return (await work.session.execute(_COUNT, values)).scalar() is not None
