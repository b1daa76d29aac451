"""The register of the law these tables rest on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.model import LegalBasis, on_platform


@dataclass(frozen=True, slots=True)
class ListLegalBases:
    """All of it."""


async def list_legal_bases(work: Work, query: ListLegalBases) -> tuple[LegalBasis, ...]:
    """Every version of every legal basis, the newest first; public data, a few dozen rows at once."""
    on_platform(work.cell_id)
    found = await work.session.scalars(select(LegalBasis).order_by(LegalBasis.in_force_from.desc(), LegalBasis.code))
    versions = tuple(found)
    work.trail.count = len(versions)
    return versions
