"""What a cell needs before it takes cases (invariant 20): one table of lines, asked by who opens it and by who reads.

A line is computed from what there is now, so that one that was done is open again when its seat falls empty.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import BindParameter, Text, bindparam, cast, func, select

from services.kit.clock import day_starts_at, local_date
from services.kit.execute import Work
from services.kit.policy import SEATS, Role
from services.partner_directory.errors import SetUpIncomplete
from services.partner_directory.find import find_towns
from services.partner_directory.model import Cell, CellState, Mandate
from services.partner_directory.ruling import AGREED_FROM

GIVERS = frozenset({Role.MAYOR, Role.COORDINATOR})
FOUNDERS = GIVERS | {Role.HOST}
"""The host gives the first mayor and coordinator; later ones the cell."""
COORDINATOR = frozenset({Role.COORDINATOR})
NEEDED_SEATS = {**SEATS, "coordinator": COORDINATOR, "dpo": frozenset({Role.DPO})}


class Held(Protocol):
    """A mandate, as far as it counts here."""

    @property
    def role(self) -> str: ...
    @property
    def nis_codes(self) -> Sequence[str]: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def clearance_ends_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Seat:
    """The same by itself."""

    role: str
    nis_codes: Sequence[str]
    starts_at: datetime
    clearance_ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is of a cell at a moment: `held` are its mandates valid then by who accepted secrecy.

    `agreed_from`: since which day internal rules or a protocol are in force, None without any. `deputies`: who stands
    in for a coordinator, when it is their turn; who asks only what is needed may leave them out.
    """

    cell: Cell
    nis_codes: tuple[str, ...]
    held: Sequence[Held]
    now: datetime
    agreed_from: date | None
    deputies: Sequence[Held] = ()


class SeatStanding(StrEnum):
    """How far a seat is that nobody holds, the furthest first."""

    UNCLEARED = "uncleared"
    LATER = "later"
    SUSPENDED = "suspended"
    UNSWORN = "unsworn"
    INVITED = "invited"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat of a town that nobody holds, and how far it is."""

    nis_code: str
    standing: SeatStanding


@dataclass(frozen=True, slots=True)
class LineView:
    """A line now. `since`: when it came to be done, None when nobody noted it; `missing_nis_codes`: of a seat.

    `seats`: the same, with how far each is (`seats_told`).
    """

    code: str
    optional: bool
    roles: tuple[Role, ...]
    done: bool
    since: datetime | None
    missing_nis_codes: tuple[str, ...] = ()
    seats: tuple[SeatView, ...] = ()


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
        held = (mandate for mandate in standing.held if mandate.role in NEEDED_SEATS[seat])
        return _in_each_town(standing, held)

    return Line(seat, roles, found)


def _deputies(standing: Standing) -> tuple[bool, datetime | None, tuple[str, ...]]:
    return _in_each_town(standing, standing.deputies)


def _in_each_town(standing: Standing, held: Iterable[Held]) -> tuple[bool, datetime | None, tuple[str, ...]]:
    since: dict[str, datetime] = {}
    for mandate in held:
        if _cleared(mandate, standing.now):
            for town in mandate.nis_codes:
                since[town] = min(mandate.starts_at, since.get(town, mandate.starts_at))
    missing = tuple(sorted(set(standing.nis_codes) - set(since)))
    return not missing, max(since.values(), default=None), missing


def _agreed(standing: Standing) -> tuple[bool, datetime | None, tuple[str, ...]]:
    first = standing.agreed_from
    return first is not None, day_starts_at(first) if first else None, ()


def _cleared(mandate: Held, now: datetime) -> bool:
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
    Line("rules", GIVERS, _agreed),
    _said("dpia", COORDINATOR | {Role.DPO}, "dpia_reference", "dpia_at"),
    _said("danger_contact", COORDINATOR, "danger_contact", "danger_contact_at"),
    _said("contact", COORDINATOR, "contact", "contact_at"),
    Line("deputy", GIVERS, _deputies, optional=True),
    _said("colour", COORDINATOR, "brand_colour", optional=True),
)
"""In the order in which a cell is set up best. Another thing it needs is one more line."""

_ROLES = sorted(frozenset().union(*NEEDED_SEATS.values()))
_NOW: BindParameter[datetime] = bindparam("now")
COUNTS = (
    Mandate.role.in_(_ROLES) & (Mandate.counts_from <= _NOW) & (Mandate.counts_until > _NOW)
    & (Mandate.undertaken_until > _NOW)
)  # fmt: skip
"""Which mandates count at the moment `now`."""
SEATS_HELD = cast(
    func.json_agg(
        func.json_build_array(Mandate.role, Mandate.nis_codes, Mandate.starts_at, Mandate.clearance_ends_at)
    ).filter(COUNTS),
    Text,
)
"""The same as one column of a statement over the mandates of a cell, for `seats_in`."""


def seats_in(held: str | None) -> tuple[Seat, ...]:
    """What the column SEATS_HELD says."""
    return tuple(
        Seat(role, towns, datetime.fromisoformat(begun), datetime.fromisoformat(cleared) if cleared else None)
        for role, towns, begun, cleared in json.loads(held or "[]")
    )


STANDS_BY = (
    (Mandate.role == Role.COORDINATOR) & Mandate.deputy_of.is_not(None) & Mandate.end_reason.is_(None)
    & Mandate.suspended_at.is_(None) & (Mandate.ends_at > _NOW) & (Mandate.undertaken_until > _NOW)
)  # fmt: skip
"""Which mandates are of somebody who can stand in for a coordinator, whoever's turn it is."""


async def standing_of(work: Work, cell: Cell) -> Standing:
    """What there is of the cell of this act now."""
    towns = (await find_towns(work, [cell.cell_id]))[cell.cell_id]
    here = select(Mandate).where(Mandate.tenant_id == work.cell_id)
    held = (await work.session.scalars(here.where(COUNTS), {"now": work.now})).all()
    deputies = (await work.session.scalars(here.where(STANDS_BY), {"now": work.now})).all()
    agreed = await work.session.scalar(select(AGREED_FROM), {"tenant": work.cell_id, "today": local_date(work.now)})
    return Standing(cell, tuple(town.nis_code for town in towns), held, work.now, agreed, deputies)


def lines_of(standing: Standing) -> tuple[LineView, ...]:
    """All lines, in order."""
    return tuple(line.view(standing) for line in LINES)


def missing_in(lines: Sequence[LineView]) -> list[str]:
    """The lines that are not done and not optional."""
    return [line.code for line in lines if not line.done and not line.optional]


def require_complete(lines: Sequence[LineView]) -> None:
    """Raises SetUpIncomplete, which names them."""
    if missing := missing_in(lines):
        raise SetUpIncomplete(field="lines", expected="first " + ", ".join(missing))


def allow_open_table(cell: Cell, lines: Sequence[LineView]) -> None:
    """To open it. Raises CellStateForbids, SetUpIncomplete."""
    cell.expect_state(CellState.SETTING_UP)
    require_complete(lines)
