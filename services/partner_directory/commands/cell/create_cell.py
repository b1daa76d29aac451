"""The host opens a cell for one municipality or several."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import text

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.partner_directory.errors import CellExists, UnknownMunicipality
from services.partner_directory.events import cell_created
from services.partner_directory.model import Cell, CellMunicipality, CellState, Municipality, on_platform


@dataclass(frozen=True, slots=True)
class CreateCell:
    """The towns by NIS code; the name is that of the first town when empty, the colour the house's own.

    `contact`: an e-mail address of the municipality, where it is told what the host does here without the cell.
    """

    nis_codes: tuple[str, ...]
    name: str
    brand_colour: str = ""
    contact: str = ""


_KNOW = text("INSERT INTO known_cell VALUES (:cell_id)")


async def create_cell(work: Work, command: CreateCell) -> Receipt:
    """Make a cell, which is set up by its people; each of its towns must be without one."""
    on_platform(work.cell_id)
    towns = await present_towns(work, command.nis_codes)
    cell = Cell(
        cell_id=new_id(),
        name=command.name or towns[0].name,
        state=CellState.SETTING_UP,
        created_at=work.now,
        brand_colour=command.brand_colour,
        contact=command.contact,
        contact_at=work.now if command.contact else None,
    )
    work.session.add(cell)
    await work.session.flush()
    await take_towns(work, cell, sorted(command.nis_codes))
    await work.session.execute(_KNOW, {"cell_id": cell.cell_id})
    work.publish(cell_created(cell, list(command.nis_codes)))
    return Receipt(cell.cell_id, cell.state, 1)


async def present_towns(work: Work, nis_codes: tuple[str, ...]) -> list[Municipality]:
    """The municipalities in the order asked for. Raises UnknownMunicipality and MunicipalityMerged."""
    found = await work.session.scalars(select(Municipality).where(Municipality.nis_code.in_(nis_codes)))
    known = {town.nis_code: town for town in found}
    for nis_code in nis_codes:
        if nis_code not in known:
            raise UnknownMunicipality(field="nis_codes", expected=f"NIS codes of Belgium; {nis_code} is not one")
        known[nis_code].expect_present(local_date(work.now))
    return [known[nis_code] for nis_code in nis_codes]


async def take_towns(work: Work, cell: Cell, nis_codes: list[str]) -> None:
    """Put the towns in the cell, in the order of their codes so that two commands cannot wait for each other."""
    rows = [{"cell_id": cell.cell_id, "nis_code": nis_code, "since": work.now} for nis_code in nis_codes]
    taken = await work.session.scalars(
        insert(CellMunicipality).values(rows).on_conflict_do_nothing().returning(CellMunicipality.nis_code)
    )
    if missing := sorted(set(nis_codes) - set(taken)):
        raise CellExists(field="nis_codes", expected=f"municipalities without a cell; {', '.join(missing)} has one")
