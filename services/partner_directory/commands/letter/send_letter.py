"""A letter of ours is handed to the mail server."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.partner_directory.announced import announced_in, find_announcement
from services.partner_directory.model import Letter, LetterKind, next_day, next_hour
from services.partner_directory.noticed import noticed_in
from services.partner_directory.posting import Posted, PostLetter, locked_post


@dataclass(frozen=True, slots=True)
class SendLetter:
    """Which letter."""

    letter_id: UUID


async def send_letter(work: Work, command: SendLetter) -> bool:
    """Hand it in if there is still something to tell; whether it was taken, now or in the act before that was cut off.

    Raises LetterNotTaken, LetterInDoubt and Unavailable: then the term is due again. Taken and noted it is never sent
    again; a process killed between the two is followed by one that sends it once more under the same number, and notes
    that (`doubt`).
    """
    letter = await locked_post(work, command.letter_id)
    if letter is None:
        return False
    asked = PostLetter(work.cell_id, letter.letter_id)
    # What was asked is done, whatever came to pass meanwhile.
    posted = work.answers[asked] if asked in work.answers else await _post(work, letter)
    if posted is None:
        return False
    if posted is Posted.ENOUGH_TODAY:
        work.at(next_day(work.now, urgent=letter.urgent), "letter", letter.letter_id)
        return False
    sent = posted is Posted.TAKEN
    if sent and letter.kind == LetterKind.ANNOUNCEMENT:
        (await find_announcement(work, letter)).sent_at = work.now
    work.trail.count = 1
    work.trail.detail |= {"letter": str(letter.letter_id), "sent": "yes" if sent else "no"}
    if letter.doubtful:
        work.trail.detail["doubt"] = "yes"
    letter.settle(work.now, sent=sent)
    return sent


async def _post(work: Work, letter: Letter) -> Posted | None:
    """What came of it; None when it waits for a better hour."""
    if letter.kind == LetterKind.NOTICES and not letter.urgent and (better := next_hour(work.now)) > work.now:
        work.at(better, "letter", letter.letter_id)
        return None
    found = await (noticed_in if letter.kind == LetterKind.NOTICES else announced_in)(work, letter)
    if found is None:
        return Posted.NOT_WAITING
    to, written = found
    return work.ask(PostLetter(work.cell_id, letter.letter_id, letter.version, to, work.now, written))
