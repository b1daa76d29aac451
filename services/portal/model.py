"""Sign-ins: what the portal keeps of each, sealed under a secret that only the browser holds."""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Boolean, ColumnElement, SmallInteger, Uuid, column, exists, func, table, type_coerce
from sqlalchemy.dialects.postgresql import INTERVAL, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.kit.model import Columns
from services.kit.vault import AssociatedData
from services.portal.errors import SignInEnded

TENANT_TABLES = frozenset({"session", "draft", "preference"})
PERSON_TABLES: frozenset[str] = frozenset()
PLATFORM_TABLES: frozenset[str] = frozenset()

IDLE = timedelta(minutes=30)
SITTING = timedelta(hours=2)
"""The same while the person sits in an open session: one listens there, and does not touch the page."""
LONGEST = timedelta(hours=10)
REFRESHING = timedelta(seconds=15)
"""How long one process may take to refresh before another may try."""
PARKED = timedelta(hours=22)
"""How long a page that was shown proves whose its form is: the longest sign-in, and twelve hours after it."""
DRAFTS_KEPT = timedelta(days=7)
LEFT_OUT_KEPT = timedelta(days=14)
"""What somebody left out when sharing; no form is filled with it, and it does not count among the drafts."""
MOST_DRAFTS = 40
LONGEST_ADDRESS = 200
"""Of the page with the form."""
LARGEST_DRAFT = 256 * 1024
MOST_DRAFT_BYTES = 1024 * 1024
"""Of one person, all drafts together."""
LANGUAGES = ("nl", "fr", "de", "en")
SCHEMES = ("light", "dark")
DEVICES = ("", "phone", "computer")
"""What a draft was kept on, as far as the browser says; empty for those kept before it was asked."""

Fields = Mapping[str, list[str]]
"""A form as it was sent: each name with its values."""

_NONCE = 12
_SECRET = re.compile("[A-Za-z0-9_-]{43}")
_REF = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class SignInTokens:
    """What the sign-in service gave; never leaves the server."""

    access_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_token: str = field(repr=False)
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)

    def to_json(self) -> str:
        """The text that is sealed."""
        return json.dumps(asdict(self) | {"access_expires_at": self.access_expires_at.isoformat()})

    @classmethod
    def from_json(cls, text: str) -> SignInTokens:
        """The reverse of `to_json`."""
        values = json.loads(text)
        return cls(**values | {"access_expires_at": datetime.fromisoformat(values["access_expires_at"])})


@dataclass(frozen=True, slots=True)
class SignInSecret:
    """The value of the session cookie. Row id, sealing key and CSRF token come from it; the row tells nothing of it."""

    value: str = field(repr=False)

    @classmethod
    def new(cls) -> SignInSecret:
        """A fresh one of 256 bits."""
        return cls(base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode())

    @classmethod
    def of_cookie(cls, value: str) -> SignInSecret:
        """The one a browser sent. Raises SignInEnded when it cannot be one of ours."""
        if not _SECRET.fullmatch(value):
            raise SignInEnded
        return cls(value)

    @property
    def sign_in_id(self) -> UUID:
        """The id of the row."""
        return UUID(bytes=self._derive("row")[:16])

    @property
    def csrf_token(self) -> str:
        """What a form or script of our own pages sends along."""
        return self._derive("csrf").hex()

    @property
    def masked_csrf_token(self) -> str:
        """The same token under a mask that is new each time: the mask, then the two combined."""
        token = self._derive("csrf")
        mask = os.urandom(len(token))
        return (mask + bytes(masking ^ plain for masking, plain in zip(mask, token, strict=True))).hex()

    def seal(self, tokens: SignInTokens) -> bytes:
        """Encrypt the tokens for this sign-in's row."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._derive("tokens")).encrypt(nonce, tokens.to_json().encode(), self.sign_in_id.bytes)

    def open(self, sealed: bytes) -> SignInTokens:
        """The reverse of `seal`."""
        plain = AESGCM(self._derive("tokens")).decrypt(sealed[:_NONCE], sealed[_NONCE:], self.sign_in_id.bytes)
        return SignInTokens.from_json(plain.decode())

    def _derive(self, purpose: str) -> bytes:
        return hmac.digest(self.value.encode(), purpose.encode(), "sha256")


class Base(Columns, DeclarativeBase):
    """The tables of this service."""


class SignIn(Base):
    """One browser signed in. `sid` is that of the sign-in service; `sitting` in an open session of a table."""

    __tablename__ = "session"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    sign_in_id: Mapped[UUID] = mapped_column("session_id", primary_key=True)
    sid: Mapped[str] = mapped_column("sign_in")
    person_id: Mapped[UUID]
    tokens: Mapped[bytes]
    started_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    sitting: Mapped[bool]
    refreshing_until: Mapped[datetime | None]

    @property
    def ends_at(self) -> datetime:
        """30 minutes after the last use, 2 hours in an open session; at the latest 10 hours after the start."""
        return min(self.last_used_at + (SITTING if self.sitting else IDLE), self.started_at + LONGEST)

    def expect_alive(self, now: datetime) -> None:
        """Raises SignInEnded when its time is over."""
        if now >= self.ends_at:
            raise SignInEnded


_REVOKED = table(
    "revoked", column("identity_id", Uuid), column("revoked_at", TIMESTAMP(timezone=True)),
    column("refuses_all", Boolean),
)  # fmt: skip
SHUT_OUT = exists().where(
    _REVOKED.c.identity_id == SignIn.person_id,
    _REVOKED.c.refuses_all | (SignIn.started_at < _REVOKED.c.revoked_at),
)
"""Whether the person was disabled since the sign-in began. Asked with each sign-in: nothing must be done first."""


class Preference(Base):
    """What a person chose for the pages: language and light or dark; empty = as the browser says."""

    __tablename__ = "preference"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    language: Mapped[str]
    scheme: Mapped[str]


@dataclass(frozen=True, slots=True)
class DraftRef:
    """A draft as it was seen: kept anew since, it is another."""

    draft_id: UUID
    version: int

    def __str__(self) -> str:
        return f"{self.draft_id}.{self.version}"

    @classmethod
    def of(cls, sent: str) -> DraftRef | None:
        """What a page of ours wrote down; None for anything else."""
        found = _REF.fullmatch(sent)
        return cls(UUID(found[1]), int(found[2])) if found else None


def draft_place(draft_id: UUID) -> AssociatedData:
    """Where the fields of a draft are sealed."""
    return AssociatedData(draft_id, "draft", "fields", draft_id)


class Draft(Base):
    """What a person typed into a form and did not send yet; `fields` (JSON) sealed under a key of its own.

    `form` is the address of the page, `opened` the key of the form as it was opened there: texts of one opening are
    one thing, of which one is sent. `version` counts how often it was kept, `days` says for how long.
    """

    __tablename__ = "draft"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[UUID] = mapped_column(primary_key=True)
    form: Mapped[str]
    opened: Mapped[UUID]
    version: Mapped[int]
    device: Mapped[str]
    fields: Mapped[bytes]
    saved_at: Mapped[datetime]
    days: Mapped[int] = mapped_column(SmallInteger)


IS_DRAFT = Draft.days == DRAFTS_KEPT.days


def kept_at(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a row is not over yet at this moment. Its days are of 24 hours, both clock changes included."""
    lasts = func.make_interval(0, 0, 0, 0, 24 * Draft.days, type_=INTERVAL())
    return type_coerce(Draft.saved_at + lasts, TIMESTAMP(timezone=True)) > now
