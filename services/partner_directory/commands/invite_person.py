"""Somebody gets a mandate in a cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from services.kit.clock import local_date
from services.kit.errors import CellNotFound, RoleMissing
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.kit.principal import PrincipalKind
from services.partner_directory.errors import LegalBasisUnknown, MunicipalityNotInCell
from services.partner_directory.giving import FindPerson, give, organisation_of
from services.partner_directory.model import (
    INVITED_BY_COORDINATOR,
    INVITED_BY_HOST,
    CellMunicipality,
    LegalBasis,
    Mandate,
    Municipality,
    Organisation,
    Window,
    clearance_end,
    legal_basis_on,
)


@dataclass(frozen=True, slots=True)
class InvitePerson:
    """Who, for which organisation, as what, where, when, on which basis.

    `find_person` asks the sign-in service: the door brings it along, because a handler gets nothing but its work. It is
    no part of the request, so not of what the idempotency key stands for.
    """

    email: str
    given_name: str
    family_name: str
    kbo_number: str
    role: Role
    nis_codes: tuple[str, ...]
    first_day: date
    last_day: date
    legal_basis: str
    clearance_until: date | None
    find_person: FindPerson = field(repr=False, compare=False)


async def invite_person(work: Work, command: InvitePerson) -> Receipt:
    """Give a mandate; the answer is the same whether the person was known before or not.

    The sign-in service is asked after everything that can refuse, so a refused call does not touch it, and before the
    first write: until then this transaction holds no lock anybody could wait for. Should the transaction fail after
    it, an account without any mandate and without credentials is left, and the next invitation finds it.
    """
    check_role(work, command.role)
    window = Window.of(command.first_day, command.last_day, local_date(work.now))
    towns = await towns_for(work, command.nis_codes)
    organisation = await organisation_of(work, command.kbo_number)
    await check_legal_basis(work, command.legal_basis, window, organisation, towns)
    clearance_ends_at = clearance_end(command.role, command.clearance_until, window)
    person_id = await command.find_person(command.email, command.given_name, command.family_name)
    mandate = Mandate(
        tenant_id=work.cell_id,
        mandate_id=new_id(),
        person_id=person_id,
        organisation_id=organisation.organisation_id,
        organisation_kind=organisation.kind,
        role=command.role,
        nis_codes=sorted(town.nis_code for town in towns),
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        legal_basis=command.legal_basis,
        clearance_ends_at=clearance_ends_at,
        invited_by=work.actor_id,
        invited_at=work.now,
        version=1,
    )
    return await give(work, mandate, command.given_name, command.family_name)


def check_role(work: Work, role: Role) -> None:
    """The host fills the seats, the coordinator invites partners. Raises RoleMissing."""
    may = INVITED_BY_HOST if work.principal.kind is PrincipalKind.HOST else INVITED_BY_COORDINATOR
    if role not in may:
        raise RoleMissing(field="role", expected="one of " + ", ".join(sorted(may)))


async def towns_for(work: Work, nis_codes: tuple[str, ...]) -> list[Municipality]:
    """The towns asked for, or all the caller may give. Raises MunicipalityNotInCell, CellNotFound for no such cell."""
    found = await work.session.scalars(
        select(Municipality)
        .join(CellMunicipality, CellMunicipality.nis_code == Municipality.nis_code)
        .where(CellMunicipality.cell_id == work.cell_id, CellMunicipality.until.is_(None))
    )
    towns = {town.nis_code: town for town in found}
    if not towns:
        raise CellNotFound
    if work.principal.kind is PrincipalKind.PERSON:
        own = {one for mandate in work.facts.mandates if mandate.role is Role.COORDINATOR for one in mandate.nis_codes}
        towns = {nis_code: town for nis_code, town in towns.items() if nis_code in own}
    if not set(nis_codes) <= set(towns):
        raise MunicipalityNotInCell(field="nis_codes", expected="towns of this cell that you may invite for")
    return [towns[nis_code] for nis_code in nis_codes or towns]


async def check_legal_basis(
    work: Work, code: str, window: Window, organisation: Organisation, towns: list[Municipality]
) -> None:
    """In force during the whole mandate, for this kind of partner, in these towns; else raises why not."""
    versions = (await work.session.scalars(select(LegalBasis).where(LegalBasis.code == code))).all()
    if not versions:
        raise LegalBasisUnknown(field="legal_basis", expected="a code of the list of legal bases")
    basis = legal_basis_on(versions, window.first, window.last)
    basis.expect_for(organisation.kind, {town.region for town in towns})
