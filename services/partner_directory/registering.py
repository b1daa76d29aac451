"""The register of legal bases, for the acts that change it: one at a time."""

from __future__ import annotations

from sqlalchemy import select, text

from services.kit.execute import Work
from services.partner_directory.model import LegalBasis

# What holds of the register holds of all its rows together: two acts that do not see each other could break it.
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('legal_basis', 0))")


async def all_versions(work: Work) -> list[LegalBasis]:
    """Every version; to the end of this act nobody else changes any."""
    await work.session.execute(_ALONE)
    return list(await work.session.scalars(select(LegalBasis)))
