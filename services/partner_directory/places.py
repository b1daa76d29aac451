"""Seats that people have or are invited to, found by who was invited: what a list of seats is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select, true

from services.kit.execute import Work
from services.kit.principal import PrincipalKind
from services.partner_directory.invitation import InOrder
from services.partner_directory.inviting import address_index, opened
from services.partner_directory.model import GivenBy, Invitation, InvitationState, Mandate, Window


@dataclass(frozen=True, slots=True)
class Place:
    """A seat of somebody: as what, for which organisation, where, from, until before."""

    role: str
    kbo_number: str
    towns: frozenset[str]
    starts_at: datetime
    ends_at: datetime

    def meets(self, other: Place) -> bool:
        """Whether one person cannot hold both (`Mandate.covers_some_of`)."""
        same = (self.role, self.kbo_number) == (other.role, other.kbo_number)
        return (
            same
            and self.starts_at < other.ends_at
            and other.starts_at < self.ends_at
            and not self.towns.isdisjoint(other.towns)
        )


@dataclass(frozen=True, slots=True)
class There:
    """An invitation that waits, or the mandate its person came to hold."""

    invitation: Invitation
    mandate: Mandate | None

    @property
    def place(self) -> Place:
        """Where it stands now."""
        invitation, mandate = self.invitation, self.mandate
        window = mandate or Window(invitation.first_day, invitation.last_day)
        towns = frozenset((mandate or invitation).nis_codes)
        return Place(invitation.role, invitation.kbo_number, towns, window.starts_at, window.ends_at)

    def says(self, fitting: InOrder) -> bool:
        """Whether nothing is left to ask for: the same, or by now more of it."""
        place, wanted = self.place, place_of(fitting)
        clearance = self.mandate.clearance_ends_at if self.mandate else fitting.clearance_ends_at
        same = (place.role, place.kbo_number, place.towns, place.starts_at, self.invitation.legal_basis) == (
            wanted.role, wanted.kbo_number, wanted.towns, wanted.starts_at, fitting.asked.legal_basis
        )  # fmt: skip
        if self.mandate is None:
            until = self.invitation.clearance_until == fitting.asked.clearance_until
            return same and until and place.ends_at == wanted.ends_at
        cleared = fitting.clearance_ends_at is None or (clearance or wanted.starts_at) >= fitting.clearance_ends_at
        return same and cleared and place.ends_at >= wanted.ends_at


def place_of(fitting: InOrder) -> Place:
    """The seat that is asked for."""
    asked, window = fitting.asked, fitting.window
    return Place(asked.role, asked.kbo_number, frozenset(fitting.nis_codes), window.starts_at, window.ends_at)


async def find_there(work: Work) -> dict[bytes, list[There]]:
    """Who is invited and can still come, and who came and holds the mandate, by the index of the address.

    The host finds whom it invited itself, and nobody the cell did.
    """
    whose = Invitation.given_by == GivenBy.FOUNDING if work.principal.kind is PrincipalKind.HOST else true()
    waits = and_(Invitation.state == InvitationState.SENT, Invitation.expires_at > work.now)
    holds = and_(Invitation.state == InvitationState.ACCEPTED, Mandate.ends_at > work.now, Mandate.end_reason.is_(None))
    rows = await work.session.execute(
        select(Invitation, Mandate)
        .outerjoin(
            Mandate,
            (Mandate.tenant_id == Invitation.tenant_id) & (Mandate.mandate_id == Invitation.invitation_id),
        )
        .where(Invitation.tenant_id == work.cell_id, or_(waits, holds), whose)
    )
    found: dict[bytes, list[There]] = {}
    for invitation, mandate in rows:
        index = invitation.address_index
        if index is None and invitation.state == InvitationState.SENT:
            # Of before there was an index.
            index = await address_index(work, await opened(work, invitation, "email"))
        if index is not None:
            found.setdefault(index, []).append(There(invitation, mandate))
    return found
