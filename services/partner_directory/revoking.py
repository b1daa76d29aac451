"""Revoking: what ended sign-ins and disabled identities have in common. This service's table is the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from sqlalchemy import text

from services.kit.execute import Work
from services.kit.identities import Revocation, Revoked
from services.kit.outbox import Event
from services.partner_directory.events import next_facts
from services.partner_directory.posting import Reached


class Accounts(Protocol):
    """The sign-in service, as the door uses it."""

    async def find_or_create(self, email: str, given_name: str, family_name: str) -> UUID:
        """The person with exactly this e-mail address; a new account if there was none."""

    async def find(self, email: str) -> UUID:
        """The person with exactly this e-mail address. Raises NeverSignedIn."""

    async def ask_to_set_up(self, email: str, language: str) -> bool:
        """A letter to who has to set up how they sign in; False when nothing is to be set up. Raises LetterNotTaken."""

    async def reach(self, person_id: UUID) -> Reached | None:
        """Where this person is written to; None for who has no account, or one that is shut out. Raises Unavailable."""

    def identity(self, kind: Revoked, value: str) -> UUID:
        """The id by which every service knows what the sign-in service knows by this value (kit.identities)."""

    async def set_enabled(self, kind: Revoked, value: str, *, enabled: bool) -> None:
        """Let it sign in, or not. One that is not there is no error. Raises Unavailable."""


# The row is locked before the number is taken: who does the same at the same time waits, and then has nothing to tell.
_REVOKE = text("""
INSERT INTO revoked AS mine VALUES (:identity_id, :kind, :now, true, 0)
ON CONFLICT (identity_id) DO UPDATE SET revoked_at = excluded.revoked_at, refuses_all = true WHERE NOT mine.refuses_all
RETURNING 1""")
_ALLOW = text(
    "UPDATE revoked SET revoked_at = :now, refuses_all = false"
    " WHERE identity_id = :identity_id AND kind = :kind AND refuses_all RETURNING 1"
)
_BEFORE = text("""
INSERT INTO revoked AS mine VALUES (:identity_id, :kind, :now, false, 0)
ON CONFLICT (identity_id) DO UPDATE SET revoked_at = excluded.revoked_at WHERE NOT mine.refuses_all
RETURNING 1""")
_SHUT_OUT = text("SELECT 1 FROM revoked WHERE identity_id = :identity_id AND refuses_all")
_NUMBER = text("UPDATE revoked SET fact_version = :fact_version WHERE identity_id = :identity_id")


async def revoke(work: Work, identity_id: UUID, kind: Revoked, tell: Callable[[Revocation], Event]) -> None:
    """No token of it counts from now on. A handler's last write. A repeat tells nothing anew."""
    values = {"identity_id": identity_id, "kind": kind.value, "now": work.now}
    if (await work.session.execute(_REVOKE, values)).one_or_none():
        await _tell(work, Revocation(identity_id, kind, work.now, refuses_all=True, fact_version=0), tell)


async def allow(work: Work, identity_id: UUID, kind: Revoked, tell: Callable[[Revocation], Event]) -> None:
    """Tokens issued from now on count again, if none did. A handler's last write."""
    values = {"identity_id": identity_id, "kind": kind.value, "now": work.now}
    if (await work.session.execute(_ALLOW, values)).one_or_none():
        await _tell(work, Revocation(identity_id, kind, work.now, refuses_all=False, fact_version=0), tell)


async def revoke_before(work: Work, identity_id: UUID, kind: Revoked, tell: Callable[[Revocation], Event]) -> None:
    """Tokens issued until now count no more, those issued from now on do; what is shut out stays so. A last write."""
    values = {"identity_id": identity_id, "kind": kind.value, "now": work.now}
    if (await work.session.execute(_BEFORE, values)).one_or_none():
        await _tell(work, Revocation(identity_id, kind, work.now, refuses_all=False, fact_version=0), tell)


async def shut_out(work: Work, identity_id: UUID) -> bool:
    """Whether tokens of it are refused whenever they were issued."""
    found = await work.session.scalar(_SHUT_OUT, {"identity_id": identity_id})
    return found is not None


async def _tell(work: Work, revocation: Revocation, tell: Callable[[Revocation], Event]) -> None:
    number = await next_facts(work, 1)
    await work.session.execute(_NUMBER, {"fact_version": number, "identity_id": revocation.identity_id})
    work.publish(tell(replace(revocation, fact_version=number)))
