"""What a list of seats would come to: every row, every fault by line and column, before anybody is invited."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from services.kit.errors import Invalid
from services.kit.fields import FieldMalformed
from services.kit.policy import Role
from services.kit.sheets import SheetUnreadable
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.mandate.change_mandate import ChangeMandate, change_mandate
from services.partner_directory.errors import SeatColumnMissing
from services.partner_directory.queries.check_seats import CheckSeats, check_seats
from tests.partner_directory.seat_files import (
    FIELDS,
    HEADING,
    Cells,
    checked,
    faults,
    imported,
    seat,
    sent,
    sheet,
    states,
)
from tests.partner_directory.test_import_seats import comes, invitation_to
from tests.partner_directory.town import LAW, Host

NAMES = ("’t Jonck", "Đorđević", "أحمد", "Zoë d'Hondt")


def saved(rows: list[Cells], *, delimiter: str = ";", encoding: str = "utf-8", first: str = "") -> bytes:
    """As a spreadsheet saves it."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\r\n").writerows(
        [HEADING, *([row[name] for name in FIELDS] for row in rows)]
    )
    return (first + written.getvalue()).encode(encoding)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
async def test_a_file_is_read_however_it_was_saved(host: Host, delimiter: str, encoding: str) -> None:
    town, coordinator = await host.town_with_coordinator()
    rows = [seat(town, email=f"p{place}@caw.example", family_name=name) for place, name in enumerate(NAMES)]
    for first in ("", f"sep={delimiter}\r\n"):
        file = saved(rows, delimiter=delimiter, encoding=encoding, first=first)
        check = await coordinator.run(check_seats, CheckSeats(sent(file)))
        assert [row.family_name for row in check.rows] == list(NAMES)
        assert states(check) == ["new"] * 4
        assert [row.line for row in check.rows] == [number + bool(first) for number in (2, 3, 4, 5)]


async def test_the_old_one_of_windows_and_quotes_with_line_breaks(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    rows = [seat(town, family_name="Noël\r\nGérard", email="a@caw.example"), seat(town, email="b@caw.example")]
    check = await coordinator.run(check_seats, CheckSeats(sent(saved(rows, encoding="cp1252"))))
    assert [(row.line, row.family_name) for row in check.rows] == [(2, "Noël Gérard"), (4, "Claes")]


async def test_what_a_row_says_is_told_as_it_was_understood(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator(2)
    police = await host.organisation("local_police")
    row = seat(
        town, email="Karim@Politie.example", role="Informatieambtenaar", clearance_until="1-1-2028", language="FR",
        kbo_number=police, nis_codes=town.nis_codes[0],
    )  # fmt: skip
    (found,) = (await checked(coordinator, row)).rows
    assert (found.email, found.role, found.first_day, found.clearance_until, found.language) == (
        "karim@politie.example", "information_officer", "2026-11-24", "2028-01-01", "fr",
    )  # fmt: skip
    assert (found.nis_codes, found.organisation_name) == ((town.nis_codes[0],), "Partner")


WRONG: dict[str, tuple[str, str, str]] = {
    "email": ("nele", "email", "FieldMalformed"),
    "given_name": ("", "given_name", "FieldMissing"),
    "family_name": ("123", "family_name", "FieldMalformed"),
    "kbo_number": ("0999999922", "kbo_number", "OrganisationUnknown"),
    "role": ("sheriff", "role", "UnknownCode"),
    "nis_codes": ("11001", "nis_codes", "MunicipalityNotInCell"),
    "from": ("31/2/2026", "from", "FieldMalformed"),
    "to": ("1/1/2026", "to", "MandateReversed"),
    "legal_basis": ("law-of-nobody", "legal_basis", "LegalBasisUnknown"),
    "clearance_until": ("1/1/2028", "clearance_until", "ClearanceNotAsked"),
    "language": ("Klingon", "language", "UnknownCode"),
}


@pytest.mark.parametrize("column", FIELDS)
async def test_a_fault_in_each_column_is_told_at_its_place(host: Host, column: str) -> None:
    town, coordinator = await host.town_with_coordinator()
    written, field, code = WRONG[column]
    check = await checked(coordinator, seat(town, email="fine@caw.example"), seat(town, **{column: written}))
    assert states(check) == ["new", "faulty"]
    assert faults(check) == [(3, FIELDS.index(column) + 1, field, code)]
    assert check.rows[1].faults[0].expected
    assert (check.letters, check.already, check.faulty) == (1, 0, 1)


async def test_every_fault_of_a_row_is_told_at_once_in_the_order_of_its_columns(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    row = seat(town, email="x", kbo_number="0999999922", role="toezicht", nis_codes="11001", to="1/1/2020",
               legal_basis="nothing")  # fmt: skip
    assert [fault[2:] for fault in faults(await checked(coordinator, row))] == [
        ("email", "FieldMalformed"), ("kbo_number", "OrganisationUnknown"), ("role", "RoleMissing"),
        ("to", "MandateReversed"), ("legal_basis", "LegalBasisUnknown"),
    ]  # fmt: skip


async def test_a_mayor_is_no_matter_of_the_coordinators(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    row = seat(town, role="burgemeester")
    assert [fault[3] for fault in faults(await checked(coordinator, row))] == ["RoleMissing"]
    assert states(await checked(await town.sworn(Role.MAYOR), row)) == ["new"]


async def test_one_seat_stands_there_once_and_one_person_may_have_two(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator(2)
    one, other = town.nis_codes
    check = await checked(
        coordinator,
        seat(town, nis_codes=one), seat(town, role="verslaggever"), seat(town, nis_codes=other),
        seat(town, email="NELE@caw.example", to="1/1/2028"),
    )  # fmt: skip
    assert states(check) == ["new", "new", "new", "faulty"]
    assert faults(check) == [(5, 0, "", "SeatTwice")]
    assert check.rows[3].faults[0].expected == "this seat once; line 2 has it"


async def test_other_days_for_the_same_seat_are_told_before_anybody_is_invited_twice(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator(2)
    await imported(coordinator, seat(town))
    longer = seat(town, to="1/1/2028")
    assert faults(await checked(coordinator, longer)) == [(2, 1, "email", "InvitationExists")]
    invitation = await invitation_to(coordinator, "nele@caw.example")
    person = await comes(town, invitation)
    assert states(await checked(coordinator, seat(town))) == ["held"]
    assert faults(await checked(coordinator, longer)) == [(2, 7, "from", "MandateExists")]
    await coordinator.run(change_mandate, ChangeMandate(person.mandate_id, 1, (town.nis_codes[0],), None))
    assert faults(await checked(coordinator, seat(town))) == [(2, 7, "from", "MandateExists")]
    assert states(await checked(coordinator, seat(town, nis_codes=town.nis_codes[0]))) == ["held"]
    assert states(await checked(coordinator, seat(town, nis_codes=town.nis_codes[1]))) == ["new"]


async def test_who_was_invited_singly_is_found_as_well(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    command = replace(town.invitation(), email="nele@caw.example", legal_basis=LAW)
    await coordinator.run(invite_person, command)
    assert states(await checked(coordinator, seat(town, email="Nele@CAW.example"))) == ["invited"]
    await host.harness.database.unwalled(
        "UPDATE invitation SET address_index = NULL WHERE tenant_id = $1", town.cell_id
    )
    assert states(await checked(coordinator, seat(town))) == ["invited"], "one of before there was an index"


@pytest.mark.parametrize(
    ("file", "error"),
    [
        ("?", FieldMalformed), ("", FieldMalformed), (sent(b"x" * (512 * 1024 + 1)), FieldMalformed),
        (sent(b"PK\x03\x04"), SheetUnreadable), (sent(b"E-mail;Naam\r\na;b\r\n"), SeatColumnMissing),
    ],
)  # fmt: skip
async def test_what_is_no_list_is_told(host: Host, file: str, error: type[Invalid]) -> None:
    town, coordinator = await host.town_with_coordinator()
    assert await coordinator.run(check_seats, CheckSeats(sent(sheet(seat(town)))))
    with pytest.raises(error) as refused:
        await coordinator.run(check_seats, CheckSeats(file))
    assert refused.value.field == "file"
