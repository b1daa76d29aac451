"""A mandate that is asked for: who may give it for which towns, and whether it is in order on that day.

From the moment a cell has a mayor its mandates are given by the cell (invariant 24). Before, the host founds it: it
gives the first coordinator and the first mayor. Everything else the host can only propose.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from services.kit.clock import local_date
from services.kit.errors import CellNotFound, RoleMissing
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.policy import Role
from services.kit.principal import PrincipalKind
from services.partner_directory.errors import LegalBasisUnknown, MunicipalityNotInCell
from services.partner_directory.giving import organisation_of
from services.partner_directory.model import (
    FOUNDING,
    GIVEN_BY_COORDINATOR,
    PROPOSED_BY_HOST,
    Cell,
    CellMunicipality,
    CellState,
    GivenBy,
    Invitation,
    LegalBasis,
    Mandate,
    MandateState,
    Municipality,
    Organisation,
    Proposal,
    Window,
    clearance_end,
    legal_basis_on,
)
from services.partner_directory.model import (
    GIVES as GIVES,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody is to be, for which organisation, where, when, on which basis; no towns means all one may give.

    `deputy_of`: the mandate of whoever this one stands in for, `deputy_when` at which turn.
    """

    kbo_number: str
    role: Role
    nis_codes: tuple[str, ...]
    first_day: date
    last_day: date
    legal_basis: str
    clearance_until: date | None
    deputy_of: UUID | None = None
    deputy_when: str | None = None


@dataclass(frozen=True, slots=True)
class InOrder:
    """The same, looked up and found to be in order today."""

    asked: Asked
    window: Window
    nis_codes: tuple[str, ...]
    organisation: Organisation
    clearance_ends_at: datetime | None

    def mandate(self, work: Work, person_id: UUID, given_by: GivenBy, by: Invitation | None = None) -> Mandate:
        """The mandate of that person: of who came by this invitation, else given by the caller of this act."""
        return Mandate(
            tenant_id=work.cell_id,
            mandate_id=by.invitation_id if by else new_id(),
            person_id=person_id,
            organisation_id=self.organisation.organisation_id,
            organisation_kind=self.organisation.kind,
            role=self.asked.role,
            nis_codes=sorted(self.nis_codes),
            starts_at=self.window.starts_at,
            ends_at=self.window.ends_at,
            legal_basis=self.asked.legal_basis,
            clearance_ends_at=self.clearance_ends_at,
            invited_by=by.invited_by if by else work.actor_id,
            invited_at=work.now,
            given_by=given_by,
            version=1,
        )


async def in_order(work: Work, asked: Asked, own: frozenset[str] | None, cell_id: UUID | None = None) -> InOrder:
    """Everything that can refuse a mandate before anybody is asked who the person is.

    `own`: None means all towns. `cell_id`: for which cell, when it is asked from outside.
    """
    window = Window.of(asked.first_day, asked.last_day, local_date(work.now))
    towns = choose_towns(await towns_of_cell(work, cell_id or work.cell_id), asked.nis_codes, own)
    organisation = await organisation_of(work, asked.kbo_number)
    versions = (await find_legal_bases(work, {asked.legal_basis})).get(asked.legal_basis, ())
    return put_in_order(asked, window, towns, organisation, versions)


def put_in_order(
    asked: Asked, window: Window, towns: Sequence[Municipality], organisation: Organisation,
    versions: Sequence[LegalBasis],
) -> InOrder:  # fmt: skip
    """The same, looked up: the last that can refuse it. Raises what legal basis and clearance raise."""
    require_legal_basis(versions, window, organisation, towns)
    clearance_ends_at = clearance_end(asked.role, asked.clearance_until, window)
    return InOrder(asked, window, tuple(town.nis_code for town in towns), organisation, clearance_ends_at)


def towns_to_give(work: Work, role: Role) -> frozenset[str] | None:
    """The towns the caller may give this role for; None, for the host, means all. Raises RoleMissing."""
    if work.principal.kind is PrincipalKind.HOST:
        may, own = PROPOSED_BY_HOST, None
    else:
        mine = [mandate for mandate in work.facts.mandates if mandate.role in GIVES]
        may = frozenset().union(*(GIVES[mandate.role] for mandate in mine))
        own = frozenset(town for mandate in mine if role in GIVES[mandate.role] for town in mandate.nis_codes)
    if role not in may:
        raise RoleMissing(field="role", expected="one of " + ", ".join(sorted(may)))
    return own


@dataclass(frozen=True, slots=True)
class Answering:
    """What of a cell decides who may answer the host: its towns, and those that nobody is left to answer for."""

    towns: tuple[Municipality, ...]
    without_mayor: frozenset[str]
    without_giver: frozenset[str]


async def find_answering(work: Work) -> Answering:
    """The towns of the cell, and who can say yes there now."""
    towns = tuple(await towns_of_cell(work, work.cell_id))
    found = await work.session.scalars(
        select(Mandate).where(Mandate.tenant_id == work.cell_id, Mandate.role.in_(set(GIVES)))
    )
    active = [mandate for mandate in found if mandate.state_at(work.now) is MandateState.ACTIVE]
    every = frozenset(town.nis_code for town in towns)
    mayors = {town for mandate in active if mandate.role == Role.MAYOR for town in mandate.nis_codes}
    return Answering(towns, every - mayors, every - {town for mandate in active for town in mandate.nis_codes})


def towns_to_confirm(work: Work, role: Role, cell: Answering) -> frozenset[str]:
    """The towns the caller may say yes for to the host: the own, and those that nobody is left to answer for.

    A delegate is the mayor's alone. So is a mayor; for a town without one any mayor or coordinator of the cell says
    yes. Raises RoleMissing.
    """
    own: set[str] = set()
    for mandate in work.facts.mandates:
        coordinator_may = mandate.role is Role.COORDINATOR and role in GIVEN_BY_COORDINATOR | {Role.OVERSIGHT}
        if mandate.role is Role.MAYOR or coordinator_may:
            own.update(mandate.nis_codes)
    if role is not Role.MAYOR_DELEGATE:
        own |= cell.without_mayor if role is Role.MAYOR else cell.without_giver
    if not own:
        raise RoleMissing(field="proposal_id", expected="the mayor")
    return frozenset(own)


def allow_confirm_proposal(
    work: Work, proposal: Proposal, cell: Answering, organisation: Organisation, versions: Sequence[LegalBasis]
) -> None:
    """Whether the caller may say yes to it today, whoever the person turns out to be. Raises what `in_order` raises."""
    proposal.expect_open(proposal.version)
    asked = asked_in(proposal)
    own = towns_to_confirm(work, asked.role, cell)
    window = Window.of(asked.first_day, asked.last_day, local_date(work.now))
    put_in_order(asked, window, choose_towns(cell.towns, asked.nis_codes, own), organisation, versions)


def allow_decline_proposal(work: Work, proposal: Proposal, cell: Answering, seen: int) -> None:
    """To say no, for one of the towns concerned. Raises RoleMissing, VersionChanged, ProposalDecided."""
    own = {town for mandate in work.facts.mandates if mandate.role in GIVES for town in mandate.nis_codes}
    if (own | cell.without_giver).isdisjoint(proposal.nis_codes):
        raise RoleMissing(field="proposal_id", expected="one for your towns")
    proposal.expect_open(seen)


def asked_in(proposal: Proposal) -> Asked:
    """What a proposal asks for."""
    return Asked(
        proposal.kbo_number, Role(proposal.role), tuple(proposal.nis_codes), proposal.first_day, proposal.last_day,
        proposal.legal_basis, proposal.clearance_until,
    )  # fmt: skip


async def may_found(work: Work, role: Role) -> bool:
    """Whether the host still gives this role itself: the first of its kind, in a cell without a mayor."""
    return role in FOUNDING and not {Role.MAYOR, role} & await _ever_filled(work)


async def lock_cell(work: Work, cell_id: UUID) -> None:
    """From here to the end of this act nobody else founds or proposes in this cell. Raises CellNotFound."""
    there = select(Cell.cell_id).where(Cell.cell_id == cell_id, Cell.state != CellState.WITHDRAWN)
    if await work.session.scalar(there.with_for_update()) is None:
        raise CellNotFound


async def anybody_left(work: Work) -> bool:
    """Whether the cell has a mayor or a coordinator, now or planned: somebody who can say yes, or soon will.

    Who is suspended can say nothing, and is resumed by nobody when there is nobody else.
    """
    held = select(Mandate.mandate_id).where(
        Mandate.tenant_id == work.cell_id, Mandate.role.in_(FOUNDING), Mandate.ends_at > work.now,
        Mandate.suspended_at.is_(None),
    )  # fmt: skip
    return await work.session.scalar(held.limit(1)) is not None


async def _ever_filled(work: Work) -> set[Role]:
    """Which of the founding roles anybody ever held, or is to hold. What was corrected in time does not count."""
    found = await work.session.scalars(
        select(Mandate).where(Mandate.tenant_id == work.cell_id, Mandate.role.in_(FOUNDING))
    )
    return {Role(mandate.role) for mandate in found if not mandate.came_to_nothing}


async def towns_of_cell(work: Work, cell_id: UUID) -> list[Municipality]:
    found = await work.session.scalars(
        select(Municipality)
        .join(CellMunicipality, CellMunicipality.nis_code == Municipality.nis_code)
        .where(CellMunicipality.cell_id == cell_id, CellMunicipality.until.is_(None))
    )
    return list(found)


def choose_towns(
    of_cell: Sequence[Municipality], nis_codes: tuple[str, ...], own: frozenset[str] | None
) -> list[Municipality]:
    """The towns asked for, or all of the own. Raises MunicipalityNotInCell, CellNotFound for no such cell."""
    if not of_cell:
        raise CellNotFound
    towns = {town.nis_code: town for town in of_cell if own is None or town.nis_code in own}
    if not set(nis_codes) <= set(towns):
        raise MunicipalityNotInCell(field="nis_codes", expected="towns of this cell that you may give it for")
    return [towns[nis_code] for nis_code in nis_codes or towns]


async def find_legal_bases(work: Work, codes: Collection[str]) -> dict[str, list[LegalBasis]]:
    """All versions of each of these."""
    found: dict[str, list[LegalBasis]] = {}
    for basis in await work.session.scalars(select(LegalBasis).where(LegalBasis.code.in_(codes))):
        found.setdefault(basis.code, []).append(basis)
    return found


def require_legal_basis(
    versions: Sequence[LegalBasis], window: Window, organisation: Organisation, towns: Sequence[Municipality]
) -> None:
    """In force during the whole mandate, for this kind of partner, in these towns; else raises why not."""
    if not versions:
        raise LegalBasisUnknown(field="legal_basis", expected="a code of the list of legal bases")
    basis = legal_basis_on(versions, window.first, window.last)
    basis.expect_for(organisation.kind, {town.region for town in towns})
