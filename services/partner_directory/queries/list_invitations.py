"""Who is invited to a cell, and who was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.kit.allowed import allowed
from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.kit.paging import Time, page_of
from services.kit.principal import PrincipalKind
from services.partner_directory.find import opened_names
from services.partner_directory.inviting import allow_invitation, opened
from services.partner_directory.model import Cell, CellPerson, Invitation, InvitationState, Organisation


@dataclass(frozen=True, slots=True)
class ListInvitations:
    """One page, newest first, after the invitation `cursor`: those that wait, or by `time` those that are over."""

    page_size: int
    cursor: UUID | None
    time: Time | None = None


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation, who is invited, who asked, until which day its code counts, and the verbs open to the reader.

    Names and address are empty for the host, and once it is over.
    """

    invitation: Invitation
    organisation: Organisation
    state: InvitationState
    email: str
    given_name: str
    family_name: str
    inviter_given_name: str
    inviter_family_name: str
    code_until: date
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """A page; `next_cursor` is None on the last."""

    invitations: tuple[InvitationView, ...]
    next_cursor: UUID | None


async def list_invitations(work: Work, query: ListInvitations) -> InvitationPage:
    """For who gives mandates here, and for the host without names. Raises CellNotFound for the host."""
    by_host = work.principal.kind is PrincipalKind.HOST
    if by_host and await work.session.get(Cell, work.cell_id) is None:
        raise CellNotFound
    waits: ColumnElement[bool] = (Invitation.state == InvitationState.SENT) & (Invitation.expires_at > work.now)
    asked = (
        select(Invitation, Organisation)
        .join(Organisation, Organisation.kbo_number == Invitation.kbo_number)
        .where(Invitation.tenant_id == work.cell_id, ~waits if query.time is Time.PAST else waits)
        .order_by(Invitation.invitation_id.desc())
        .limit(query.page_size + 1)
    )
    if query.cursor is not None:
        asked = asked.where(Invitation.invitation_id < query.cursor)
    rows, more = page_of((await work.session.execute(asked)).all(), query.page_size)
    names = await _inviters(work, [invitation for invitation, _ in rows])
    views = tuple([await _view(work, invitation, organisation, names) for invitation, organisation in rows])
    work.trail.count = len(views)
    return InvitationPage(views, views[-1].invitation.invitation_id if more else None)


async def _inviters(work: Work, invitations: Sequence[Invitation]) -> dict[UUID, tuple[str, str]]:
    """Their names as the cell knows them; none for the host."""
    names: dict[UUID, tuple[str, str]] = defaultdict(lambda: ("", ""))
    if invitations and work.principal.kind is not PrincipalKind.HOST:
        people = await work.session.scalars(
            select(CellPerson).where(
                CellPerson.tenant_id == work.cell_id,
                CellPerson.person_id.in_({invitation.invited_by for invitation in invitations}),
            )
        )
        names |= await opened_names(work, people.all())
    return names


async def _view(
    work: Work, invitation: Invitation, organisation: Organisation, names: dict[UUID, tuple[str, str]]
) -> InvitationView:
    seen = work.principal.kind is not PrincipalKind.HOST
    inviter = names[invitation.invited_by]

    def guard() -> None:
        allow_invitation(work, invitation, invitation.version)

    return InvitationView(
        invitation=invitation,
        organisation=organisation,
        state=invitation.state_at(work.now),
        email=await opened(work, invitation, "email") if seen else "",
        given_name=await opened(work, invitation, "given_name") if seen else "",
        family_name=await opened(work, invitation, "family_name") if seen else "",
        inviter_given_name=inviter[0],
        inviter_family_name=inviter[1],
        code_until=invitation.code_until,
        may=allowed(work.may, {"resend_invitation": guard, "withdraw_invitation": guard}),
    )
