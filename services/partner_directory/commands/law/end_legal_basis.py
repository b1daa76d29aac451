"""A version of a legal basis gets its last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.kit.allowed import expect_version
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.errors import LegalBasisNotFound
from services.partner_directory.model import Register, on_platform
from services.partner_directory.registering import all_versions


@dataclass(frozen=True, slots=True)
class EndLegalBasis:
    """Which version, as it was last read, and the last day it is in force."""

    legal_basis_id: UUID
    expected_version: int
    last_day: date


async def end_legal_basis(work: Work, command: EndLegalBasis) -> Receipt:
    """End it that day. Mandates on it go on to their own end; none is given on it beyond that day."""
    on_platform(work.cell_id)
    versions = await all_versions(work)
    ending = next((version for version in versions if version.legal_basis_id == command.legal_basis_id), None)
    if ending is None:
        raise LegalBasisNotFound
    expect_version(ending.version, command.expected_version)
    Register(versions, local_date(work.now)).give_last_day(ending, command.last_day)
    work.trail.detail["code"] = ending.code
    return Receipt(ending.legal_basis_id, "ENDS", ending.version)
