"""Where people are signed in, as the portal notes it, and reports that somebody else was (decision 76)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.partner_directory.model.base import Base


class OpenSignIn(Base):
    """A browser or a client of the API that is signed in; `ends_at` at the latest, unless it is used on.

    `sign_in_id` is what can be revoked of its tokens (kit.identities). `tenant_id` is the platform's. `provider` is the
    alias of the provider it came by, empty for who signs in here.
    """

    __tablename__ = "sign_in"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    sign_in_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    session_id: Mapped[str]
    browser: Mapped[str]
    provider: Mapped[str]
    started_at: Mapped[datetime]
    used_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Theft(Base):
    """Somebody said: that was not me. Whose it is and where they sit is forgotten once it was followed."""

    __tablename__ = "theft"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    theft_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None]
    cell_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    reported_at: Mapped[datetime]
    followed_at: Mapped[datetime | None]
