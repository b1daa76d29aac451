"""Inviting somebody to a mandate, and finding the invitation again (decision 63)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from services.kit.addresses import mailable_address
from services.kit.asking import Question
from services.kit.errors import RoleMissing
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.kit.principal import PrincipalKind
from services.kit.vault import AssociatedData
from services.partner_directory.errors import InvitationExists, InvitationNotFound, TooManyInvitations
from services.partner_directory.giving import WhoIs
from services.partner_directory.invitation import Asked, InOrder, lock_cell
from services.partner_directory.lettering import language_of, write_again, write_letter
from services.partner_directory.model import (
    GIVES,
    MOST_OPEN_INVITATIONS,
    GivenBy,
    Invitation,
    InvitationState,
    code_expiry,
)
from services.partner_directory.providing import signs_in_elsewhere

SEALED = ("email", "given_name", "family_name", "note")


@dataclass(frozen=True, slots=True)
class CodeFits(Question[bytes | None]):
    """What the code comes to, if it is that of the invitation and counts; else None, and a wrong one is counted.

    What is asked is done, and stays so when the asking act is refused.
    """

    cell_id: UUID
    invitation_id: UUID
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MailInvitation(Question[bytes | None]):
    """What the new code comes to that the letter took along; None when no letter waits any more.

    What is asked is done. So it is asked under a claim, as `SetUpSignIn` is.
    """

    cell_id: UUID
    invitation_id: UUID
    email: str = field(repr=False)
    language: str
    until: date


@dataclass(frozen=True, slots=True)
class Letter:
    """In which language somebody is invited, None for that of the first town, and the words for them alone."""

    language: str | None = None
    note: str = field(default="", repr=False)


async def invite(work: Work, fitting: InOrder, who: WhoIs, given_by: GivenBy, letter: Letter) -> Receipt:
    """Invite that person; a handler's last act. Raises InvitationExists, TooManyInvitations, and what `WhoIs` raises.

    The sign-in service is asked for an account, so that who has none can set one up: whoever is known, the same is
    asked and written. Not for people whose own organisation signs them in: they hold no password here.
    """
    await lock_cell(work, work.cell_id)
    await expect_room(work, 1)
    await _expect_new(work, fitting, who.email)
    account = None if await signs_in_elsewhere(work, who.email) else work.ask(who)
    invitation = await write_invitation(work, fitting, who, given_by, letter, account)
    work.trail.detail |= {"invitation": str(invitation.invitation_id), "given_by": given_by}
    return Receipt(invitation.invitation_id, invitation.state, invitation.version)


async def locked_invitation(work: Work, invitation_id: UUID) -> Invitation | None:
    """The invitation of this cell, locked."""
    return await work.session.scalar(
        select(Invitation)
        .where(Invitation.tenant_id == work.cell_id, Invitation.invitation_id == invitation_id)
        .with_for_update()
    )


async def found_invitation(work: Work, invitation_id: UUID) -> Invitation:
    """The same; raises InvitationNotFound."""
    invitation = await locked_invitation(work, invitation_id)
    if invitation is None:
        raise InvitationNotFound
    return invitation


async def opened(work: Work, invitation: Invitation, column: str) -> str:
    """One of its sealed texts, empty when it was forgotten."""
    sealed: bytes | None = getattr(invitation, column)
    return await work.open(sealed, _place(work, column, invitation.invitation_id)) if sealed is not None else ""


async def welcome(work: Work) -> str:
    """The words by which the caller was invited here, the newest; empty when there are none."""
    invitation = await work.session.scalar(_words_for(work).order_by(Invitation.decided_at.desc()).limit(1))
    return await opened(work, invitation, "note") if invitation is not None else ""


async def forget_welcome(work: Work) -> None:
    """The caller has come in: the words are not needed any more."""
    for invitation in await work.session.scalars(_words_for(work).with_for_update()):
        invitation.note = None


def _words_for(work: Work) -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.tenant_id == work.cell_id,
        Invitation.state == InvitationState.ACCEPTED,
        Invitation.decided_by == work.actor_id,
        Invitation.note.is_not(None),
    )


async def keyed(work: Work, derived: str) -> bytes:
    """What is kept of a code: without the cell's key nobody can try codes on it."""
    return await work.keyring.blind(derived, "invitation")


def asked_by(invitation: Invitation) -> Asked:
    """What an invitation asks for."""
    return Asked(
        invitation.kbo_number, Role(invitation.role), tuple(invitation.nis_codes), invitation.first_day,
        invitation.last_day, invitation.legal_basis, invitation.clearance_until, invitation.deputy_of,
        invitation.deputy_when,
    )  # fmt: skip


def allow_invitation(work: Work, invitation: Invitation, seen: int) -> None:
    """To send it again or take it back. Raises RoleMissing, VersionChanged, InvitationOver.

    The host for what it founds; else who gives this role for one of the towns; of oversight, whoever gives any.
    """
    if work.principal.kind is PrincipalKind.HOST:
        allowed = invitation.given_by == GivenBy.FOUNDING
    else:
        role = Role(invitation.role)
        allowed = any(
            (role in GIVES[mandate.role] or role is Role.OVERSIGHT)
            and not set(mandate.nis_codes).isdisjoint(invitation.nis_codes)
            for mandate in work.facts.mandates
            if mandate.role in GIVES
        )
    if not allowed:
        raise RoleMissing(field="invitation_id", expected="one that you could have sent")
    invitation.expect_open(seen, work.now)


async def send_again(work: Work, invitation: Invitation) -> Receipt:
    """Have another letter sent, with another code and new days; the code before counts no more. A last act."""
    invitation.send_again(work.now)
    work.at(work.now, "invitation_letter", invitation.invitation_id)
    work.at(invitation.expires_at, "invitation", invitation.invitation_id)
    await write_again(work, invitation.invitation_id, await opened(work, invitation, "email"))
    return _told(work, invitation)


def take_back(work: Work, invitation: Invitation) -> Receipt:
    """Nobody comes by it any more, and who was invited is forgotten. A last act."""
    invitation.decide(InvitationState.WITHDRAWN, at=work.now, by=work.actor_id)
    work.at(None, "invitation", invitation.invitation_id)
    work.at(None, "invitation_letter", invitation.invitation_id)
    return _told(work, invitation)


def _told(work: Work, invitation: Invitation) -> Receipt:
    work.trail.detail["invitation"] = str(invitation.invitation_id)
    return Receipt(invitation.invitation_id, invitation.state, invitation.version)


async def expect_room(work: Work, more: int) -> None:
    """Raises TooManyInvitations unless so many more may be open here."""
    if (await work.session.scalar(select(func.count()).where(*_waits(work))) or 0) + more > MOST_OPEN_INVITATIONS:
        raise TooManyInvitations(expected=f"at most {MOST_OPEN_INVITATIONS} that are open")


async def address_index(work: Work, email: str) -> bytes:
    """By what an address is found again in this cell; in another it is something else."""
    return await work.keyring.blind(mailable_address(email), "invited")


def _waits(work: Work) -> tuple[ColumnElement[bool], ...]:
    return (
        Invitation.tenant_id == work.cell_id, Invitation.state == InvitationState.SENT, Invitation.expires_at > work.now
    )  # fmt: skip


async def _expect_new(work: Work, fitting: InOrder, email: str) -> None:
    """A command given again invites nobody twice."""
    asked = fitting.asked
    alike: Sequence[Invitation] = (
        await work.session.scalars(
            select(Invitation).where(
                *_waits(work),
                Invitation.kbo_number == asked.kbo_number,
                Invitation.role == asked.role,
                Invitation.nis_codes == sorted(fitting.nis_codes),
                Invitation.first_day == asked.first_day,
                Invitation.last_day == asked.last_day,
                Invitation.legal_basis == asked.legal_basis,
            )
        )
    ).all()
    for invitation in alike:
        if mailable_address(await opened(work, invitation, "email")) == mailable_address(email):
            raise InvitationExists(field="email", expected="somebody who is not invited to this already")


async def write_invitation(
    work: Work,
    fitting: InOrder,
    who: WhoIs,
    given_by: GivenBy,
    letter: Letter,
    account: UUID | None,
    due: datetime | None = None,
) -> Invitation:
    """The invitation with its letters and terms. `account`: None for who is made known when the letter is sent, which
    is nobody whose own organisation signs people in; `due`: when the letters go, if not at once.
    """
    invitation = await _invitation(work, fitting, who, given_by, letter)
    work.session.add(invitation)
    work.at(due or work.now, "invitation_letter", invitation.invitation_id)
    work.at(invitation.expires_at, "invitation", invitation.invitation_id)
    if not await signs_in_elsewhere(work, who.email):
        await write_letter(work, invitation.invitation_id, account, who.email, invitation.language, due)
    return invitation


async def _invitation(work: Work, fitting: InOrder, who: WhoIs, given_by: GivenBy, letter: Letter) -> Invitation:
    invitation_id, asked = new_id(), fitting.asked
    texts = {
        "email": who.email, "given_name": who.given_name, "family_name": who.family_name, "note": letter.note or None
    }  # fmt: skip
    sealed = {
        column: text and await work.seal(text, _place(work, column, invitation_id)) for column, text in texts.items()
    }
    return Invitation(
        tenant_id=work.cell_id,
        invitation_id=invitation_id,
        state=InvitationState.SENT,
        **sealed,
        language=letter.language or await language_of(work, fitting.nis_codes),
        kbo_number=asked.kbo_number,
        role=asked.role,
        nis_codes=sorted(fitting.nis_codes),
        first_day=asked.first_day,
        last_day=asked.last_day,
        legal_basis=asked.legal_basis,
        clearance_until=asked.clearance_until,
        given_by=given_by,
        invited_by=work.actor_id,
        invited_at=work.now,
        expires_at=code_expiry(work.now),
        tries=0,
        version=1,
        address_index=await address_index(work, who.email),
        deputy_of=asked.deputy_of,
        deputy_when=asked.deputy_when,
    )


def _place(work: Work, column: str, invitation_id: UUID) -> AssociatedData:
    return AssociatedData(work.cell_id, "invitation", column, invitation_id)
