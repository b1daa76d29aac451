"""Lists of seats in words: what a row comes to, what is wrong with it and how to mend it, and an example to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from string import ascii_uppercase

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.problems import Problem
from services.kit.sheets import write_sheet
from services.portal.web.ui.forms import NOT_A_NAME, NOT_AN_ADDRESS
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import NAMES, Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.law import law_title
from services.portal.web.ui.order import name_key
from services.portal.web.ui.sentences import SENTENCES
from services.portal.web.ui.table import TableView

COLUMNS: Mapping[str, str] = {
    "email": _("E-mail address"),
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "kbo_number": _("Enterprise number"),
    "role": _("Role"),
    "nis_codes": _("NIS code"),
    "from": _("First day"),
    "to": _("Last day"),
    "legal_basis": _("Legal basis"),
    "clearance_until": _("Clearance until"),
    "language": _("Language"),
}
"""Each is a name by which the directory knows the column; a test compares."""
STATES: Mapping[str, str] = {
    "new": _("gets a letter"),
    "invited": _("is invited already"),
    "held": _("has this mandate already"),
}
_A_DAY = _("Write a day, such as 24/11/2026.")
_NIS_CODES = _("Write the NIS code of a municipality: five digits. Several have a space between them.")
MENDS: Mapping[tuple[str, str], str] = {
    ("email", "FieldMalformed"): NOT_AN_ADDRESS,
    ("given_name", "FieldMalformed"): NOT_A_NAME,
    ("family_name", "FieldMalformed"): NOT_A_NAME,
    ("kbo_number", "FieldMalformed"): SENTENCES["KboNumberWrong"],
    ("nis_codes", "FieldMalformed"): _NIS_CODES,
    ("nis_codes", "FieldMissing"): _NIS_CODES,
    ("from", "FieldMalformed"): _A_DAY,
    ("to", "FieldMalformed"): _A_DAY,
    ("clearance_until", "FieldMalformed"): _A_DAY,
    ("role", "FieldMissing"): _("Write one of these roles: %(roles)s."),
    ("role", "UnknownCode"): _("Write one of these roles: %(roles)s."),
    ("role", "RoleMissing"): _("This role is not yours to give. Write one of these: %(roles)s."),
    ("legal_basis", "LegalBasisUnknown"): _("Write one of these codes: %(bases)s."),
    ("language", "UnknownCode"): _("Write nl, fr, de or en, or leave it empty."),
}
"""What mends a fault in that column; where nothing stands the sentence of its code does."""
EXAMPLE_DAYS = timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the page tells it; `state` is empty where it has faults."""

    number: int
    name: str
    email: str
    seat: str
    period: str
    state: str
    good: bool
    faults: tuple[str, ...]


def lines_of(
    rows: Iterable[pb.SeatRow], table: TableView, versions: Sequence[pb.LegalBasisVersion], language: Language
) -> list[Line]:
    """All rows, those with faults first, each in the order of the list."""
    told = {
        "roles": ", ".join(roles_of(table, language)), "bases": ", ".join(version.code for version in versions),
    }  # fmt: skip
    return sorted((_line(row, table, told, language) for row in rows), key=lambda line: bool(line.state))


def _line(row: pb.SeatRow, table: TableView, told: Mapping[str, str], language: Language) -> Line:
    faulty = row.state == "faulty"
    role = Labels(language).all("role").get(row.role, row.role)
    towns = ", ".join(table.town_names(row.nis_codes)) if len(table.towns) > 1 and not faulty else ""
    seat = ", ".join(filter(None, [role, row.organisation_name or row.kbo_number, towns]))
    period = f"{_day(getattr(row, 'from'), language)} - {_day(row.to, language)}"
    return Line(
        row.line, f"{row.given_name} {row.family_name}".strip(), row.email, seat[:1].upper() + seat[1:], period,
        "" if faulty else language.text(STATES[row.state]), row.state != "new",
        tuple(fault_in_words(fault, told, language) for fault in row.faults),
    )  # fmt: skip


def fault_in_words(fault: pb.SeatFault, told: Mapping[str, str], language: Language) -> str:
    """Where it is, as spreadsheets call it, and what mends it."""
    sentence = MENDS.get((fault.field, fault.code), SENTENCES.get(fault.code, SENTENCES["FieldMalformed"]))
    earlier = re.search(r"line (\d+)", fault.expected) if fault.code == "SeatTwice" else None
    if earlier:
        return language.text(_("Line %(line)s says the same of this person. Take one of them out."), line=earlier[1])
    mended = language.text(sentence, **(told if "%(" in sentence else {}))
    if fault.field not in COLUMNS:
        return mended
    if not fault.column:
        return f"{language.text(COLUMNS[fault.field])}: {mended}"
    named = language.text(
        _("Column %(letter)s, %(name)s:"), letter=letter_of(fault.column), name=language.text(COLUMNS[fault.field])
    )
    return f"{named} {mended}"


def letter_of(column: int) -> str:
    """As spreadsheets call a column: A for the first, AA after Z."""
    letters = ""
    while column:
        column, place = divmod(column - 1, len(ascii_uppercase))
        letters = ascii_uppercase[place] + letters
    return letters


def missing_columns(problem: Problem, language: Language) -> str:
    """Which columns a list lacks, by the names of the example."""
    named = re.findall(r"\w+", problem.expected or "")
    names = ", ".join(language.text(name) for field, name in COLUMNS.items() if field in named)
    return language.text(_("These columns are missing in the list: %(names)s. Look at the example."), names=names)


def roles_of(table: TableView, language: Language) -> list[str]:
    """The roles the reader gives, in words that a list may say."""
    gives = table.found.cell.gives
    return [name for role, name in Labels(language).all("role").items() if role in gives]


def help_of(
    table: TableView, versions: Sequence[pb.LegalBasisVersion], language: Language
) -> list[tuple[str, str]]:  # fmt: skip
    """What may stand in the columns that have lists of their own."""
    towns = [f"{town.nis_code} {table.town(town.nis_code)}" for town in table.towns]
    return [
        (language.text(COLUMNS["role"]), ", ".join(roles_of(table, language))),
        (language.text(COLUMNS["nis_codes"]), ", ".join(sorted(towns, key=name_key))),
        (language.text(COLUMNS["legal_basis"]), "; ".join(f"{v.code} ({law_title(v, language)})" for v in versions)),
        (language.text(COLUMNS["language"]), ", ".join(NAMES)),
    ]


def example_of(table: TableView, versions: Sequence[pb.LegalBasisVersion], today: date, language: Language) -> bytes:
    """A list with its heading and one invented person, to be filled in."""
    row = {
        "email": "nele.claes@caw.example", "given_name": "Nele", "family_name": "Claes", "kbo_number": "0417.497.106",
        "role": Labels(language).of("role", "participant"), "nis_codes": table.towns[0].nis_code,
        "from": f"{today:%d/%m/%Y}", "to": f"{today + EXAMPLE_DAYS:%d/%m/%Y}",
        "legal_basis": versions[0].code if versions else "", "clearance_until": "", "language": language.code,
    }  # fmt: skip
    return write_sheet([[language.text(name) for name in COLUMNS.values()], [row[field] for field in COLUMNS]])


def _day(written: str, language: Language) -> str:
    """A day in words; as it stands there where it is none."""
    try:
        return language.day(date.fromisoformat(written), weekday=False)
    except ValueError:
        return written
