"""The register of the law these tables rest on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Date, Integer, bindparam, func, literal, select

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.policy import Role
from services.kit.principal import PrincipalKind
from services.partner_directory.model import BasisConfirmation, BasisUse, Cell, LegalBasis, PersonCell, on_platform

# Valid on the day after the last one: what ends on that morning is not.
_RESTING = (
    select(func.coalesce(func.sum(BasisUse.mandates), 0))
    .where(
        BasisUse.legal_basis == LegalBasis.code,
        BasisUse.ends_on > func.coalesce(LegalBasis.in_force_to, bindparam("today", type_=Date)) + literal(1, Integer),
    )
    .scalar_subquery()
)
_CONFIRMED_BY = (
    select(func.count()).where(BasisConfirmation.legal_basis_id == LegalBasis.legal_basis_id).scalar_subquery()
)
_OWN = (
    select(BasisConfirmation, Cell.name)
    .join(Cell, Cell.cell_id == BasisConfirmation.cell_id)
    .where(
        BasisConfirmation.cell_id.in_(
            select(PersonCell.tenant_id).where(
                PersonCell.person_id == bindparam("person"),
                PersonCell.counts_from <= bindparam("now"),
                PersonCell.counts_until > bindparam("now"),
            )
        )
    )
    .order_by(Cell.name, Cell.cell_id)
)
_ALL = select(LegalBasis).order_by(LegalBasis.in_force_from.desc(), LegalBasis.code)


@dataclass(frozen=True, slots=True)
class ListLegalBases:
    """All of it."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That a cell confirmed it."""

    cell_id: UUID
    cell_name: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class RegisteredBasis:
    """A version, how many cells confirmed it, and which of those the caller sits in.

    For the host, how many mandates of all cells rest on its code and outlast its last day, else today.
    """

    basis: LegalBasis
    mandates_beyond: int
    confirmed_by: int
    confirmations: tuple[Confirmation, ...]


async def list_legal_bases(work: Work, query: ListLegalBases) -> tuple[RegisteredBasis, ...]:
    """Every version of every legal basis, the newest first; public data, a few dozen rows at once."""
    on_platform(work.cell_id)
    is_host = work.principal.kind is PrincipalKind.HOST or work.has_role(Role.HOST)
    resting = _RESTING if is_host else literal(0)
    found = await work.session.execute(_ALL.add_columns(resting, _CONFIRMED_BY), {"today": local_date(work.now)})
    own = await _confirmed_at_own_tables(work)
    versions = tuple(
        RegisteredBasis(basis, int(beyond), cells, tuple(own[basis.legal_basis_id])) for basis, beyond, cells in found
    )
    work.trail.count = len(versions)
    return versions


async def _confirmed_at_own_tables(work: Work) -> dict[UUID, list[Confirmation]]:
    """By version: the cells the caller holds a mandate in now that confirmed it, by name."""
    found: dict[UUID, list[Confirmation]] = defaultdict(list)
    for confirmed, name in await work.session.execute(_OWN, {"person": work.actor_id, "now": work.now}):
        found[confirmed.legal_basis_id].append(Confirmation(confirmed.cell_id, name, confirmed.confirmed_at))
    return found
