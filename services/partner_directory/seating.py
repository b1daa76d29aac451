"""A list of seats held against a cell: what each row comes to there, and every fault, before anybody is invited."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import select

from services.kit.clock import local_date
from services.kit.errors import Conflict, Denied, Invalid, RondetafelError
from services.kit.execute import Work
from services.kit.fields import FieldMalformed
from services.kit.policy import Role
from services.kit.principal import PrincipalKind
from services.partner_directory.errors import (
    CellFounded,
    InvitationExists,
    LegalBasisUnknown,
    MandateExists,
    OrganisationUnknown,
    SeatsFaulty,
    SeatTwice,
)
from services.partner_directory.invitation import (
    Asked,
    InOrder,
    choose_towns,
    find_legal_bases,
    may_found,
    put_in_order,
    require_legal_basis,
    towns_of_cell,
    towns_to_give,
)
from services.partner_directory.inviting import address_index, expect_room
from services.partner_directory.model import (
    FOUNDING,
    LegalBasis,
    Municipality,
    Organisation,
    Window,
    clearance_end,
)
from services.partner_directory.places import Place, There, find_there, place_of
from services.partner_directory.seat_list import Invited, Seat, SeatFault, SeatList, read_seats

MOST_BYTES = 512 * 1024
TOLD = 5
"""So many faults are told to who would have invited; all of them are to who only looks."""
Found = TypeVar("Found")


class SeatState(StrEnum):
    """What a row comes to: a new invitation, one that waits already, a mandate that is held already, or nothing."""

    NEW = "new"
    INVITED = "invited"
    HELD = "held"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class CheckedSeat:
    """A row, what it comes to, and what is wrong with it; `fitting` is the mandate where nothing is."""

    seat: Seat
    state: SeatState
    faults: tuple[SeatFault, ...] = ()
    fitting: InOrder | None = None


@dataclass(frozen=True, slots=True)
class CheckedList:
    """All rows of a list, in their order."""

    seats: tuple[CheckedSeat, ...]

    @property
    def new(self) -> tuple[tuple[Invited, InOrder], ...]:
        """Who is to be invited, and to what."""
        return tuple(
            (checked.seat.invitation, checked.fitting)
            for checked in self.seats
            if checked.state is SeatState.NEW and checked.seat.invitation and checked.fitting
        )

    def expect_faultless(self) -> None:
        """Raises SeatsFaulty with the first faults: where, and what would be right; never what stands there."""
        faults = [fault for checked in self.seats for fault in checked.faults]
        if faults:
            told = "; ".join(f"line {fault.line}, column {fault.column}: {_said(fault)}" for fault in faults[:TOLD])
            raise SeatsFaulty(field="file", expected=f"no faults, not {len(faults)}: {told}")


async def check_list(work: Work, file: str) -> CheckedList:
    """Hold a file, as base64, against the cell. Raises what `read_list` raises, TooManyInvitations."""
    found = await read_list(file)
    cell = await _look_up(work, found)
    looked = [_look_at(work, cell, found, seat) for seat in found.seats]
    checked = await _compare(work, cell, found, looked)
    await expect_room(work, len(checked.new))
    return checked


async def read_list(file: str) -> SeatList:
    """The rows of a file that came as base64. Raises FieldMalformed, and what `read_seats` raises."""
    return await asyncio.to_thread(read_seats, _decoded(file))


def _decoded(file: str) -> bytes:
    try:
        decoded = base64.b64decode(file, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if not 0 < len(decoded) <= MOST_BYTES:
        raise FieldMalformed(field="file", expected=f"1 to {MOST_BYTES} bytes as base64")
    return decoded


def _said(fault: SeatFault) -> str:
    return " ".join(filter(None, (fault.field, f"{fault.code},", fault.expected)))


@dataclass(frozen=True, slots=True)
class _Cell:
    """What all rows are held against, looked up once. `founds`: what the host still founds; None for who is of here."""

    towns: Sequence[Municipality]
    organisations: Mapping[str, Organisation]
    bases: Mapping[str, Sequence[LegalBasis]]
    founds: frozenset[Role] | None
    today: date

    def registered(self, kbo_number: str) -> Organisation:
        """Raises OrganisationUnknown."""
        if kbo_number not in self.organisations:
            raise OrganisationUnknown(field="kbo_number", expected="a registered organisation")
        return self.organisations[kbo_number]

    def versions(self, code: str) -> Sequence[LegalBasis]:
        """Raises LegalBasisUnknown."""
        if code not in self.bases:
            raise LegalBasisUnknown(field="legal_basis", expected="a code of the list of legal bases")
        return self.bases[code]


async def _look_up(work: Work, found: SeatList) -> _Cell:
    read = [seat.nearest for seat in found.seats if seat.nearest]
    organisations = await work.session.scalars(
        select(Organisation).where(Organisation.kbo_number.in_({invited.kbo_number for invited in read}))
    )
    founds = None
    if work.principal.kind is PrincipalKind.HOST:
        founds = frozenset([role for role in FOUNDING if await may_found(work, role)])
    return _Cell(
        await towns_of_cell(work, work.cell_id),
        {organisation.kbo_number: organisation for organisation in organisations},
        await find_legal_bases(work, {invited.legal_basis for invited in read}),
        founds,
        local_date(work.now),
    )


@dataclass(slots=True)
class _Looks:
    """What the rules of the cell say of one row: each is asked whose own fields are without fault."""

    faulty: set[str]
    errors: list[RondetafelError] = field(default_factory=list)

    def take(self, fields: Collection[str], look: Callable[[], Found]) -> Found | None:
        """What a rule answers; None where it cannot be asked, or refuses."""
        if self.faulty.isdisjoint(fields):
            try:
                return look()
            except (Invalid, Denied, Conflict) as error:
                self.errors.append(error)
        return None


def _look_at(work: Work, cell: _Cell, found: SeatList, seat: Seat) -> CheckedSeat:
    if seat.nearest is None:
        return CheckedSeat(seat, SeatState.FAULTY, seat.faults)
    looks = _Looks({fault.field for fault in seat.faults})
    fitting = _fitting(work, cell, asked_of(seat.nearest), looks)
    faults = (*seat.faults, *(found.fault(seat.line, error) for error in looks.errors))
    ordered = tuple(sorted(faults, key=lambda fault: fault.column))
    return CheckedSeat(seat, SeatState.FAULTY if faults else SeatState.NEW, ordered, fitting)


def _fitting(work: Work, cell: _Cell, asked: Asked, looks: _Looks) -> InOrder | None:
    """The mandate a row asks for, by the rules of a single invitation (`in_order`), each of them asked."""
    towns = looks.take(
        ("role", "nis_codes"), lambda: choose_towns(cell.towns, asked.nis_codes, towns_to_give(work, asked.role))
    )
    window = looks.take(("from", "to"), lambda: Window.of(asked.first_day, asked.last_day, cell.today))
    organisation = looks.take(("kbo_number",), lambda: cell.registered(asked.kbo_number))
    if window is not None:
        period = window
        looks.take(("role", "clearance_until"), lambda: clearance_end(asked.role, asked.clearance_until, period))
    versions = looks.take(("legal_basis",), lambda: cell.versions(asked.legal_basis))
    if towns is None or window is None or organisation is None or versions is None:
        return None
    named, partner, law = towns, organisation, versions
    looks.take(("legal_basis",), lambda: require_legal_basis(law, period, partner, named))
    if looks.faulty or looks.errors:
        return None
    return put_in_order(asked, window, towns, organisation, versions)


def asked_of(invited: Invited) -> Asked:
    """What a row asks for, without the person."""
    return Asked(
        invited.kbo_number, invited.role, invited.nis_codes, invited.first_day, invited.last_day, invited.legal_basis,
        invited.clearance_until,
    )  # fmt: skip


async def _compare(work: Work, cell: _Cell, found: SeatList, looked: Sequence[CheckedSeat]) -> CheckedList:
    """Rows among each other, and with who is invited or came by an invitation: by the address, which is in no table."""
    there = await find_there(work)
    before: dict[bytes, list[tuple[int, Place]]] = {}
    seats: list[CheckedSeat] = []
    for checked in looked:
        fitting, invited = checked.fitting, checked.seat.invitation
        if fitting is None or invited is None:
            seats.append(checked)
            continue
        index = await address_index(work, invited.email)
        earlier = before.setdefault(index, [])
        state = _state(cell, fitting, there.get(index, ()), earlier)
        earlier.append((checked.seat.line, place_of(fitting)))
        if isinstance(state, SeatState):
            seats.append(replace(checked, state=state))
        else:
            fault = found.fault(checked.seat.line, state)
            seats.append(replace(checked, state=SeatState.FAULTY, faults=(fault,), fitting=None))
    return CheckedList(tuple(seats))


def _state(
    cell: _Cell, fitting: InOrder, there: Sequence[There], earlier: Sequence[tuple[int, Place]]
) -> SeatState | RondetafelError:
    """What a row in order comes to, of somebody who has these seats already, here and earlier in the list."""
    wanted = place_of(fitting)
    twice = next((line for line, place in earlier if place.meets(wanted)), None)
    if twice is not None:
        return SeatTwice(expected=f"this seat once; line {twice} has it")
    for seat in there:
        if seat.says(fitting):
            return SeatState.HELD if seat.mandate else SeatState.INVITED
    for seat in there:
        if not seat.place.meets(wanted):
            continue
        if seat.mandate:
            return MandateExists(field="from", expected="a time or towns the present mandate does not cover")
        return InvitationExists(field="email", expected="somebody who is not invited to some of this already")
    if cell.founds is not None and fitting.asked.role not in cell.founds:
        return CellFounded(field="role", expected="the first mayor or coordinator of a cell that has none yet")
    return SeatState.NEW
