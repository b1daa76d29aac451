"""Cases: one person concerned, one purpose, one hard end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.case.errors import CaseStateForbids, ReviewOverdue
from services.case.model.base import Base, Versioned
from services.case.model.states import CASE_MOVES, PAUSES, TABLED, CaseState, sources, wanted

REVIEW_GRACE = timedelta(days=14)
"""How long an overdue review only warns (invariant 11)."""

# A session was planned and held whether or not the news of it came first.
_STEPS_TO_DISCUSSED = {
    CaseState.LISTED: (CaseState.SCHEDULED, CaseState.DISCUSSED),
    CaseState.SCHEDULED: (CaseState.DISCUSSED,),
}


class Case(Versioned, Base):
    """The frame of a case: no person concerned, no free text. The other parts are rows of their own, each walled."""

    __tablename__ = "case_frame"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID]
    code: Mapped[str]
    nis_code: Mapped[str]
    state: Mapped[str]
    paused_from: Mapped[str | None]
    minor: Mapped[bool]
    phenomenon: Mapped[str]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID]
    listed_at: Mapped[datetime | None]
    listed_by: Mapped[UUID | None]
    decision_id: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    case_lead_id: Mapped[UUID | None]
    review_on: Mapped[date | None]

    @property
    def standing(self) -> CaseState:
        """The state, a hold apart: it would betray a judicial inquiry (docs/domain.md, Who reads which part)."""
        held_from = self.paused_from if self.state == CaseState.ON_HOLD else None
        return CaseState(held_from or self.state)

    def move(self, to: CaseState) -> None:
        """Take a step of the table; raises CaseStateForbids for any other."""
        here = CaseState(self.state)
        if to not in CASE_MOVES[here] or (here in PAUSES and to != self.paused_from):
            raise CaseStateForbids(field="state", expected=wanted(sources(CASE_MOVES, to), here))
        self.paused_from = here if to in PAUSES else None
        self.state = to
        self.changed()

    def require(self, *states: CaseState) -> None:
        """Raises CaseStateForbids unless the case is in one of these; a hold does not count."""
        if self.standing not in states:
            raise CaseStateForbids(field="state", expected=wanted(list(states), self.standing))

    def require_tabled(self) -> None:
        """Raises CaseStateForbids unless the table works on the case."""
        self.require(*sorted(TABLED))

    def require_review(self, today: date) -> None:
        """Raises ReviewOverdue when the review date passed more than fourteen days ago (invariant 11)."""
        if self.review_on is not None and today > self.review_on + REVIEW_GRACE:
            raise ReviewOverdue(field="review_on", expected="a review, or a new review date")

    def place_on_list(self, by: UUID, at: datetime) -> None:
        """The mayor's act; never the way out of a hold, and whether the proposal allows it is asked by the command."""
        self.require(CaseState.PROPOSED, CaseState.REOPENED)
        self.move(CaseState.LISTED)
        self.listed_by, self.listed_at = by, at

    def refuse(self) -> None:
        """The mayor's other answer to what may be listed."""
        self.require(CaseState.PROPOSED, CaseState.REOPENED)
        self.move(CaseState.REFUSED)

    def schedule(self) -> bool:
        """A session is planned for it; False when that is no news, such as after the decision of that session."""
        if self.state not in (CaseState.LISTED, CaseState.DISCUSSED):
            return False
        self.move(CaseState.SCHEDULED)
        return True

    def decided_before(self, decision_id: UUID, at: datetime) -> bool:
        """Whether this decision or a newer one was applied already."""
        return self.decision_id == decision_id or (self.decided_at is not None and at <= self.decided_at)

    def decide(self, decision_id: UUID, to: CaseState, at: datetime) -> None:
        """A session decided. Raises CaseStateForbids where the table knows no way to that decision."""
        for step in (*_STEPS_TO_DISCUSSED.get(CaseState(self.state), ()), to):
            self.move(step)
        self.decision_id, self.decided_at = decision_id, at


class CaseIdentity(Base):
    """The person concerned, sealed: a JSON object of PersonConcerned."""

    __tablename__ = "case_identity"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    person: Mapped[bytes]


class CaseProposal(Base):
    """Why it is a case: criteria as JSON, best interest of a minor, the mayor's reasons; all sealed."""

    __tablename__ = "case_proposal"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    criteria_version: Mapped[str]
    criteria: Mapped[bytes]
    best_interest: Mapped[bytes | None]
    list_reasons: Mapped[bytes | None]


class CaseAction(Base):
    """An action of the follow-up plan: who does something in which life domain, by when. Codes and ids only."""

    __tablename__ = "case_action"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    action_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    decision_id: Mapped[UUID]
    life_domain: Mapped[str]
    owner_id: Mapped[UUID]
    due_on: Mapped[date]
    state: Mapped[str]


class KeptDecision(Base):
    """A decision the case could not follow, in `state` when it came. Ids, codes and dates, as the session told it."""

    __tablename__ = "kept_decision"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    nis_code: Mapped[str]
    state: Mapped[str]
    outcome: Mapped[str]
    decided_at: Mapped[datetime]
    case_lead_id: Mapped[UUID | None]
    review_on: Mapped[date | None]
    actions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    kept_at: Mapped[datetime]
