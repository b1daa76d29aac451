"""Mayor and coordinator invite from a list: choose it, read what it comes to, and then everybody or nobody."""

from __future__ import annotations

import base64
import csv
import io
from typing import Any

import httpx
import pytest

from deploy.local.browser import forms
from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import RondetafelError
from services.kit.sheets import SheetTooLong, SheetUnreadable, write_sheet
from services.partner_directory.errors import SeatColumnMissing, SeatColumnTwice, SeatsFaulty, TooManyInvitations
from services.partner_directory.seat_list import read_seats
from services.portal.web.cell.seat_routes import MOST_BYTES
from services.portal.web.cell.seat_words import letter_of
from services.portal.web.ui.labels import LISTS, Labels
from services.portal.web.ui.language import Languages
from tests.portal.backends import Backends
from tests.portal.cell.test_inviting_people import asked, law
from tests.portal.conftest import Front
from tests.portal.operations import SOME_ID
from tests.portal.tables import TOWN, calls_of, carried_on, filled, sit

FILE = "E-mailadres;Naam\r\nnele@caw.example;’t Jonck\r\n".encode()
SENT = base64.b64encode(FILE).decode()


def row(**changes: Any) -> pb.SeatRow:
    """Somebody who would be invited."""
    values: dict[str, Any] = {
        "line": 2, "state": "new", "email": "nele@caw.example", "given_name": "Nele", "family_name": "’t Jonck",
        "kbo_number": "0417497106", "organisation_name": "CAW Kanaal", "role": "participant", "nis_codes": [TOWN],
        "from": "2026-03-01", "to": "2027-12-31", "legal_basis": "law-2018-07-30",
    }  # fmt: skip
    return pb.SeatRow(**(values | changes))


def fault(column: int, field: str, code: str, expected: str = "") -> pb.SeatFault:
    """What is wrong in a column."""
    return pb.SeatFault(column=column, field=field, code=code, expected=expected)


def found(*rows: pb.SeatRow) -> pb.SeatCheck:
    """What the directory says of a list."""
    states = [row.state for row in rows]
    return pb.SeatCheck(
        rows=rows, letters=states.count("new"), already=states.count("invited") + states.count("held"),
        faulty=states.count("faulty"), code_until="2026-12-08",
    )  # fmt: skip


async def opened(front: Front, backends: Backends, *rows: pb.SeatRow, role: str = "coordinator") -> str:
    """Where a list is chosen, which would come to these rows."""
    at = await sit(front, backends, role)
    backends.answers["ListLegalBases"] = pb.ListLegalBasesResponse(legal_bases=[law()])
    backends.answers["CheckSeats"] = found(*(rows or (row(),)))
    backends.answers["ImportSeats"] = kit_pb2.Receipt(id=str(SOME_ID), state="INVITED", version=1)
    return f"{at}/mandates/list"


async def chosen(front: Front, path: str, file: bytes = FILE) -> httpx.Response:
    """What a list comes to."""
    return await front.client.post(
        path, data=await filled(front, path, {}), files={"file": ("x.csv", file, "text/csv")}
    )


async def test_a_list_is_read_first_and_then_everybody_on_it_is_invited(front: Front, backends: Backends) -> None:
    path = await opened(front, backends, row(), row(line=3, state="invited"), row(line=4, state="held"))
    between = await chosen(front, path)
    assert between.status_code == 200
    for said in ("Nele ’t Jonck", "nele@caw.example", "Deelnemer, CAW Kanaal", "krijgt een brief", "is al uitgenodigd",
                 "heeft dit mandaat al", "1 brief versturen", "december 2026"):  # fmt: skip
        assert said in between.text, said
    assert (asked(backends, "CheckSeats").file, "ImportSeats" in calls_of(backends)) == (SENT, False)
    for _ in range(2):
        answer = await front.client.post(path, data=carried_on(between))
        assert (answer.status_code, answer.headers["location"]) == (303, f"/cells/{front.cell}/mandates?done=listed")
    calls = [call for call in backends.calls if call.method == "ImportSeats"]
    assert {call.request.file for call in calls} == {SENT}
    assert len({call.metadata["idempotency-key"] for call in calls}) == 1, "a double click is one act"


async def test_with_a_fault_it_says_where_and_how_to_mend_it_and_sends_nothing(
    front: Front, backends: Backends
) -> None:
    wrong = row(
        line=3, state="faulty", role="sheriff", email="nele",
        faults=[
            fault(1, "email", "FieldMalformed"), fault(5, "role", "UnknownCode"), fault(27, "to", "MandateOver"),
            fault(0, "", "SeatTwice", "this seat once; line 2 has it"), fault(9, "legal_basis", "LegalBasisUnknown"),
        ],
    )  # fmt: skip
    path = await opened(front, backends, row(), wrong)
    page = await chosen(front, path)
    assert page.status_code == 422
    for said in (
        "1 rij bevat fouten. Er is nog niemand uitgenodigd.", "Kolom A, E-mailadres: Schrijf één e-mailadres",
        "Kolom E, Rol: Schrijf een van deze rollen: ", "Kolom AA, Laatste dag: ", "Regel 2 zegt hetzelfde",
        "Kolom I, Rechtsgrond: Schrijf een van deze codes: law-2018-07-30.", "Sheriff",
    ):  # fmt: skip
        assert said in page.text, said
    assert "versturen" not in page.text
    assert SENT not in page.text
    assert [form for form in forms(page) if "checked" in form.fields] == []
    again = await front.client.post(
        path, data=forms(page)[-1].fields, files={"file": ("x.csv", FILE, "text/csv")}
    )  # fmt: skip
    assert again.status_code == 422
    assert "ImportSeats" not in calls_of(backends)


async def test_what_changed_meanwhile_stands_at_its_row(front: Front, backends: Backends) -> None:
    path = await opened(front, backends)
    between = await chosen(front, path)
    backends.answers["ImportSeats"] = SeatsFaulty(field="file", expected="no faults, not 1")
    backends.answers["CheckSeats"] = found(row(state="faulty", faults=[fault(7, "from", "MandateExists")]))
    page = await front.client.post(path, data=carried_on(between))
    assert page.status_code == 422
    assert "Kolom G, Eerste dag: Deze persoon heeft dit mandaat al in die periode." in page.text


async def test_all_is_so_already_and_nobody_gets_a_letter(front: Front, backends: Backends) -> None:
    page = await chosen(front, await opened(front, backends, row(state="held")))
    assert "Niemand krijgt een brief." in page.text
    assert "versturen" not in page.text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SheetUnreadable(field="file"), "Bewaar ze als CSV"),
        (SheetTooLong(field="file"), "Maak er meerdere van."),
        (SeatColumnTwice(field="file"), "Twee kolommen van de lijst zeggen hetzelfde."),
        (SeatColumnMissing(field="file", expected="columns for email, to"), "in de lijst: E-mailadres, Laatste dag."),
        (TooManyInvitations(), "aanvaard of ingetrokken"),
    ],
)
async def test_a_list_that_cannot_be_taken_is_told_at_the_file(
    front: Front, backends: Backends, error: RondetafelError, said: str
) -> None:
    path = await opened(front, backends)
    assert (await chosen(front, path)).status_code == 200
    backends.answers["CheckSeats"] = error
    page = await chosen(front, path)
    assert (page.status_code, said in page.text) == (422, True), page.text


async def test_no_list_and_one_that_is_too_long(front: Front, backends: Backends) -> None:
    path = await opened(front, backends)
    for file, said in ((b"", "Kies een lijst."), (b"x" * (MOST_BYTES + 1), "Deze lijst is te lang.")):
        page = await chosen(front, path, file)
        assert (page.status_code, said in page.text) == (422, True)
    assert "CheckSeats" not in calls_of(backends)
    assert (await chosen(front, path, b"x" * MOST_BYTES)).status_code == 200


async def test_the_largest_list_fits_into_the_form_that_carries_it_on(front: Front, backends: Backends) -> None:
    path = await opened(front, backends)
    between = await chosen(front, path, bytes(range(251)) * (MOST_BYTES // 251))
    assert (await front.client.post(path, data=carried_on(between))).status_code == 303


async def test_who_invites_nobody_has_no_such_page(front: Front, backends: Backends) -> None:
    path = await opened(front, backends, role="mayor")
    assert (await front.client.get(path)).status_code == 200
    path = await opened(front, backends, role="participant")
    for address in (path, f"{path}/example"):
        assert (await front.client.get(address)).status_code == 404


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
async def test_the_example_is_a_list_that_is_read(front: Front, backends: Backends, language: str) -> None:
    path = await opened(front, backends)
    answer = await front.client.get(f"{path}/example", headers={"accept-language": language})
    assert answer.headers["content-disposition"] == 'attachment; filename="seats.csv"'
    (seat,) = read_seats(answer.content).seats
    assert seat.invitation is not None, seat.faults
    assert (seat.invitation.role, seat.invitation.nis_codes) == ("participant", (TOWN,))
    heading = next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(heading) == 11


def test_every_word_of_a_role_that_a_page_says_is_known_to_the_list() -> None:
    heading = ["email", "given name", "family name", "kbo", "role", "from", "to", "legal basis"]
    for language in Languages():
        for role in set(LISTS["role"]) - {"host"}:
            said = [
                "a@b.example",
                "A",
                "B",
                "0417497106",
                Labels(language).of("role", role),
                "1/1/2026",
                "1/1/2027",
                "x",
            ]
            (seat,) = read_seats(write_sheet([heading, said])).seats
            assert seat.invitation is not None, (language.code, role, said)
            assert seat.invitation.role == role


@pytest.mark.parametrize(("column", "letter"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (703, "AAA")])
def test_a_column_is_called_as_spreadsheets_do(column: int, letter: str) -> None:
    assert letter_of(column) == letter
