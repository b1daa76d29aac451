"""The files of the list of contacts, read back by a reader of their kind."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from services.kit.sheets import FORMULA
from services.kit.telephone import dialled, dialled_abroad
from services.portal.web.cell.contact_files import as_csv, as_vcards
from services.portal.web.cell.contacts import Line
from services.portal.web.ui.language import Languages

DUTCH = Languages()["nl"]
ISOLATES = "\u2066\u2067\u2068\u2069\u200e\u200f\u202a\u202b"


def line(**changes: Any) -> Line:
    """Somebody of a table."""
    values: dict[str, Any] = {
        "name": "Nele Claes", "given_name": "Nele", "family_name": "Claes", "seats": (("deelnemer", "CAW Kanaal"),),
        "towns": "", "language": "nl", "telephone": "+32470123456", "reachable": "9-16 u", "mine": False,
        "deputies": "",
    }  # fmt: skip
    return Line(**(values | changes))


def rows(file: bytes) -> list[list[str]]:
    """As a spreadsheet of Belgium reads it."""
    text = file.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))


def unfolded(text: str) -> list[str]:
    """The lines of a vCard (RFC 6350, 3.2); none is longer than it may be."""
    assert text.endswith("\r\n")
    physical = text.removesuffix("\r\n").split("\r\n")
    assert max(len(piece.encode()) for piece in physical) <= 75
    assert "\n" not in "".join(physical)
    return "\r\n".join(physical).replace("\r\n ", "").split("\r\n")


def test_every_value_is_quoted_and_a_number_stays_a_text() -> None:
    file = as_csv([line()], DUTCH)
    head, first = rows(file)
    text = file.decode()
    assert head == ["Familienaam", "Voornaam", "Organisatie", "Rol", "Gemeenten", "Telefoon", "Bereikbaar", "Taal"]
    assert first == ["Claes", "Nele", "CAW Kanaal", "deelnemer", "", "'+32 470 12 34 56", "9-16 u", "nl"]
    assert text[1:].splitlines()[1] == '"Claes";"Nele";"CAW Kanaal";"deelnemer";"";"\'+32 470 12 34 56";"9-16 u";"nl"'
    assert text.count("\r\n") == text.count("\n") == 2


@pytest.mark.parametrize("sign", FORMULA)
@pytest.mark.parametrize("field", ["family_name", "given_name", "reachable", "towns"])
def test_nothing_becomes_a_formula(field: str, sign: str) -> None:
    for written in (f"{sign}HYPERLINK(1)", f" {sign}1", f"\xa0{sign}1"):
        (_, first) = rows(as_csv([line(**{field: written})], DUTCH))
        assert [value for value in first if value == f"'{written}"]
        assert not [value for value in first if value.strip()[:1] in FORMULA]
    (_, first) = rows(as_csv([line(seats=((f"{sign}1", f"{sign}2"),))], DUTCH))
    assert not [value for value in first if value[:1] in FORMULA]


@pytest.mark.parametrize("name", ["’t Jonck", "Đorđević", "أحمد", 'Claes; "de" Cock', "van der\\Elst, jr.", "林"])
def test_names_come_back_as_they_are(name: str) -> None:
    person = line(name=name, family_name=name, reachable=name * 12)
    (_, first) = rows(as_csv([person], DUTCH))
    assert (first[0], first[6]) == (name, name * 12)
    card = unfolded(as_vcards([person]))
    read = {key: value for key, _, value in (entry.partition(":") for entry in card)}
    for key, written in (("FN", name), ("NOTE", name * 12)):
        assert plain(read[key]) == written
    assert read["N"].replace("\\;", "").count(";") == 4, "five parts"
    assert not set(ISOLATES) & set(as_csv([person], DUTCH).decode() + as_vcards([person]))


def plain(value: str) -> str:
    """A value of one text, unescaped."""
    for sign in (",", ";", "\\"):
        value = value.replace(f"\\{sign}", sign)
    return value


def test_a_card_has_what_is_told_and_nothing_that_is_not() -> None:
    person = line(seats=(("burgemeester", "Gemeente A"), ("coördinator", "Gemeente A")), reachable="a\nb")
    assert unfolded(as_vcards([person])) == [
        "BEGIN:VCARD", "VERSION:4.0", "KIND:individual", "FN:Nele Claes", "N:Claes;Nele;;;", "ORG:Gemeente A",
        "ROLE:burgemeester", "ROLE:coördinator", 'TEL;VALUE=uri;TYPE="voice,work":tel:+32470123456', "LANG:nl",
        "NOTE:a\\nb", "END:VCARD",
    ]  # fmt: skip
    bare = unfolded(as_vcards([line(telephone="", language="", reachable="")]))
    assert not [entry for entry in bare if entry.startswith(("TEL", "LANG", "NOTE"))]
    assert as_vcards([]) == ""


def test_a_number_is_shown_as_people_dial_it() -> None:
    assert [dialled(number) for number in ("+32470123456", "+3232272121", "+33142685300", "", "nonsense")] == [
        "0470 12 34 56", "03 227 21 21", "+33 1 42 68 53 00", "", "nonsense",
    ]  # fmt: skip
    assert dialled_abroad("+32470123456") == "+32 470 12 34 56"
