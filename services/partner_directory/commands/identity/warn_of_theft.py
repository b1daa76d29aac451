"""In a cell where somebody sits who reported that a sign-in was another's."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.errors import AlreadyHandled
from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.partner_directory.allowed import STAND_INS
from services.partner_directory.model import Mandate, Notice
from services.partner_directory.noticing import notice


@dataclass(frozen=True, slots=True)
class WarnOfTheft:
    """Which report, and whose."""

    theft_id: UUID
    person_id: UUID


async def warn_of_theft(work: Work, command: WarnOfTheft) -> int:
    """Have coordinators and mayors written to, at once; how many. The letter says that, and not who it was.

    Which mandate is concerned stands in the log of the cell, where the data protection officer looks what was opened
    by it. Raises AlreadyHandled when they were written to of this report.
    """
    told = select(Notice.notice_id).where(
        Notice.tenant_id == work.cell_id, Notice.object_id == command.theft_id,
        Notice.kind == NoticeKind.SIGN_IN_STOLEN,
    )  # fmt: skip
    if await work.session.scalar(told.limit(1)) is not None:
        raise AlreadyHandled
    valid = select(Mandate.mandate_id, Mandate.person_id, Mandate.role).where(
        Mandate.tenant_id == work.cell_id, Mandate.counts_from <= work.now, Mandate.counts_until > work.now,
        Mandate.end_reason.is_(None),
    )  # fmt: skip
    mandates = (await work.session.execute(valid.order_by(Mandate.mandate_id))).all()
    people = {mandate.person_id for mandate in mandates if mandate.role in STAND_INS} - {command.person_id}
    own = [str(mandate.mandate_id) for mandate in mandates if mandate.person_id == command.person_id]
    work.trail.detail |= {"theft": str(command.theft_id), "mandate": ", ".join(own)}
    work.trail.count = len(people)
    for person_id in sorted(people):
        await notice(work, person_id, NoticeKind.SIGN_IN_STOLEN, command.theft_id, urgent=True)
    return len(people)
