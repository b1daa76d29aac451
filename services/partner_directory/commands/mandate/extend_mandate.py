"""A mandate gets a later last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.allowed import allow_extend_mandate
from services.partner_directory.changing import expect_alone, locked, tell_changed
from services.partner_directory.invitation import find_legal_bases
from services.partner_directory.model import legal_basis_on


@dataclass(frozen=True, slots=True)
class ExtendMandate:
    """Which mandate, in the version last read, and its new last day, inclusive."""

    mandate_id: UUID
    expected_version: int
    last_day: date


async def extend_mandate(work: Work, command: ExtendMandate) -> Receipt:
    """Extend it as it could be given: five years at most, on a legal basis in force on all days that are left.

    What was promised of secrecy is not longer by that: it is promised anew after the end it had (invariant 7).
    """
    mandate, _ = await locked(work, command.mandate_id)
    allow_extend_mandate(work, mandate, command.expected_version)
    mandate.lengthen(command.last_day)
    left_from = max(local_date(mandate.starts_at), local_date(work.now))
    versions = (await find_legal_bases(work, {mandate.legal_basis})).get(mandate.legal_basis, ())
    legal_basis_on(versions, left_from, command.last_day)
    await expect_alone(work, mandate, "last_day")
    await tell_changed(work, mandate)
    return Receipt(mandate.mandate_id, mandate.state_at(work.now), mandate.version)
