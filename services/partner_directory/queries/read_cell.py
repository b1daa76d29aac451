"""One cell of this host, from outside."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.allowed import allowed
from services.kit.asking import Question
from services.kit.errors import NotFound
from services.kit.execute import Work
from services.partner_directory.find import announced_in, find_known_cell, find_towns
from services.partner_directory.founding import FoundingView
from services.partner_directory.model import Cell, CellState, Municipality, on_platform
from services.partner_directory.queries.read_standing import StandingView


@dataclass(frozen=True, slots=True)
class ReadCell:
    """Which cell."""

    host_cell_id: UUID


# The host's people act on the platform, where walls show them no mandate of a cell.
@dataclass(frozen=True, slots=True)
class HowFarIs(Question[StandingView]):
    """What is missing in a cell by its codes, and how many people hold a mandate there."""

    cell_id: UUID


@dataclass(frozen=True, slots=True)
class HostInvitationView:
    """An invitation by which the host founds, and the verbs open to the reader."""

    founding: FoundingView
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HostCellView:
    """The cell, its towns, how far it is, and the verbs open to the reader."""

    cell: Cell
    towns: tuple[Municipality, ...]
    standing: StandingView
    invited: tuple[HostInvitationView, ...]
    may: tuple[str, ...]


async def read_cell(work: Work, query: ReadCell) -> HostCellView:
    """Name, towns, state, contact, codes and counts; nothing of what is in it. Raises CellNotFound."""
    on_platform(work.cell_id)
    cell = await find_known_cell(work, query.host_cell_id)
    towns = (await find_towns(work, [cell.cell_id]))[cell.cell_id]
    announced = await announced_in(work, cell)
    work.trail.detail["cell"] = str(cell.cell_id)
    standing = work.ask(HowFarIs(cell.cell_id))
    guards = {
        "found_seat": lambda: _expect(bool(standing.founds)),
        "withdraw_cell": lambda: cell.expect_unheld(announced=announced),
        "suspend_cell": lambda: cell.expect_move(CellState.SUSPENDED),
        "resume_cell": lambda: cell.expect_state(CellState.SUSPENDED),
    }
    invited = tuple(_invited(work, founding) for founding in standing.founding)
    return HostCellView(cell, towns, standing, invited, allowed(work.may, guards))


def _invited(work: Work, founding: FoundingView) -> HostInvitationView:
    guards = {
        "resend_founding": lambda: _expect(founding.may_come),
        "withdraw_founding": lambda: _expect(founding.open),
    }
    return HostInvitationView(founding, allowed(work.may, guards))


def _expect(there: bool) -> None:
    if not there:
        raise NotFound
