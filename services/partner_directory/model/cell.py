"""Cells with their towns, and the organisations around their tables. Public, nothing personal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.kit.codes import ORGANISATION_KINDS
from services.kit.errors import CellNotFound
from services.kit.principal import PLATFORM
from services.partner_directory.errors import CellHeld, CellStateForbids
from services.partner_directory.model.base import Base

INTELLIGENCE_SERVICE = "intelligence_service"
PARTNER_KINDS = frozenset(ORGANISATION_KINDS) - {INTELLIGENCE_SERVICE}


def on_platform(cell_id: UUID) -> None:
    """For what belongs to no cell. Raises CellNotFound when a cell was addressed: it gets no entry in its log."""
    if cell_id != PLATFORM:
        raise CellNotFound


class CellState(StrEnum):
    """Where a cell stands: set up it accepts signals and takes no cases (invariant 20); withdrawn it is not there.

    Suspended it gives nobody anything but oversight, until the host resumes it.
    """

    SETTING_UP = "SETTING_UP"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    WITHDRAWN = "WITHDRAWN"


CELL_MOVES: Mapping[CellState, frozenset[CellState]] = {
    CellState.SETTING_UP: frozenset({CellState.ACTIVE, CellState.SUSPENDED, CellState.WITHDRAWN}),
    CellState.ACTIVE: frozenset({CellState.SUSPENDED}),
    CellState.SUSPENDED: frozenset({CellState.SETTING_UP, CellState.ACTIVE}),
    CellState.WITHDRAWN: frozenset(),
}


class Cell(Base):
    """A round table: one LIVC-R. Public, as its towns are. `brand_colour` is "#rrggbb", empty for the house's own.

    `contact` is an e-mail address of the municipality, of no person; empty when none was given. `dpia_reference` says
    where the data protection impact assessment of `dpia_on` is found, `danger_contact` whom to reach in acute danger;
    both of no person, empty until they are said. The moments ending in `_at` are when each was last said; None: never,
    or before that was noted. `given_at`: since when somebody was given or proposed something in it, which the database
    notes.
    """

    __tablename__ = "cell"
    cell_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    brand_colour: Mapped[str]
    contact: Mapped[str]
    opened_at: Mapped[datetime | None]
    dpia_reference: Mapped[str] = mapped_column(default="")
    dpia_on: Mapped[date | None]
    dpia_at: Mapped[datetime | None]
    danger_contact: Mapped[str] = mapped_column(default="")
    danger_contact_at: Mapped[datetime | None]
    contact_at: Mapped[datetime | None]
    given_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    suspension_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    def expect_move(self, to: CellState) -> None:
        """Raises CellStateForbids for a step that is not in the table."""
        if to not in CELL_MOVES[CellState(self.state)]:
            before = sorted(state for state, following in CELL_MOVES.items() if to in following)
            raise CellStateForbids(field="state", expected=" or ".join(before))

    def expect_state(self, state: CellState) -> None:
        """Raises CellStateForbids for a cell in another one."""
        if self.state != state:
            raise CellStateForbids(field="state", expected=state)

    def suspend(self, reason: str, now: datetime) -> None:
        """From now on nobody but oversight acts in it. Raises CellStateForbids."""
        self.expect_move(CellState.SUSPENDED)
        self.state, self.suspended_at, self.suspension_reason = CellState.SUSPENDED, now, reason

    def resume(self) -> None:
        """It is as it was. Raises CellStateForbids."""
        self.expect_state(CellState.SUSPENDED)
        self.state = CellState.SETTING_UP if self.opened_at is None else CellState.ACTIVE
        self.suspended_at = self.suspension_reason = None

    def expect_unheld(self, *, announced: bool) -> None:
        """Raises CellStateForbids; CellHeld once anybody was given or proposed anything here, or it was announced."""
        self.expect_move(CellState.WITHDRAWN)
        if announced or self.given_at is not None:
            raise CellHeld

    def open_table(self, now: datetime) -> None:
        """It takes cases from now on. Raises CellStateForbids."""
        self.expect_state(CellState.SETTING_UP)
        self.state, self.opened_at = CellState.ACTIVE, now


class CellMunicipality(Base):
    """A town of a cell; a town is in one cell at a time."""

    __tablename__ = "cell_municipality"
    cell_id: Mapped[UUID] = mapped_column(primary_key=True)
    nis_code: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime | None]


class Organisation(Base):
    """A partner, as the public register of enterprises knows it."""

    __tablename__ = "organisation"
    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    kbo_number: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    created_at: Mapped[datetime]
