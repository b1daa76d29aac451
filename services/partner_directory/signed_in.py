"""Where somebody is signed in: what is still open of what the portal noted, and what its end asks of others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import select, text

from services.kit.asking import Question
from services.kit.execute import Work
from services.kit.identities import Revoked, identity_id
from services.kit.principal import PLATFORM
from services.partner_directory.events import sign_in_ended
from services.partner_directory.model import OpenSignIn
from services.partner_directory.revoking import revoke

_SHOWN = (
    OpenSignIn.sign_in_id, OpenSignIn.browser, OpenSignIn.provider, OpenSignIn.started_at, OpenSignIn.used_at,
)  # fmt: skip
_REVOKED = text("SELECT identity_id, refuses_all, revoked_at FROM revoked WHERE identity_id = ANY (:identities)")


@dataclass(frozen=True, slots=True)
class Noted:
    """One that is open."""

    sign_in_id: UUID
    browser: str
    provider: str
    started_at: datetime
    used_at: datetime


@dataclass(frozen=True, slots=True)
class EndThere(Question[None]):
    """End this sign-in at the sign-in service; one that is over there is no error."""

    session_id: str


@dataclass(frozen=True, slots=True)
class SignOutThere(Question[None]):
    """Sign this person out at the sign-in service, everywhere; one without an account is no error."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class WarnThere(Question[None]):
    """Tell the coordinators of this cell that a sign-in of somebody there was another's; once for each report."""

    cell_id: UUID
    theft_id: UUID
    person_id: UUID


class Ends(Protocol):
    """The sign-in service, where sign-ins end."""

    async def end_session(self, session_id: str) -> None:
        """End one. One that is over is no error. Raises Unavailable."""

    async def sign_out(self, person_id: UUID) -> None:
        """End every one of this person. One without an account is no error. Raises Unavailable."""


async def open_sign_ins(work: Work) -> list[Noted]:
    """Those of the caller, the last used first. What was revoked since it began is over, whoever revoked it."""
    mine = select(*_SHOWN).where(
        OpenSignIn.tenant_id == PLATFORM, OpenSignIn.person_id == work.actor_id, OpenSignIn.ends_at > work.now
    )
    newest = mine.order_by(OpenSignIn.used_at.desc(), OpenSignIn.sign_in_id)
    noted = [Noted(*row) for row in await work.session.execute(newest)]
    named = {sign_in.sign_in_id: _identities(work, sign_in) for sign_in in noted}
    asked = {"identities": [identity for identities in named.values() for identity in identities]}
    revoked = {row.identity_id: row for row in await work.session.execute(_REVOKED, asked)}

    def over(sign_in: Noted) -> bool:
        found = [revoked[identity] for identity in named[sign_in.sign_in_id] if identity in revoked]
        return any(row.refuses_all or sign_in.started_at < row.revoked_at for row in found)

    return [sign_in for sign_in in noted if not over(sign_in)]


def _identities(work: Work, sign_in: Noted) -> list[UUID]:
    came_by = [identity_id("", Revoked.PROVIDER, sign_in.provider)] if sign_in.provider else []
    return [sign_in.sign_in_id, work.actor_id, *came_by]


async def end(work: Work, sign_ins: list[Noted]) -> None:
    """Their tokens count no more; the sign-in service is told by a term. A handler's last writes."""
    for sign_in in sorted(sign_ins, key=lambda each: each.sign_in_id):
        work.at(work.now, "sign_in_end", sign_in.sign_in_id)
        await revoke(work, sign_in.sign_in_id, Revoked.SESSION, sign_in_ended)
    work.trail.count = len(sign_ins)
