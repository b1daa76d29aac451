"""Somebody gets a mandate in a cell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.kit.clock import local_date
from services.kit.errors import CellNotFound, RoleMissing
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.kit.principal import PrincipalKind
from services.kit.vault import Place
from services.partner_directory.errors import (
    LegalBasisUnknown,
    MandateExists,
    MunicipalityNotInCell,
    OrganisationUnknown,
)
from services.partner_directory.events import publish_mandates
from services.partner_directory.model import (
    INVITED_BY_COORDINATOR,
    INVITED_BY_HOST,
    CellMunicipality,
    CellPerson,
    LegalBasis,
    Mandate,
    Municipality,
    Organisation,
    PersonCell,
    Window,
    clearance_end,
    legal_basis_on,
)

FindPerson = Callable[[str, str, str], Awaitable[UUID]]
"""From e-mail, given and family name to the person, who is made known to the sign-in service if need be."""


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
    # The names' row is locked from here on, so two invitations of one person see each other's mandates.
    await keep_names(work, person_id, command)
    await compare_with_earlier(work, mandate)
    work.session.add(person_cell(mandate))
    await work.session.flush()
    await publish_mandates(work, mandate)
    work.session.add(mandate)
    return Receipt(mandate.mandate_id, mandate.state_at(work.now), mandate.version)


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


async def organisation_of(work: Work, kbo_number: str) -> Organisation:
    """The organisation with this number. Raises OrganisationUnknown."""
    found = await work.session.scalar(select(Organisation).where(Organisation.kbo_number == kbo_number))
    if found is None:
        raise OrganisationUnknown(field="kbo_number", expected="a registered organisation")
    return found


async def check_legal_basis(
    work: Work, code: str, window: Window, organisation: Organisation, towns: list[Municipality]
) -> None:
    """In force during the whole mandate, for this kind of partner, in these towns; else raises why not."""
    versions = (await work.session.scalars(select(LegalBasis).where(LegalBasis.code == code))).all()
    if not versions:
        raise LegalBasisUnknown(field="legal_basis", expected="a code of the list of legal bases")
    basis = legal_basis_on(versions, window.first, window.last)
    basis.expect_for(organisation.kind, {town.region for town in towns})


async def compare_with_earlier(work: Work, mandate: Mandate) -> None:
    """Refuse a mandate the person has already; take over the undertaking given in this cell, if it still counts."""
    earlier = await work.session.scalars(
        select(Mandate).where(
            Mandate.tenant_id == work.cell_id,
            Mandate.person_id == mandate.person_id,
            Mandate.ends_at > work.now,
            Mandate.end_reason.is_(None),
        )
    )
    for one in earlier:
        if one.covers_some_of(mandate):
            raise MandateExists(field="from", expected="a time or towns the present mandate does not cover")
        mandate.inherit_undertaking(one)


async def keep_names(work: Work, person_id: UUID, command: InvitePerson) -> None:
    """The person's name as this cell knows it, sealed with the cell's own key."""

    async def seal(text: str, column: str) -> bytes:
        return await work.seal(text, Place(work.cell_id, "cell_person", column, person_id))

    names = {
        "given_name": await seal(command.given_name, "given_name"),
        "family_name": await seal(command.family_name, "family_name"),
    }
    await work.session.execute(
        insert(CellPerson)
        .values(tenant_id=work.cell_id, person_id=person_id, **names)
        .on_conflict_do_update(index_elements=["tenant_id", "person_id"], set_=names)
    )


def person_cell(mandate: Mandate) -> PersonCell:
    """What the person finds of the mandate outside the cell."""
    return PersonCell(
        person_id=mandate.person_id,
        tenant_id=mandate.tenant_id,
        mandate_id=mandate.mandate_id,
        role=mandate.role,
        starts_at=mandate.starts_at,
        ends_at=mandate.ends_at,
        undertaken_until=mandate.undertaken_until,
    )
