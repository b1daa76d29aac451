"""The data protection officer of a cell confirms a legal basis."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.kit.allowed import expect_version
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.errors import LegalBasisConfirmed, LegalBasisNotFound, LegalBasisOver
from services.partner_directory.model import BasisConfirmation, LegalBasis


@dataclass(frozen=True, slots=True)
class ConfirmLegalBasis:
    """Which version, as it was last read."""

    legal_basis_id: UUID
    expected_version: int


async def confirm_legal_basis(work: Work, command: ConfirmLegalBasis) -> Receipt:
    """Confirm it for this cell, once; one that is over needs it no more. Which person did, the log alone keeps."""
    of_that_id = LegalBasis.legal_basis_id == command.legal_basis_id
    basis = await work.session.scalar(select(LegalBasis).where(of_that_id))
    if basis is None:
        raise LegalBasisNotFound
    expect_version(basis.version, command.expected_version)
    if basis.in_force_to is not None and basis.in_force_to < local_date(work.now):
        raise LegalBasisOver(field="legal_basis_id", expected=f"one that is not over; this was {basis.span}")
    added = await work.session.scalar(
        insert(BasisConfirmation)
        .values(legal_basis_id=basis.legal_basis_id, cell_id=work.cell_id, confirmed_at=work.now)
        .on_conflict_do_nothing()
        .returning(BasisConfirmation.cell_id)
    )
    if added is None:
        raise LegalBasisConfirmed(field="legal_basis_id", expected="one the cell has not confirmed yet")
    work.trail.detail["code"] = basis.code
    return Receipt(basis.legal_basis_id, "CONFIRMED", basis.version)
