"""Lists of seats as people write them: in four languages, with the faults that spreadsheets make, all named at once."""

from __future__ import annotations

from datetime import date

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.policy import Role
from services.kit.sheets import SheetTooLong, write_sheet
from services.kit.texts import without_accents
from services.partner_directory.data import seat_words
from services.partner_directory.errors import SeatColumnMissing, SeatColumnTwice
from services.partner_directory.seat_list import MOST_SEATS, Invited, Seat, read_seats

HEADING = ("E-mailadres", "Voornaam", "Naam", "KBO-nummer", "Functie", "NIS", "Van", "Tot en met", "Rechtsgrond",
           "Machtiging tot")  # fmt: skip
KARIM = ("Karim@PolitieVaart.example", "Karim", "’t Jonck", "0999.100.295", "Informatieambtenaar", "23088",
         "24/11/2026", "2027-11-23", "law-2018-07-30", "1-1-2028")  # fmt: skip
AS_ASKED = Invited(
    email="karim@politievaart.example",
    given_name="Karim",
    family_name="’t Jonck",
    kbo_number="0999100295",
    role=Role.INFORMATION_OFFICER,
    nis_codes=("23088",),
    first_day=date(2026, 11, 24),
    last_day=date(2027, 11, 23),
    legal_basis="law-2018-07-30",
    clearance_until=date(2028, 1, 1),
)


def read(*rows: tuple[str, ...], heading: tuple[str, ...] = HEADING) -> tuple[Seat, ...]:
    return read_seats(write_sheet([heading, *rows])).seats


def with_cells(**cells: str) -> tuple[str, ...]:
    """Karim's row, other in the columns that are named by their place."""
    return tuple(cells.get(f"c{column}", cell) for column, cell in enumerate(KARIM, start=1))


def test_a_row_is_the_invitation_it_stands_for() -> None:
    assert read(KARIM) == (Seat(2, AS_ASKED),)


@pytest.mark.parametrize("kbo", ["999100295", "BE 0999.100.295", "0999 100 295", "be0999100295"])
def test_a_number_may_be_written_as_people_and_spreadsheets_do(kbo: str) -> None:
    assert read(with_cells(c4=kbo)) == (Seat(2, AS_ASKED),)


@pytest.mark.parametrize("language", range(4))
def test_columns_and_roles_have_their_names_in_every_language(language: int) -> None:
    columns = seat_words()["columns"]
    heading = tuple(names[min(language, len(names) - 1)] for names in columns.values())
    for role, written in seat_words()["roles"].items():
        (seat,) = read(with_cells(c5=written[min(language, len(written) - 1)].upper(), c10=""), heading=heading)
        assert seat.invitation is not None
        assert seat.invitation.role is Role(role)


def test_words_stand_for_one_thing() -> None:
    for words in seat_words().values():
        said = [{without_accents(word).casefold() for word in written} for written in words.values()]
        assert sum(map(len, said)) == len(set().union(*said))
    asked = set(pb.InvitePersonRequest.DESCRIPTOR.fields_by_name) - {"note", "deputy_of", "deputy_when"}
    assert set(seat_words()["columns"]) == asked
    assert set(seat_words()["roles"]) == {role.value for role in Role} - {"host"}


def test_every_fault_of_every_row_is_named_by_line_and_column() -> None:
    wrong = with_cells(c1="karim", c4="0999100296", c5="sheriff", c6="23088 1", c7="31/2/2026", c9="")
    rows = read(KARIM, wrong, with_cells(c2=""))
    assert rows[0] == Seat(2, AS_ASKED)
    assert [(fault.column, fault.field) for fault in rows[1].faults] == [
        (1, "email"), (4, "kbo_number"), (5, "role"), (6, "nis_codes"), (7, "from"), (9, "legal_basis"),
    ]  # fmt: skip
    assert {fault.line for fault in rows[1].faults} == {3}
    assert all(fault.code and fault.expected for fault in rows[1].faults)
    assert [(fault.line, fault.column, fault.field, fault.code) for fault in rows[2].faults] == [
        (4, 2, "given_name", "FieldMissing")
    ]
    assert [row.invitation for row in rows[1:]] == [None, None]


def test_a_column_may_be_anywhere_and_others_are_passed_over() -> None:
    turned = tuple(reversed(HEADING))
    assert read(("een opmerking", *reversed(KARIM)), heading=("Opmerking", *turned)) == (Seat(2, AS_ASKED),)


def test_a_language_is_written_in_any_language() -> None:
    heading = (*HEADING, "Langue")
    for written, code in (("français", "fr"), ("Duits", "de"), ("NL", "nl"), ("", None)):
        (seat,) = read((*KARIM, written), heading=heading)
        assert seat.invitation is not None
        assert seat.invitation.language == code


def test_two_columns_may_be_left_out() -> None:
    heading = tuple(name for name in HEADING if name not in ("NIS", "Machtiging tot"))
    row = tuple(cell for place, cell in enumerate(KARIM) if place not in (5, 9))
    (seat,) = read(row, heading=heading)
    assert seat.invitation is not None
    assert (seat.invitation.nis_codes, seat.invitation.clearance_until) == ((), None)


@pytest.mark.parametrize("left_out", [name for name in HEADING if name not in ("NIS", "Machtiging tot")])
def test_no_other_column_may(left_out: str) -> None:
    heading = tuple("Opmerking" if name == left_out else name for name in HEADING)
    with pytest.raises(SeatColumnMissing):
        read(KARIM, heading=heading)


def test_no_column_stands_there_twice() -> None:
    with pytest.raises(SeatColumnTwice) as refused:
        read((*KARIM, "x"), heading=(*HEADING, "Courriel"))
    assert refused.value.expected == "one column for email, not 1 and 11"


def test_as_many_rows_as_a_list_may_have() -> None:
    assert len(read(*[KARIM] * MOST_SEATS)) == MOST_SEATS
    with pytest.raises(SheetTooLong):
        read(*[KARIM] * (MOST_SEATS + 1))
