"""Sign-ins that ended before their tokens did, kept until the longest token has expired (security.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text

from rondetafel.kit.v1 import kit_pb2
from rondetafel.portal.v1 import portal_pb2
from services.kit.consume import Hears
from services.kit.execute import Work
from services.kit.identity import Revocations, Revoked
from services.kit.policy import DatabaseRole, Handler, Rule, Verb


@dataclass(frozen=True, slots=True)
class EndSignIn:
    """Tokens of this sign-in issued before that moment no longer count."""

    session_id: str
    revoked_before: datetime


@dataclass(frozen=True, slots=True)
class ReadRevocations:
    """All that is still worth keeping."""


_KEEP = text("INSERT INTO revocation VALUES (:session_id, :revoked_before) ON CONFLICT (session_id) DO NOTHING")
_TIDY = text("DELETE FROM revocation WHERE revoked_before < CAST(:now AS timestamptz) - interval '1 day'")
_READ = text("SELECT session_id, revoked_before FROM revocation")


async def end_sign_in(work: Work, command: EndSignIn) -> None:
    """Remember that a sign-in ended."""
    values = {"session_id": command.session_id, "revoked_before": command.revoked_before}
    await work.session.execute(_KEEP, values)
    await work.session.execute(_TIDY, {"now": work.now})


async def read_revocations(work: Work, query: ReadRevocations) -> list[tuple[str, datetime]]:
    """Session ids and the moments before which their tokens are refused."""
    return [(row.session_id, row.revoked_before) for row in await work.session.execute(_READ)]


def revocation_policy(service: str) -> dict[Handler, Rule]:
    """The policy lines of the revocation set, for every service."""
    systems, role = frozenset({f"{service}.consumer"}), DatabaseRole.HEARING
    return {
        end_sign_in: Rule(Verb.SIGN_IN, systems=systems, fields=(), database_role=role),
        read_revocations: Rule(Verb.CONSULT, systems=systems, fields=(), recorded=False, database_role=role),
    }


def session_ended(envelope: kit_pb2.Envelope) -> EndSignIn:
    """Event `session.ended` to its command."""
    message = portal_pb2.SessionEnded.FromString(envelope.payload)
    return EndSignIn(message.session_id, message.revoked_before.ToDatetime(tzinfo=UTC))


def hears_revocations(revocations: Revocations) -> dict[str, Hears]:
    """What every service hears of ended sign-ins: kept in its database and at once in memory."""

    def after(command: EndSignIn) -> None:
        revocations.add(Revoked.SESSION, command.session_id, command.revoked_before)

    return {"session.ended": Hears(end_sign_in, session_ended, after)}
