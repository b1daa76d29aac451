"""Who sits in a cell."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.kit.principal import PrincipalKind
from services.kit.vault import Place
from services.partner_directory.model import Cell, CellPerson, Mandate, Organisation


@dataclass(frozen=True, slots=True)
class ListMandates:
    """One page, newest first, after the mandate `cursor`."""

    page_size: int
    cursor: UUID | None


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate, its organisation, and the name of its person; names are empty for the host."""

    mandate: Mandate
    organisation: Organisation
    given_name: str
    family_name: str
    undertaken: bool


@dataclass(frozen=True, slots=True)
class MandatePage:
    """A page; `next_cursor` is None on the last."""

    mandates: tuple[MandateView, ...]
    next_cursor: UUID | None


async def list_mandates(work: Work, query: ListMandates) -> MandatePage:
    """The mandates of this cell that have not ended."""
    if work.principal.kind is PrincipalKind.HOST and await work.session.get(Cell, work.cell_id) is None:
        raise CellNotFound
    asked = (
        select(Mandate, Organisation, CellPerson)
        .join(Organisation, Organisation.organisation_id == Mandate.organisation_id)
        .join(CellPerson, (CellPerson.tenant_id == Mandate.tenant_id) & (CellPerson.person_id == Mandate.person_id))
        .where(Mandate.tenant_id == work.cell_id, Mandate.ends_at > work.now)
        .order_by(Mandate.mandate_id.desc())
        .limit(query.page_size + 1)
    )
    if query.cursor is not None:
        asked = asked.where(Mandate.mandate_id < query.cursor)
    rows = (await work.session.execute(asked)).all()
    page = rows[: query.page_size]
    views = [await view_of(work, mandate, organisation, person) for mandate, organisation, person in page]
    work.trail.count = len(views)
    more = len(rows) > query.page_size
    return MandatePage(tuple(views), views[-1].mandate.mandate_id if more else None)


async def view_of(work: Work, mandate: Mandate, organisation: Organisation, person: CellPerson) -> MandateView:
    """A mandate with what the caller may see of its person."""

    async def opened(sealed: bytes, column: str) -> str:
        if work.principal.kind is PrincipalKind.HOST:
            return ""
        return await work.open(sealed, Place(work.cell_id, "cell_person", column, person.person_id))

    given_name = await opened(person.given_name, "given_name")
    family_name = await opened(person.family_name, "family_name")
    undertaken = mandate.undertaken_until is not None and mandate.undertaken_until > work.now
    return MandateView(mandate, organisation, given_name, family_name, undertaken)
