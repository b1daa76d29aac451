"""The host invites the first mayor or the first coordinator of a cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.find import find_known_cell
from services.partner_directory.founding import Founder, FoundThere
from services.partner_directory.model import on_platform


@dataclass(frozen=True, slots=True)
class FoundSeat:
    """In which cell, and as `InvitePerson`: who, for which organisation, as what, where, when, on which basis."""

    host_cell_id: UUID
    email: str
    given_name: str
    family_name: str
    kbo_number: str
    role: Role
    nis_codes: tuple[str, ...]
    first_day: date
    last_day: date
    legal_basis: str
    language: str | None = None


async def found_seat(work: Work, command: FoundSeat) -> Receipt:
    """The letter goes, and the answer is the same whether the person was known before or not.

    Raises CellNotFound, CellFounded and what inviting raises. Of somebody who acts for the host nothing is said here:
    that is asked when they come.
    """
    on_platform(work.cell_id)
    await find_known_cell(work, command.host_cell_id)
    work.trail.detail |= {"cell": str(command.host_cell_id), "seat": command.role}
    founder = Founder(
        command.email, command.given_name, command.family_name, command.kbo_number, command.role, command.nis_codes,
        command.first_day, command.last_day, command.legal_basis, command.language,
    )  # fmt: skip
    receipt = work.ask(FoundThere(command.host_cell_id, founder))
    work.trail.detail["invitation"] = str(receipt.id)
    return receipt
