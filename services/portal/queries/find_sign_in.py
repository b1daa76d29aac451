"""The sign-in a cookie stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, exists, inspect, select
from sqlalchemy.dialects.postgresql import TIMESTAMP

from services.kit.execute import Work
from services.kit.statements import Statement
from services.portal.errors import SignInEnded
from services.portal.model import SHUT_OUT, Draft, Preference, SignIn, SignInSecret, SignInTokens, kept_at

_DRAFT = exists().where(
    Draft.tenant_id == SignIn.tenant_id,
    Draft.person_id == SignIn.person_id,
    kept_at(bindparam("now", type_=TIMESTAMP(timezone=True))),
)
_OF_SIGN_IN = tuple(attribute.key for attribute in inspect(SignIn).column_attrs)
_SIGN_IN = Statement(
    select(
        *(getattr(SignIn, name).label(name) for name in _OF_SIGN_IN),
        Preference.language,
        Preference.scheme,
        _DRAFT.label("drafts"),
    )
    .outerjoin(Preference, (Preference.tenant_id == SignIn.tenant_id) & (Preference.person_id == SignIn.person_id))
    .where(SignIn.tenant_id == bindparam("tenant"), SignIn.sign_in_id == bindparam("sign_in"), ~SHUT_OUT)
)


@dataclass(frozen=True, slots=True)
class FindSignIn:
    """By its secret."""

    secret: SignInSecret


@dataclass(frozen=True, slots=True)
class SignInView:
    """One that is alive. `drafts`: whether the person keeps any, so that nobody looks for them in vain; they are
    also what was left out when sharing."""

    sid: str
    person_id: UUID
    tokens: SignInTokens
    last_used_at: datetime
    sitting: bool
    ends_at: datetime
    language: str
    scheme: str
    drafts: bool


async def find_sign_in(work: Work, query: FindSignIn) -> SignInView:
    """Find a sign-in. Raises SignInEnded when there is none, or not any more. Asked for every page: one statement."""
    values = {"tenant": work.cell_id, "sign_in": query.secret.sign_in_id, "now": work.now}
    row = await work.fetch_one(_SIGN_IN, values)
    if row is None:
        raise SignInEnded
    sign_in = SignIn(**{name: row[name] for name in _OF_SIGN_IN})
    sign_in.expect_alive(work.now)
    return SignInView(
        sign_in.sid, sign_in.person_id, query.secret.open(sign_in.tokens), sign_in.last_used_at, sign_in.sitting,
        sign_in.ends_at, row.language or "", row.scheme or "", row.drafts,
    )  # fmt: skip


async def sign_in_of(work: Work, secret: SignInSecret, *, lock: bool = False) -> SignIn:
    """The row of a secret, alive; `lock` holds it until commit."""
    sign_in = await work.session.get(SignIn, (work.cell_id, secret.sign_in_id), with_for_update=lock or None)
    if sign_in is None:
        raise SignInEnded
    sign_in.expect_alive(work.now)
    return sign_in
