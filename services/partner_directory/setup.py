"""What a cell needs before it takes cases (invariant 20): one table of lines, asked by who opens it and by who reads.

A line is computed from what there is now, so that one that was done is open again when its seat falls empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.policy import SEATS, Role
from services.partner_directory.errors import SetUpIncomplete
from services.partner_directory.find import find_towns
from services.partner_directory.model import Cell, CellState, Mandate

GIVERS = frozenset({Role.MAYOR, Role.COORDINATOR})
FOUNDERS = GIVERS | {Role.HOST}
"""The host gives the first mayor and coordinator; later ones the cell."""
COORDINATOR = frozenset({Role.COORDINATOR})
NEEDED_SEATS = {**SEATS, "coordinator": COORDINATOR, "dpo": frozenset({Role.DPO})}


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is of a cell at a moment: `held` are its mandates valid then by who accepted secrecy."""

    cell: Cell
    nis_codes: tuple[str, ...]
    held: tuple[Mandate, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class LineView:
    """A line now. `since`: when it came to be done, None when nobody noted it; `missing_nis_codes`: of a seat."""

    code: str
    optional: bool
    roles: tuple[Role, ...]
    done: bool
    since: datetime | None
    missing_nis_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a cell needs: who can do it, and how it stands (`done`, `since`, the towns without it)."""

    code: str
    roles: frozenset[Role]
    found: Callable[[Standing], tuple[bool, datetime | None, tuple[str, ...]]]
    optional: bool = False

    def view(self, standing: Standing) -> LineView:
        """How it stands now."""
        done, since, missing = self.found(standing)
        return LineView(self.code, self.optional, tuple(sorted(self.roles)), done, since if done else None, missing)


def _seat(seat: str, roles: frozenset[Role]) -> Line:
    """A seat is held when it is in each town, by somebody whose clearance has not ended (invariant 3)."""

    def found(standing: Standing) -> tuple[bool, datetime | None, tuple[str, ...]]:
        since: dict[str, datetime] = {}
        for mandate in standing.held:
            if mandate.role in NEEDED_SEATS[seat] and _cleared(mandate, standing.now):
                for town in mandate.nis_codes:
                    since[town] = min(mandate.starts_at, since.get(town, mandate.starts_at))
        missing = tuple(sorted(set(standing.nis_codes) - set(since)))
        return not missing, max(since.values(), default=None), missing

    return Line(seat, roles, found)


def _cleared(mandate: Mandate, now: datetime) -> bool:
    return mandate.clearance_ends_at is None or mandate.clearance_ends_at > now


def _said(code: str, roles: frozenset[Role], column: str, at: str = "", *, optional: bool = False) -> Line:
    """What is said of the cell itself."""

    def found(standing: Standing) -> tuple[bool, datetime | None, tuple[str, ...]]:
        return bool(getattr(standing.cell, column)), getattr(standing.cell, at) if at else None, ()

    return Line(code, roles, found, optional)


LINES: tuple[Line, ...] = (
    _seat("mayor", FOUNDERS),
    _seat("coordinator", FOUNDERS),
    _seat("police", GIVERS),
    _seat("prevention", GIVERS),
    _seat("dpo", GIVERS),
    _said("dpia", COORDINATOR | {Role.DPO}, "dpia_reference", "dpia_at"),
    _said("danger_contact", COORDINATOR, "danger_contact", "danger_contact_at"),
    _said("contact", COORDINATOR, "contact", "contact_at"),
    _said("colour", COORDINATOR, "brand_colour", optional=True),
)
"""In the order in which a cell is set up best. Another thing it needs is one more line."""

_HELD = frozenset().union(*NEEDED_SEATS.values())


async def standing_of(work: Work, cell: Cell) -> Standing:
    """What there is of the cell of this act now."""
    towns = (await find_towns(work, [cell.cell_id]))[cell.cell_id]
    found = await work.session.scalars(
        select(Mandate).where(
            Mandate.tenant_id == work.cell_id,
            Mandate.role.in_(sorted(_HELD)),
            Mandate.starts_at <= work.now,
            Mandate.ends_at > work.now,
            Mandate.undertaken_until > work.now,
        )
    )
    return Standing(cell, tuple(town.nis_code for town in towns), tuple(found), work.now)


def lines_of(standing: Standing) -> tuple[LineView, ...]:
    """All lines, in order."""
    return tuple(line.view(standing) for line in LINES)


def require_complete(lines: Sequence[LineView]) -> None:
    """Raises SetUpIncomplete, which names the lines that are not done and not optional."""
    if missing := [line.code for line in lines if not line.done and not line.optional]:
        raise SetUpIncomplete(field="lines", expected="first " + ", ".join(missing))


def allow_open_table(cell: Cell, lines: Sequence[LineView]) -> None:
    """To open it. Raises CellStateForbids, SetUpIncomplete."""
    cell.expect_move(CellState.ACTIVE)
    require_complete(lines)
