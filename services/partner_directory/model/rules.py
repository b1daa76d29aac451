"""The texts a cell gives itself, in versions: what they are, from which day on, and who accepted them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, not_
from sqlalchemy.orm import Mapped, aliased, mapped_column

from services.partner_directory.errors import RulesDayOutside, RulesStateForbids
from services.partner_directory.model.base import Base, years_after


class RulesKind(StrEnum):
    """How people work together, what organisations agree on, and the secrecy promised in place of the platform's."""

    INTERNAL_RULES = "internal_rules"
    COOPERATION_PROTOCOL = "cooperation_protocol"
    UNDERTAKING = "undertaking"


class RulesState(StrEnum):
    """Where a version is. Only what waits (PROPOSED) goes anywhere."""

    PROPOSED = "PROPOSED"
    DECIDED = "DECIDED"
    SENT_BACK = "SENT_BACK"
    REPLACED = "REPLACED"


RULES_MOVES: Mapping[RulesState, frozenset[RulesState]] = {
    RulesState.PROPOSED: frozenset({RulesState.DECIDED, RulesState.SENT_BACK, RulesState.REPLACED}),
    RulesState.DECIDED: frozenset(),
    RulesState.SENT_BACK: frozenset(),
    RulesState.REPLACED: frozenset(),
}
"""docs/domain.md, States."""


class RulesFormat(StrEnum):
    """As what a version was handed in."""

    TEXT = "text"
    PDF = "pdf"


class RulesStanding(StrEnum):
    """What a version is on a day: not decided (waiting, sent back, replaced), to come, in force, over."""

    WAITING = "waiting"
    SENT_BACK = "sent_back"
    REPLACED = "replaced"
    COMING = "coming"
    IN_FORCE = "in_force"
    PAST = "past"


class Rules(Base):
    """One version of one kind. Its texts and the reason are sealed: what a cell agrees on stays in the cell."""

    __tablename__ = "rules"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    rules_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str]
    format: Mapped[str]
    text_nl: Mapped[bytes | None]
    text_fr: Mapped[bytes | None]
    text_de: Mapped[bytes | None]
    drafted_by: Mapped[UUID]
    drafted_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    in_force_from: Mapped[date | None]
    reason: Mapped[bytes | None]
    upload_id: Mapped[UUID | None]
    file_size: Mapped[int | None]
    reminded_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    def expect_waiting(self) -> None:
        """Raises RulesStateForbids unless it waits for the mayor."""
        if self.state != RulesState.PROPOSED:
            raise RulesStateForbids(field="rules_id", expected="one that waits for the mayor")

    def give_way(self) -> None:
        """Another one of its kind was put before the mayor while it waited."""
        self.state = RulesState.REPLACED

    def decide(self, first_day: date, *, today: date, at: datetime, by: UUID) -> None:
        """In force from that day on. Raises RulesStateForbids, RulesDayOutside."""
        self.expect_waiting()
        latest = years_after(today, 1)
        if not today <= first_day <= latest:
            raise RulesDayOutside(field="from", expected=f"a day from {today} to {latest}")
        self.state, self.in_force_from = RulesState.DECIDED, first_day
        self.decided_at, self.decided_by = at, by

    def send_back(self, reason: bytes, *, at: datetime, by: UUID) -> None:
        """Not so. Raises RulesStateForbids."""
        self.expect_waiting()
        self.state, self.reason, self.decided_at, self.decided_by = RulesState.SENT_BACK, reason, at, by


class RulesPart(Base):
    """A part of a file that was handed in, sealed; `content` is None once nobody can use it any more."""

    __tablename__ = "rules_part"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    upload_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    parts: Mapped[int]
    uploaded_by: Mapped[UUID]
    uploaded_at: Mapped[datetime]
    content: Mapped[bytes | None]


class RulesAcceptance(Base):
    """Accepted: by the person (party of internal rules) or for an organisation (party of a protocol)."""

    __tablename__ = "rules_acceptance"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    rules_id: Mapped[UUID] = mapped_column(primary_key=True)
    party_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    accepted_at: Mapped[datetime]


class CellUndertaking(Base):
    """From which day on a cell has which undertaking of its own; told outside the cell without its text."""

    __tablename__ = "cell_undertaking"
    cell_id: Mapped[UUID] = mapped_column(primary_key=True)
    in_force_from: Mapped[date] = mapped_column(primary_key=True)
    rules_id: Mapped[UUID]


UNDERTAKING_GRACE = timedelta(days=30)
"""So long an undertaking of before counts on after the first day of a new one, that day included (invariant 7)."""


def live_on(day: ColumnElement[date]) -> ColumnElement[bool]:
    """The condition of a decided version that is in force on this day or comes after it."""
    later = aliased(Rules)
    followed = exists().where(
        later.tenant_id == Rules.tenant_id, later.kind == Rules.kind, later.state == RulesState.DECIDED,
        later.in_force_from > Rules.in_force_from, later.in_force_from <= day,
    )  # fmt: skip
    return and_(Rules.state == RulesState.DECIDED, not_(followed))
