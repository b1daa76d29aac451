"""A partner organisation becomes known, by its number in the public register of enterprises."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert

from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.kit.principal import PrincipalKind
from services.partner_directory.errors import IntelligenceServiceRefused, OrganisationExists
from services.partner_directory.model import INTELLIGENCE_SERVICE, Organisation, on_platform


@dataclass(frozen=True, slots=True)
class RegisterOrganisation:
    """Number, name and kind of partner."""

    kbo_number: str
    name: str
    kind: str


async def register_organisation(work: Work, command: RegisterOrganisation) -> Receipt:
    """Register it once, for all cells; intelligence services do not sit."""
    if work.principal.kind is PrincipalKind.HOST or work.has_role(Role.HOST):
        on_platform(work.cell_id)
    if command.kind == INTELLIGENCE_SERVICE:
        raise IntelligenceServiceRefused(field="kind", expected="a partner of the prevention table")
    organisation_id = new_id()
    values = {"organisation_id": organisation_id, "created_at": work.now}
    added = await work.session.scalar(
        insert(Organisation)
        .values(kbo_number=command.kbo_number, name=command.name, kind=command.kind, **values)
        .on_conflict_do_nothing()
        .returning(Organisation.organisation_id)
    )
    if added is None:
        raise OrganisationExists(field="kbo_number", expected="an organisation that is not registered yet")
    return Receipt(organisation_id, "REGISTERED", 1)
