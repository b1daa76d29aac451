"""Something waits for a person: kept for the next letter to them from this cell (decision 68).

A letter is of one cell and one person, so two tables never meet in one.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text, update

from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.notices import NoticeKind
from services.partner_directory.model import GATHERED_FOR, Letter, LetterKind, Notice, next_hour
from services.partner_directory.posting import add_letter

# Two acts that have something for the same person wait for each other here, so that both go into one letter.
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:place, 0))")


async def notice(
    work: Work, person_id: UUID, kind: NoticeKind, object_id: UUID, *, code: str = "", urgent: bool = False,
    until: datetime | None = None,
) -> bool:  # fmt: skip
    """Have the person written to that this waits; whether it is not in a waiting letter already.

    What is not urgent gathers for half an hour and keeps to the hours of letters. `until`: from then on it is of no
    use. To be called after everything that can refuse, for several people in the order of their ids; on the platform
    in an act about that person alone (`scope_to`).
    """
    await work.session.execute(_ALONE, {"place": f"{work.cell_id}|{person_id}"})
    letter = await _waiting_letter(work, person_id, urgent=urgent)
    if letter is None:
        letter = _new_letter(work, person_id, urgent=urgent)
    elif await _is_in(work, letter, kind, object_id):
        return False
    else:
        letter.version += 1
    await work.session.flush()
    work.session.add(
        Notice(
            tenant_id=work.cell_id,
            notice_id=new_id(),
            letter_id=letter.letter_id,
            person_id=person_id,
            kind=kind,
            object_id=object_id,
            code=code,
            asked_at=work.now,
            until=until,
        )
    )
    await work.session.flush()
    return True


async def notice_over(work: Work, kind: NoticeKind, object_id: UUID, person_ids: tuple[UUID, ...] = ()) -> set[UUID]:
    """It waits no more for these people, or for nobody: what was not sent yet is not sent. Whom it is spared."""
    waiting = select(Letter.letter_id).where(Letter.tenant_id == work.cell_id, Letter.settled_at.is_(None))
    over = (
        update(Notice)
        .where(Notice.tenant_id == work.cell_id, Notice.object_id == object_id, Notice.kind == kind)
        .where(Notice.over_at.is_(None), Notice.letter_id.in_(waiting))
    )
    if person_ids:
        over = over.where(Notice.person_id.in_(person_ids))
    spared = await work.session.scalars(over.values(over_at=work.now).returning(Notice.person_id))
    return set(spared)


async def _waiting_letter(work: Work, person_id: UUID, *, urgent: bool) -> Letter | None:
    """The one that nobody has in hand."""
    found = select(Letter).where(
        Letter.tenant_id == work.cell_id, Letter.person_id == person_id, Letter.urgent == urgent,
        Letter.settled_at.is_(None), Letter.claimed_until.is_(None),
    )  # fmt: skip
    return await work.session.scalar(found.order_by(Letter.letter_id).limit(1).with_for_update())


def _new_letter(work: Work, person_id: UUID, *, urgent: bool) -> Letter:
    letter = Letter(
        tenant_id=work.cell_id,
        letter_id=new_id(),
        kind=LetterKind.NOTICES,
        person_id=person_id,
        urgent=urgent,
        made_at=work.now,
        version=1,
    )
    add_letter(work, letter, work.now if urgent else next_hour(work.now + GATHERED_FOR))
    return letter


async def _is_in(work: Work, letter: Letter, kind: NoticeKind, object_id: UUID) -> bool:
    same = select(Notice.notice_id).where(
        Notice.tenant_id == work.cell_id, Notice.letter_id == letter.letter_id, Notice.kind == kind,
        Notice.object_id == object_id, Notice.over_at.is_(None),
    )  # fmt: skip
    return await work.session.scalar(same.limit(1)) is not None
