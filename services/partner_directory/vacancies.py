"""How far a seat is that nobody holds: somebody is invited, has come, or comes later; nobody is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.model import Invitation, InvitationState, Mandate, MandateState
from services.partner_directory.setup import NEEDED_SEATS, LineView, SeatStanding, SeatView

_ORDER = tuple(SeatStanding)
_IN_STATE = {
    MandateState.PLANNED: SeatStanding.LATER,
    MandateState.STANDBY: SeatStanding.LATER,
    MandateState.SUSPENDED: SeatStanding.SUSPENDED,
}


async def seats_told(work: Work, lines: Sequence[LineView]) -> tuple[LineView, ...]:
    """The lines; of each seat that is missing, in which town it is how far."""
    roles = {role for line in lines if not line.done for role in NEEDED_SEATS.get(line.code, ())}
    if not roles:
        return tuple(lines)
    mandates = (
        await work.session.scalars(
            select(Mandate).where(
                Mandate.tenant_id == work.cell_id, Mandate.role.in_(roles), Mandate.ends_at > work.now,
                Mandate.end_reason.is_(None),
            )
        )
    ).all()  # fmt: skip
    invitations = await work.session.scalars(
        select(Invitation).where(
            Invitation.tenant_id == work.cell_id, Invitation.role.in_(roles),
            Invitation.state == InvitationState.SENT, Invitation.expires_at > work.now,
        )
    )  # fmt: skip
    found = [(mandate.role, mandate.nis_codes, _of(work, mandate)) for mandate in mandates]
    found += [(each.role, each.nis_codes, SeatStanding.INVITED) for each in invitations]
    return tuple(_told(line, found) for line in lines)


def _of(work: Work, mandate: Mandate) -> SeatStanding:
    """Of a mandate that is not over and holds no seat."""
    if mandate.undertaken_until is None or mandate.undertaken_until <= work.now:
        return SeatStanding.UNSWORN
    return _IN_STATE.get(mandate.state_at(work.now), SeatStanding.UNCLEARED)


def _told(line: LineView, found: Iterable[tuple[str, Sequence[str], SeatStanding]]) -> LineView:
    roles = NEEDED_SEATS.get(line.code, frozenset())
    seats = {
        town: [standing for role, towns, standing in found if role in roles and town in towns]
        for town in line.missing_nis_codes
        if roles
    }
    return replace(
        line,
        seats=tuple(
            SeatView(town, min(standings, key=_ORDER.index, default=SeatStanding.NOBODY))
            for town, standings in seats.items()
        ),
    )
