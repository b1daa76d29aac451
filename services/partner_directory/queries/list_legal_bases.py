"""The register of the law these tables rest on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Date, Integer, bindparam, func, literal, select

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.policy import Role
from services.kit.principal import PrincipalKind
from services.partner_directory.model import BasisUse, LegalBasis, on_platform

# Valid on the day after the last one: what ends on that morning is not.
_RESTING = (
    select(func.coalesce(func.sum(BasisUse.mandates), 0))
    .where(
        BasisUse.legal_basis == LegalBasis.code,
        BasisUse.ends_on > func.coalesce(LegalBasis.in_force_to, bindparam("today", type_=Date)) + literal(1, Integer),
    )
    .scalar_subquery()
)
_ALL = select(LegalBasis).order_by(LegalBasis.in_force_from.desc(), LegalBasis.code)


@dataclass(frozen=True, slots=True)
class ListLegalBases:
    """All of it."""


@dataclass(frozen=True, slots=True)
class RegisteredBasis:
    """A version; for the host, how many mandates of all cells rest on its code and outlast its last day, else today."""

    basis: LegalBasis
    mandates_beyond: int


async def list_legal_bases(work: Work, query: ListLegalBases) -> tuple[RegisteredBasis, ...]:
    """Every version of every legal basis, the newest first; public data, a few dozen rows at once."""
    on_platform(work.cell_id)
    is_host = work.principal.kind is PrincipalKind.HOST or work.has_role(Role.HOST)
    resting = _RESTING if is_host else literal(0)
    found = await work.session.execute(_ALL.add_columns(resting), {"today": local_date(work.now)})
    versions = tuple(RegisteredBasis(basis, int(number)) for basis, number in found)
    work.trail.count = len(versions)
    return versions
