"""Letters of our own, from the act that wants one to the mail server: who gets it, what it says, when it was taken.

Written with the act and sent by a term (decision 68), so no act waits for a mail server. What is handed in is asked
for under a claim: by one process at a time, and after everything that can say that it is not needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from services.kit.asking import Question
from services.kit.execute import Work
from services.partner_directory.model import Announcement, Letter, LetterKind


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a person is written to; `language` is that of the account, empty when it has none."""

    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Reach(Question[Reached | None]):
    """How the sign-in service reaches this person; None for who has no account that counts."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class Written:
    """What a letter says: paragraphs, each with a path of the pages to go to or an empty one.

    Plain text and HTML are made of it; `language` is what most of it is in. It MUST hold no name, no content and
    nothing of a person (invariant 18): its way is not ours.
    """

    subject: str
    paragraphs: tuple[tuple[str, str], ...]
    language: str


class Posted(StrEnum):
    """What came of a letter."""

    TAKEN = "TAKEN"
    ENOUGH_TODAY = "ENOUGH_TODAY"
    NOT_WAITING = "NOT_WAITING"


@dataclass(frozen=True, slots=True)
class PostLetter(Question[Posted]):
    """Hand this letter to the mail server. What is asked is done; it is the same question whatever the letter says."""

    cell_id: UUID
    letter_id: UUID
    version: int = field(default=0, compare=False)
    to: str = field(default="", compare=False)
    at: datetime | None = field(default=None, compare=False)
    written: Written | None = field(default=None, compare=False)


def tell_town(work: Work, announcement: Announcement) -> None:
    """Announce it, and have the municipality written to as soon as this act is committed."""
    work.session.add(announcement)
    letter = Letter(
        tenant_id=work.cell_id,
        letter_id=announcement.announcement_id,
        kind=LetterKind.ANNOUNCEMENT,
        urgent=True,
        made_at=work.now,
        version=1,
    )
    add_letter(work, letter, work.now)


def add_letter(work: Work, letter: Letter, at: datetime) -> None:
    """Have a letter sent from that moment on."""
    work.session.add(letter)
    work.at(at, "letter", letter.letter_id)


async def locked_post(work: Work, letter_id: UUID) -> Letter | None:
    """A letter while it waits, locked."""
    return await work.session.scalar(
        select(Letter)
        .where(Letter.tenant_id == work.cell_id, Letter.letter_id == letter_id, Letter.settled_at.is_(None))
        .with_for_update()
    )
