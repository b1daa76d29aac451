"""The session a cookie stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from services.kit.execute import Work
from services.portal.errors import SignInEnded
from services.portal.model import SHUT_OUT, Preference, Session, SessionSecret, SessionTokens

_SESSION = (
    select(Session, Preference)
    .outerjoin(Preference, (Preference.tenant_id == Session.tenant_id) & (Preference.person_id == Session.person_id))
    .where(Session.tenant_id == bindparam("tenant"), Session.session_id == bindparam("session"), ~SHUT_OUT)
)


@dataclass(frozen=True, slots=True)
class FindSession:
    """By its secret."""

    secret: SessionSecret


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session that is alive."""

    sign_in: str
    person_id: UUID
    tokens: SessionTokens
    last_used_at: datetime
    sitting: bool
    ends_at: datetime
    language: str
    scheme: str


async def find_session(work: Work, query: FindSession) -> SessionView:
    """Find a session. Raises SignInEnded when there is none, or not any more. Asked for every page: one statement."""
    values = {"tenant": work.cell_id, "session": query.secret.session_id}
    row = (await work.session.execute(_SESSION, values)).one_or_none()
    if row is None:
        raise SignInEnded
    session, chosen = row
    session.expect_alive(work.now)
    return SessionView(
        session.sign_in, session.person_id, query.secret.open(session.tokens), session.last_used_at, session.sitting,
        session.ends_at,
        chosen.language if chosen else "", chosen.scheme if chosen else "",
    )  # fmt: skip


async def session_of(work: Work, secret: SessionSecret, *, lock: bool = False) -> Session:
    """The row of a secret, alive; `lock` holds it until commit."""
    session = await work.session.get(Session, (work.cell_id, secret.session_id), with_for_update=lock or None)
    if session is None:
        raise SignInEnded
    session.expect_alive(work.now)
    return session
