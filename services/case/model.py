"""Signals, cases and their circle: entities and their rules. Parts and readers: domain.md, "Who reads which part"."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.kit.errors import VersionChanged

TENANT_TABLES = frozenset({"signal", "signal_identity", "signal_content", "circle_entry"})
PERSON_TABLES: frozenset[str] = frozenset()
PLATFORM_TABLES: frozenset[str] = frozenset()

CIRCLE_END = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
"""Of entries that end with the object's own life, not by a date."""


class SignalState(StrEnum):
    """Where a signal stands (domain.md, States)."""

    RECEIVED = "RECEIVED"
    UNDER_CHECK = "UNDER_CHECK"
    NOT_RETAINED = "NOT_RETAINED"
    REDIRECTED = "REDIRECTED"
    PROPOSED = "PROPOSED"


class Part(StrEnum):
    """The four parts of a case."""

    FRAME = "frame"
    IDENTITY = "identity"
    PROPOSAL = "proposal"
    CONTENT = "content"


class Base(DeclarativeBase):
    """Column types of this service: aware UTC moments, text arrays."""

    type_annotation_map = {datetime: TIMESTAMP(timezone=True), list[str]: ARRAY(Text)}


class Versioned:
    """An aggregate that changes only from the version its reader saw (If-Match)."""

    version: Mapped[int] = mapped_column(default=1)

    def expect(self, version: int) -> None:
        """Raises VersionChanged unless the caller saw the present version."""
        if version != self.version:
            raise VersionChanged(field="expected_version", expected="the version last read")


class Signal(Versioned, Base):
    """A concern somebody brought; frame only, no word about the person."""

    __tablename__ = "signal"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    nis_code: Mapped[str]
    urgent: Mapped[bool]
    minor: Mapped[bool]
    language: Mapped[str]
    reporter_id: Mapped[UUID]
    received_at: Mapped[datetime]
    case_id: Mapped[UUID | None]
    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}


class SignalIdentity(Base):
    """Who it is about, sealed: a JSON object of PersonConcerned."""

    __tablename__ = "signal_identity"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(primary_key=True)
    person: Mapped[bytes]


class SignalContent(Base):
    """What was observed and tried, and why the cell; sealed."""

    __tablename__ = "signal_content"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(primary_key=True)
    observed: Mapped[bytes]
    tried: Mapped[bytes]
    reason: Mapped[bytes]


class CircleEntry(Base):
    """Who may see which parts of one case or signal (`object_id`), from when until when; a person or a seat."""

    __tablename__ = "circle_entry"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    object_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    seat: Mapped[str | None]
    nis_code: Mapped[str]
    parts: Mapped[list[str]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    life_domains: Mapped[list[str]]
    invited_by: Mapped[UUID]
    why: Mapped[bytes | None]
