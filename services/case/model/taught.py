"""What a cell learnt from questions, in the words of its coordinator."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.case.errors import AnswerStateForbids
from services.case.model.base import Base, Versioned


class TaughtAnswer(Versioned, Base):
    """An entry of the cell's questions and answers: a sealed text of the whole cell, gone once it is withdrawn."""

    __tablename__ = "taught_answer"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    answer_id: Mapped[UUID] = mapped_column(primary_key=True)
    published_on: Mapped[date]
    withdrawn_on: Mapped[date | None]
    entry: Mapped[bytes | None]

    def withdraw(self, today: date) -> None:
        """Take it off the page. Raises AnswerStateForbids when it is off already."""
        if self.withdrawn_on is not None:
            raise AnswerStateForbids(field="state", expected="an entry that is on the page")
        self.withdrawn_on, self.entry = today, None
        self.changed()
