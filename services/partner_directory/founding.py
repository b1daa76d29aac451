"""The host founds a cell: the first mayor and the first coordinator are invited, sent another letter, or taken back.

The host's people ask from the platform; what happens in the cell is an act of a named process there (decision 74).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from services.kit.asking import Question
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.errors import CellFounded, InvitationNotFound
from services.partner_directory.giving import WhoIs
from services.partner_directory.invitation import Asked, InOrder, lock_cell, may_found
from services.partner_directory.inviting import Letter, found_invitation, invite
from services.partner_directory.model import FOUNDING, GivenBy, Invitation, InvitationState

MOST_FOUNDING = 20
"""So many of the newest are told to the host; more than two stand there only after mistakes."""


@dataclass(frozen=True, slots=True)
class Founder:
    """Who, for which organisation, as what, where, when, on which basis; the language of the letter."""

    email: str = field(repr=False)
    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    kbo_number: str
    role: Role
    nis_codes: tuple[str, ...]
    first_day: date
    last_day: date
    legal_basis: str
    language: str | None = None

    @property
    def asked(self) -> Asked:
        """What is asked for, without the person."""
        return Asked(
            self.kbo_number, self.role, self.nis_codes, self.first_day, self.last_day, self.legal_basis, None
        )  # fmt: skip

    @property
    def who(self) -> WhoIs:
        """The person."""
        return WhoIs(self.email, self.given_name, self.family_name)


@dataclass(frozen=True, slots=True)
class FoundThere(Question[Receipt]):
    """Invite that person to a founding seat of that cell. What is asked is done."""

    cell_id: UUID
    founder: Founder


@dataclass(frozen=True, slots=True)
class ResendThere(Question[Receipt]):
    """Have that founding invitation sent again. What is asked is done."""

    cell_id: UUID
    invitation_id: UUID
    expected_version: int


@dataclass(frozen=True, slots=True)
class WithdrawThere(Question[Receipt]):
    """Take that founding invitation back. What is asked is done."""

    cell_id: UUID
    invitation_id: UUID
    expected_version: int


@dataclass(frozen=True, slots=True)
class FoundingView:
    """A founding invitation as the host may see it: nobody is named. `may_come`: who was invited still could."""

    invitation_id: UUID
    role: str
    state: InvitationState
    invited_at: datetime
    sent_at: datetime | None
    code_until: date
    tries_left: int
    version: int
    may_come: bool

    @property
    def open(self) -> bool:
        """Whether it can be taken back."""
        return self.state is InvitationState.SENT


async def found(work: Work, fitting: InOrder, who: WhoIs, letter: Letter) -> Receipt:
    """Invite to a founding seat that is still to be filled; a last act. Raises CellFounded, and what `invite` does."""
    await lock_cell(work, work.cell_id)
    await _expect_to_found(work, fitting.asked.role)
    return await invite(work, fitting, who, GivenBy.FOUNDING, letter)


async def founding_invitation(work: Work, invitation_id: UUID, seen: int) -> Invitation:
    """One by which the host founds, locked. Raises InvitationNotFound, also for one of the cell's own;
    VersionChanged, InvitationOver.
    """
    invitation = await found_invitation(work, invitation_id)
    if invitation.given_by != GivenBy.FOUNDING:
        raise InvitationNotFound
    invitation.expect_open(seen, work.now)
    return invitation


async def expect_still_to_found(work: Work, invitation: Invitation) -> None:
    """Raises CellFounded when who was invited could not come any more."""
    await _expect_to_found(work, Role(invitation.role))


async def founding_of(work: Work) -> tuple[FoundingView, ...]:
    """The newest founding invitations of this cell."""
    asked = (
        select(Invitation)
        .where(Invitation.tenant_id == work.cell_id, Invitation.given_by == GivenBy.FOUNDING)
        .order_by(Invitation.invitation_id.desc())
        .limit(MOST_FOUNDING)
    )
    open_roles = await roles_to_found(work)
    return tuple(
        FoundingView(
            row.invitation_id, row.role, row.state_at(work.now), row.invited_at, row.sent_at, row.code_until,
            row.tries_left, row.version, row.open_at(work.now) and row.role in open_roles,
        )
        for row in await work.session.scalars(asked)
    )  # fmt: skip


async def roles_to_found(work: Work) -> tuple[Role, ...]:
    """The seats the host may still invite to, the coordinator's first: so both can come."""
    return tuple([role for role in sorted(FOUNDING) if await may_found(work, role)])


async def _expect_to_found(work: Work, role: Role) -> None:
    if not await may_found(work, role):
        raise CellFounded
