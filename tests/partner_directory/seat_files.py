"""Lists of seats as people send them in tests."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any
from uuid import uuid4

from services.kit.outbox import Receipt
from services.kit.sheets import write_sheet
from services.partner_directory.commands.invitation.import_seats import ImportSeats, import_seats
from services.partner_directory.queries.check_seats import CheckSeats, SeatCheck, check_seats
from tests.harness import Person
from tests.partner_directory.town import LAW, Town

HEADING = (
    "E-mailadres", "Voornaam", "Naam", "KBO", "Functie", "NIS", "Van", "Tot en met", "Rechtsgrond", "Machtiging tot",
    "Taal",
)  # fmt: skip
FIELDS = (
    "email", "given_name", "family_name", "kbo_number", "role", "nis_codes", "from", "to", "legal_basis",
    "clearance_until", "language",
)  # fmt: skip
Cells = dict[str, str]


def seat(town: Town, **cells: str) -> Cells:
    """A row that is in order."""
    return {
        "email": "nele@caw.example", "given_name": "Nele", "family_name": "Claes", "kbo_number": town.kbo_number,
        "role": "deelnemer", "nis_codes": "", "from": "24/11/2026", "to": "23/11/2027", "legal_basis": LAW,
        "clearance_until": "", "language": "",
    } | cells  # fmt: skip


def seat_on(town: Town, first: date, last: date) -> Cells:
    """One of somebody nobody invited yet, for these days."""
    days = {"from": f"{first:%d/%m/%Y}", "to": f"{last:%d/%m/%Y}"}
    return seat(town, email=f"{uuid4().hex}@caw.example", **days)


def many(town: Town, count: int) -> list[Cells]:
    """So many people."""
    return [seat(town, email=f"nele.{number}@caw.example", given_name=f"Nele{number}") for number in range(count)]


def sheet(*rows: Cells) -> bytes:
    """The file."""
    return write_sheet([HEADING, *([row[name] for name in FIELDS] for row in rows)])


def sent(file: bytes) -> str:
    """As it travels."""
    return base64.b64encode(file).decode()


async def checked(who: Person, *rows: Cells) -> SeatCheck:
    """What somebody is told of a list."""
    return await who.run(check_seats, CheckSeats(sent(sheet(*rows))))


async def imported(who: Person, *rows: Cells, **how: Any) -> Receipt:
    """Everybody on it is invited."""
    return await who.run(import_seats, ImportSeats(sent(sheet(*rows))), **how)


def states(check: SeatCheck) -> list[str]:
    """What the rows come to."""
    return [row.state.value for row in check.rows]


def faults(check: SeatCheck) -> list[tuple[int, int, str, str]]:
    """Every fault: line, column, field, code."""
    return [(row.line, fault.column, fault.field, fault.code) for row in check.rows for fault in row.faults]
