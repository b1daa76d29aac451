"""What a cell needs before it takes cases, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.allowed import allowed
from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.partner_directory.model import Cell
from services.partner_directory.setup import LineView, allow_open_table, lines_of, standing_of
from services.partner_directory.vacancies import seats_told


@dataclass(frozen=True, slots=True)
class ReadSetUp:
    """Of the cell the caller addresses."""


@dataclass(frozen=True, slots=True)
class SetUpView:
    """The cell, its lines, and the verbs open to the reader."""

    cell: Cell
    lines: tuple[LineView, ...]
    may: tuple[str, ...]


async def read_set_up(work: Work, query: ReadSetUp) -> SetUpView:
    """Every line, done or not; nobody is named."""
    cell = await work.session.get(Cell, work.cell_id)
    if cell is None:
        raise CellNotFound
    lines = await seats_told(work, lines_of(await standing_of(work, cell)))
    work.trail.count = len(lines)
    verbs = ("set_dpia", "set_danger_contact", "change_contact", "change_brand_colour")
    guards = dict.fromkeys(verbs, _nothing) | {"open_table": lambda: allow_open_table(cell, lines)}
    return SetUpView(cell, lines, allowed(work.may, guards))


def _nothing() -> None:
    """What is said of a cell can be said anew in any state of it."""
