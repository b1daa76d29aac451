"""An entry of the cell's questions and answers is taken off the page."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.case.errors import AnswerNotFound
from services.case.model import TaughtAnswer
from services.kit.allowed import expect_version
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.outbox import Receipt


@dataclass(frozen=True, slots=True)
class WithdrawAnswer:
    """Which entry."""

    answer_id: UUID
    expected_version: int


async def withdraw_answer(work: Work, command: WithdrawAnswer) -> Receipt:
    """Its text is gone from now on. Raises AnswerNotFound, VersionChanged, AnswerStateForbids."""
    found = select(TaughtAnswer).where(
        TaughtAnswer.tenant_id == work.cell_id, TaughtAnswer.answer_id == command.answer_id
    )
    entry = await work.session.scalar(found.with_for_update())
    if entry is None:
        raise AnswerNotFound
    expect_version(entry.version, command.expected_version)
    entry.withdraw(local_date(work.now))
    return Receipt(entry.answer_id, "WITHDRAWN", entry.version)
