"""Somebody may act for the host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.giving import WhoIs, give, organisation_of, whoever_is
from services.partner_directory.lettering import language_of, write_letter
from services.partner_directory.model import GivenBy, Mandate, Window, on_platform

LEGAL_BASIS = "gdpr-28"
"""Article 28 of the General Data Protection Regulation: the host is the cells' processor and works on their documented
instructions. No basis of the law on the cells, so it is not in the table of those and gives no seat."""


@dataclass(frozen=True, slots=True)
class AppointHost:
    """Who, of which organisation, from when to when."""

    email: str
    given_name: str
    family_name: str
    kbo_number: str
    first_day: date
    last_day: date


async def appoint_host(work: Work, command: AppointHost) -> Receipt:
    """Give a mandate on the platform: it opens cells and sees none from inside. Not to who sits in one."""
    on_platform(work.cell_id)
    window = Window.of(command.first_day, command.last_day, local_date(work.now))
    organisation = await organisation_of(work, command.kbo_number)
    who = WhoIs(command.email, command.given_name, command.family_name)
    person_id = await whoever_is(work, who)
    mandate = Mandate(
        tenant_id=work.cell_id,
        mandate_id=new_id(),
        person_id=person_id,
        organisation_id=organisation.organisation_id,
        organisation_kind=organisation.kind,
        role=Role.HOST,
        nis_codes=[],
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        legal_basis=LEGAL_BASIS,
        invited_by=work.actor_id,
        invited_at=work.now,
        given_by=GivenBy.APPOINTMENT,
        version=1,
    )
    receipt = await give(work, mandate, who)
    await write_letter(work, mandate.mandate_id, person_id, who.email, await language_of(work, ()))
    return receipt
