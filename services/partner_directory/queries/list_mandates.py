"""Who sits in a cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import or_, select

from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.kit.paging import Time, page_of
from services.kit.principal import PLATFORM, PrincipalKind
from services.partner_directory.allowed import STAND_INS, mandate_may
from services.partner_directory.find import MANDATES_OF, MandateView, views_of
from services.partner_directory.model import Absence, Cell, CellState, Mandate
from services.partner_directory.standing_in import deputy_may

Away = Mapping[UUID, list[Absence]]


@dataclass(frozen=True, slots=True)
class ListMandates:
    """One page, newest first, after the mandate `cursor`. `ended`: those that are over too; `time`: those alone;
    `mandate_id`: that one, whatever its time.
    """

    page_size: int
    cursor: UUID | None
    ended: bool = False
    time: Time | None = None
    mandate_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MandatePage:
    """A page; `next_cursor` is None on the last."""

    mandates: tuple[MandateView, ...]
    next_cursor: UUID | None


async def list_mandates(work: Work, query: ListMandates) -> MandatePage:
    """The mandates of this cell, whoever gave them; on the platform those the host's client gave there."""
    host_in_cell = work.principal.kind is PrincipalKind.HOST and work.cell_id != PLATFORM
    if host_in_cell:
        cell = await work.session.get(Cell, work.cell_id)
        if cell is None or cell.state == CellState.WITHDRAWN:
            raise CellNotFound
    asked = MANDATES_OF.limit(query.page_size + 1)
    if query.mandate_id is not None:
        asked = asked.where(Mandate.mandate_id == query.mandate_id)
    elif query.time is Time.PAST:
        asked = asked.where(Mandate.ends_at <= work.now)
    elif query.time is Time.CURRENT or not query.ended:
        asked = asked.where(Mandate.ends_at > work.now)
    if query.cursor is not None:
        asked = asked.where(Mandate.mandate_id < query.cursor)
    rows, more = page_of((await work.session.execute(asked, {"tenant": work.cell_id})).all(), query.page_size)
    views = await views_of(work, rows)
    away = await find_absences(work, views)
    if work.may("end_mandate"):
        known = await find_known(work, views)
        views = tuple(_for_giver(work, view, known, away) for view in views)
    else:
        views = tuple(_for_holder(work, view, away) for view in views)
    work.trail.count = len(views)
    return MandatePage(views, views[-1].mandate.mandate_id if more else None)


def _for_giver(work: Work, view: MandateView, known: Sequence[Mandate], away: Away) -> MandateView:
    """With what may be done, and what only who may do it is told; the host's client learns no reason."""
    mandate, inside = view.mandate, work.principal.kind is PrincipalKind.PERSON
    return replace(
        view,
        may=(*mandate_may(work, mandate, known), *deputy_may(work, mandate)),
        absences=tuple(away[mandate.mandate_id]) if inside else (),
        suspended_since=mandate.suspended_at,
        why_suspended=mandate.suspension_reason if inside else None,
        clearance_until=mandate.clearance_last_day if inside else None,
    )


def _for_holder(work: Work, view: MandateView, away: Away) -> MandateView:
    mandate = view.mandate
    if mandate.person_id != work.actor_id:
        return view
    absences = tuple(away[mandate.mandate_id])
    may = deputy_may(work, mandate)
    return replace(view, clearance_until=mandate.clearance_last_day, absences=absences, may=may)


async def find_absences(work: Work, views: Sequence[MandateView]) -> Away:
    """Of each of these the absences that are not over, the next first; none for who may not mark one."""
    away: dict[UUID, list[Absence]] = defaultdict(list)
    if not work.may("mark_absent"):
        return away
    held = {view.mandate.mandate_id for view in views}
    for absence in await work.session.scalars(
        select(Absence)
        .where(Absence.tenant_id == work.cell_id, Absence.mandate_id.in_(held))
        .where(Absence.ends_at > work.now, Absence.ends_at > Absence.starts_at)
        .order_by(Absence.starts_at)
    ):
        away[absence.mandate_id].append(absence)
    return away


async def find_known(work: Work, views: Sequence[MandateView]) -> Sequence[Mandate]:
    """The coordinators and mayors of the cell and all people of these organisations that are not over: whether one may
    be ended or suspended hangs on the others.
    """
    organisations = {view.mandate.organisation_id for view in views}
    found = await work.session.scalars(
        select(Mandate).where(
            Mandate.tenant_id == work.cell_id,
            Mandate.ends_at > work.now,
            or_(Mandate.role.in_(STAND_INS), Mandate.organisation_id.in_(organisations)),
        )
    )
    return found.all()
