"""The mail server did not take a letter of ours, and said so or was not there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.kit.clock import local_date
from services.kit.execute import Work
from services.partner_directory.posting import locked_post

_UNCOUNT = text("""
UPDATE letters_of_day SET taken = taken - 1
WHERE tenant_id = :tenant AND person_id = :person AND urgent = :urgent AND day = :day AND taken > 0""")


@dataclass(frozen=True, slots=True)
class ReleasePosting:
    """Which letter."""

    letter_id: UUID


async def release_posting(work: Work, command: ReleasePosting) -> None:
    """Let others try; it counts for no day. May run twice. Unrecorded: that it was not taken is recorded."""
    letter = await locked_post(work, command.letter_id)
    if letter is None or letter.claimed_until is None:
        return
    letter.release()
    await work.session.flush()
    if letter.person_id is not None:
        await work.scope_to(letter.person_id)
        values = {
            "tenant": work.cell_id,
            "person": letter.person_id,
            "urgent": letter.urgent,
            "day": local_date(work.now),
        }
        await work.session.execute(_UNCOUNT, values)
