"""A mandate is for other towns, or its clearance ends on another day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.allowed import STAND_INS, allow_change_mandate, check_stand_in
from services.partner_directory.changing import expect_alone, locked, tell_changed
from services.partner_directory.errors import MunicipalityNotInCell
from services.partner_directory.invitation import choose_towns, find_answering, find_legal_bases, towns_to_give
from services.partner_directory.lacking import warn_of_lack
from services.partner_directory.model import (
    Mandate,
    MandateState,
    Municipality,
    Window,
    clearance_end,
    legal_basis_on,
)
from services.partner_directory.standing_in import check_towns


@dataclass(frozen=True, slots=True)
class ChangeMandate:
    """Which mandate, in the version last read; all its towns and the last day of its clearance from now on."""

    mandate_id: UUID
    expected_version: int
    nis_codes: tuple[str, ...]
    clearance_until: date | None


async def change_mandate(work: Work, command: ChangeMandate) -> Receipt:
    """Change them as they could be given; each town keeps a coordinator, or a mayor to stand in (K11)."""
    mandate, others = await locked(work, command.mandate_id)
    allow_change_mandate(work, mandate, command.expected_version)
    towns = await _towns(work, mandate, command.nis_codes)
    window = Window(local_date(mandate.starts_at), mandate.last_day)
    clearance_ends_at = clearance_end(Role(mandate.role), command.clearance_until, window)
    _keep_stand_ins(work, mandate, others, command.nis_codes)
    await _on_its_legal_basis(work, mandate, towns)
    mandate.change(command.nis_codes, clearance_ends_at)
    await _keep_deputies(work, mandate)
    await expect_alone(work, mandate, "nis_codes")
    await tell_changed(work, mandate)
    await warn_of_lack(work, mandate)
    return Receipt(mandate.mandate_id, mandate.state_at(work.now), mandate.version)


async def _towns(work: Work, mandate: Mandate, nis_codes: tuple[str, ...]) -> list[Municipality]:
    """The new ones. Raises MunicipalityNotInCell unless the caller may give the role for each."""
    if len(set(nis_codes)) < len(nis_codes):
        raise MunicipalityNotInCell(field="nis_codes", expected="each town once")
    of_cell = (await find_answering(work)).towns
    return choose_towns(of_cell, nis_codes, towns_to_give(work, Role(mandate.role)))


def _keep_stand_ins(work: Work, mandate: Mandate, others: list[Mandate], nis_codes: tuple[str, ...]) -> None:
    """Raises LastCoordinator for a town it leaves."""
    left = sorted(set(mandate.nis_codes) - set(nis_codes))
    if left and mandate.role in STAND_INS and mandate.state_at(work.now) is MandateState.ACTIVE:
        check_stand_in(work, left, others, field="nis_codes")


async def _keep_deputies(work: Work, mandate: Mandate) -> None:
    """Raises DeputyTownWrong when a deputy would have a town its holder does not have."""
    of_it = or_(Mandate.deputy_of == mandate.mandate_id, Mandate.mandate_id == mandate.deputy_of)
    found = await work.session.scalars(
        select(Mandate).where(Mandate.tenant_id == work.cell_id, of_it, Mandate.ends_at > work.now)
    )
    for other in found:
        deputy, holder = (other, mandate) if other.deputy_of == mandate.mandate_id else (mandate, other)
        check_towns(deputy, holder)


async def _on_its_legal_basis(work: Work, mandate: Mandate, towns: list[Municipality]) -> None:
    """Raises LegalBasisNotForRegion unless the basis it rests on applies in towns that are new to it."""
    new = [town for town in towns if town.nis_code not in mandate.nis_codes]
    if new and mandate.legal_basis:
        versions = (await find_legal_bases(work, {mandate.legal_basis})).get(mandate.legal_basis, ())
        basis = legal_basis_on(versions, max(local_date(mandate.starts_at), local_date(work.now)), mandate.last_day)
        basis.expect_for(mandate.organisation_kind, {town.region for town in new})
