"""Cases: one person concerned, one purpose, one hard end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.case.errors import CaseStateForbids
from services.case.model.base import Base, Versioned
from services.case.model.standing import CaseStanding
from services.case.model.states import FOLLOWED, PAUSES, CaseState

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
    urgent: Mapped[bool]
    phenomenon: Mapped[str]
    unchecked: Mapped[str]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID]
    listed_at: Mapped[datetime | None]
    listed_by: Mapped[UUID | None]
    refused_at: Mapped[datetime | None]
    refused_by: Mapped[UUID | None]
    decision_id: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    case_lead_id: Mapped[UUID | None]
    review_on: Mapped[date | None]
    invited_at: Mapped[datetime | None]
    relied_at: Mapped[datetime | None]
    inform_by: Mapped[date | None]
    """The last day to inform the person concerned (invariant 22); none once that is done, and off the list."""

    @property
    def stands(self) -> CaseStanding:
        """Where it stands now, and what it allows there."""
        paused_from = CaseState(self.paused_from) if self.paused_from else None
        return CaseStanding(
            self.nis_code, CaseState(self.state), paused_from, self.review_on, self.version, self.relied_at is not None,
            self.refused_at,
        )  # fmt: skip

    @property
    def standing(self) -> CaseState:
        """The state, a hold apart."""
        return self.stands.apart_from_hold

    def move(self, to: CaseState) -> None:
        """Take a step of the table; raises CaseStateForbids for any other."""
        self.stands.require_case_move(to)
        self.paused_from = self.state if to in PAUSES else None
        self.state = to
        self.changed()

    def place_on_list(self, by: UUID, at: datetime) -> None:
        """The mayor's act; never the way out of a hold, and whether the proposal allows it is asked by the command."""
        self.stands.require_before_mayor(CaseState.LISTED)
        self.move(CaseState.LISTED)
        self.listed_by, self.listed_at = by, at

    def refuse(self, by: UUID, at: datetime) -> None:
        """The mayor's other answer to what may be listed."""
        self.stands.require_before_mayor(CaseState.REFUSED)
        self.move(CaseState.REFUSED)
        self.refused_by, self.refused_at = by, at

    def reconsider(self, at: datetime) -> None:
        """The mayor takes the answer back, as if none was given. Raises AnswerStands where somebody relied on it."""
        self.stands.require_reconsidered(at)
        self.move(CaseState.PROPOSED)
        self.listed_by = self.listed_at = self.refused_by = self.refused_at = None

    def rely(self, at: datetime) -> None:
        """Somebody goes by the mayor's answer; it stands from now on."""
        self.relied_at = self.relied_at or at

    def schedule(self) -> bool:
        """A session is planned for it; False when that is no news, such as after the decision of that session."""
        if self.state not in (CaseState.LISTED, CaseState.DISCUSSED):
            return False
        self.move(CaseState.SCHEDULED)
        return True

    def unschedule(self) -> bool:
        """No session is planned for it any more; False when that is no news. Paused meanwhile, it comes back listed."""
        if self.state == CaseState.SCHEDULED:
            self.move(CaseState.LISTED)
        elif self.paused_from == CaseState.SCHEDULED:
            self.paused_from = CaseState.LISTED
            self.changed()
        else:
            return False
        return True

    def decided_before(self, decision_id: UUID, at: datetime) -> bool:
        """Whether this decision or a newer one was applied already."""
        return self.decision_id == decision_id or (self.decided_at is not None and at <= self.decided_at)

    def decide(self, decision_id: UUID, to: CaseState, at: datetime) -> None:
        """A session decided. Raises CaseStateForbids where the table knows no way to that decision.

        That nothing is to be done any more ends a follow-up: it was, so the case is closed.
        """
        if self.state in PAUSES:
            raise CaseStateForbids(field="state", expected=f"a case that is not paused; it is {self.state}")
        if to is CaseState.CLOSED_NO_ACTION and self.state in FOLLOWED:
            to = CaseState.CLOSED
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


class InformationNote(Base):
    """What was said of the duty to inform the person concerned; the newest counts. Codes and days only."""

    __tablename__ = "information"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    nis_code: Mapped[str]
    answer: Mapped[str]
    day: Mapped[date]
    why: Mapped[str | None]
    said_by: Mapped[UUID]
    said_at: Mapped[datetime]


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
