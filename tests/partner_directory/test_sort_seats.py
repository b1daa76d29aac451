"""Which cells the rows of a list of many towns are for; the host asks it on the platform."""

from __future__ import annotations

import pytest

from services.kit.errors import CellNotFound, RoleMissing
from services.partner_directory.queries.sort_seats import SortedSeat, SortSeats, sort_seats
from tests.partner_directory.seat_files import seat, sent, sheet
from tests.partner_directory.test_invitations import records
from tests.partner_directory.town import Host, on_platform, present


def told(rows: tuple[SortedSeat, ...]) -> list[tuple[int, str, str]]:
    """Every fault: line, field, code."""
    return [(row.line, fault.field, fault.code) for row in rows for fault in row.faults]


async def test_each_row_has_its_cell_and_other_faults_are_that_cells(host: Host) -> None:
    first, second = await host.town(2), await host.town()
    rows = await host.run(
        sort_seats,
        SortSeats(sent(sheet(
            seat(first, nis_codes=" ".join(first.nis_codes)), seat(second, nis_codes=second.nis_codes[0], email="x"),
            seat(first, nis_codes=first.nis_codes[1], role="sheriff"),
        ))),
    )  # fmt: skip
    assert [row.cell_id for row in rows] == [first.cell_id, second.cell_id, first.cell_id]
    assert told(rows) == []


async def test_a_row_that_is_for_no_one_cell_says_so(host: Host) -> None:
    first, second = await host.town(), await host.town()
    unused = next(code for code in reversed(present("flanders")) if code not in (*first.nis_codes, *second.nis_codes))
    rows = await host.run(
        sort_seats,
        SortSeats(sent(sheet(
            seat(first), seat(first, nis_codes=f"{first.nis_codes[0]} {second.nis_codes[0]}"),
            seat(first, nis_codes=unused), seat(first, nis_codes="240"), seat(first, nis_codes=first.nis_codes[0]),
        ))),
    )  # fmt: skip
    assert [row.cell_id for row in rows] == [None, None, None, None, first.cell_id]
    assert told(rows) == [
        (2, "nis_codes", "FieldMissing"), (3, "nis_codes", "MunicipalityNotInCell"),
        (4, "nis_codes", "MunicipalityNotInCell"), (5, "nis_codes", "FieldMalformed"),
    ]  # fmt: skip


async def test_the_host_alone_asks_and_on_the_platform_alone(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    asked = SortSeats(sent(sheet(seat(town, nis_codes=town.nis_codes[0]))))
    assert await host.run(sort_seats, asked)
    with pytest.raises(CellNotFound):
        await town.as_host(sort_seats, asked)
    for person in (coordinator, on_platform(coordinator), await host.appointed()):
        with pytest.raises((RoleMissing, CellNotFound)):
            await person.run(sort_seats, asked)
    assert await records(host, town.cell_id, "import_seats") == []
